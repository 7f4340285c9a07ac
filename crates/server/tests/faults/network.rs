//! A network between the nodes and their database that can be made to swallow what the nodes send, without a word to either
//! side. Only root can make one.

use std::{fs::File, net::TcpListener, process::Command, thread};

use nix::sched::{CloneFlags, setns};

const NAMESPACE: &str = "latchkey-faults";
const NODES_END: &str = "latchkey-nodes";
const DATABASE_END: &str = "latchkey-db";
/// Of a range for benchmarks of networks (RFC 2544), which nobody routes.
const NODES_ADDRESS: &str = "198.18.97.1";
const DATABASE_ADDRESS: &str = "198.18.97.2";

/// A cable to a place of its own; gone when it is dropped.
pub struct Network(());

impl Network {
    pub fn create() -> Self {
        let network = Self(());
        network.remove();
        ip(&format!("netns add {NAMESPACE}"));
        ip(&format!("link add {NODES_END} type veth peer name {DATABASE_END} netns {NAMESPACE}"));
        ip(&format!("address add {NODES_ADDRESS}/30 dev {NODES_END}"));
        ip(&format!("link set {NODES_END} up"));
        ip(&format!("-n {NAMESPACE} address add {DATABASE_ADDRESS}/30 dev {DATABASE_END}"));
        ip(&format!("-n {NAMESPACE} link set {DATABASE_END} up"));
        network
    }

    /// At the database's end.
    pub fn listen(&self) -> TcpListener {
        // A socket belongs to the namespace of the thread that made it.
        let listen = || {
            let namespace = File::open(format!("/run/netns/{NAMESPACE}")).unwrap();
            setns(namespace, CloneFlags::CLONE_NEWNET).unwrap();
            TcpListener::bind((DATABASE_ADDRESS, 0)).unwrap()
        };
        thread::spawn(listen).join().unwrap()
    }

    /// From now on what the nodes send goes to a machine that is not there.
    pub fn swallow(&self) {
        ip(&format!("neighbour replace {DATABASE_ADDRESS} lladdr 02:00:00:00:00:01 dev {NODES_END} nud permanent"));
    }

    /// What the nodes send arrives again.
    pub fn pass(&self) {
        ip(&format!("neighbour delete {DATABASE_ADDRESS} dev {NODES_END}"));
    }

    /// The timers of the nodes' connections to the database, as the system shows them.
    pub fn timers(&self) -> Vec<String> {
        let output = Command::new("ss").args(["-Htno", "dst", DATABASE_ADDRESS]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    fn remove(&self) {
        let _ = Command::new("ip").args(["netns", "delete", NAMESPACE]).output();
        let _ = Command::new("ip").args(["link", "delete", NODES_END]).output();
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        self.remove();
    }
}

fn ip(arguments: &str) {
    let output = Command::new("ip").args(arguments.split(' ')).output().expect("ip, of Debian's iproute2, runs");
    assert!(output.status.success(), "ip {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}
