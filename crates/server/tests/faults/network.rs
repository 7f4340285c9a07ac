//! A network between the nodes and their database that can be made to drop the nodes' packets silently. Creating one
//! needs root.

use std::{fs::File, net::TcpListener, process::Command, thread};

use nix::sched::{CloneFlags, setns};

const NAMESPACE: &str = "latchkey-faults";
const NODES_END: &str = "latchkey-nodes";
const DATABASE_END: &str = "latchkey-db";
/// In the range for network benchmarks (RFC 2544), which is not routed.
const NODES_ADDRESS: &str = "198.18.97.1";
const DATABASE_ADDRESS: &str = "198.18.97.2";

/// A pair of virtual interfaces, one of them in a network namespace of its own. It is removed when this is dropped.
pub struct Network(());

#[expect(clippy::unused_self, reason = "there is something to act on only while a network exists")]
impl Network {
    /// Creates the network, after removing what an earlier test process left behind.
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

    /// A listener at the database's end.
    pub fn listen(&self) -> TcpListener {
        // A socket belongs to the namespace of the thread that creates it.
        let listen = || {
            let namespace = File::open(format!("/run/netns/{NAMESPACE}")).unwrap();
            setns(namespace, CloneFlags::CLONE_NEWNET).unwrap();
            TcpListener::bind((DATABASE_ADDRESS, 0)).unwrap()
        };
        thread::spawn(listen).join().unwrap()
    }

    /// Sends the nodes' packets to a link-layer address that does not exist, so that they are lost.
    pub fn drop_packets(&self) {
        ip(&format!("neighbour replace {DATABASE_ADDRESS} lladdr 02:00:00:00:00:01 dev {NODES_END} nud permanent"));
    }

    /// Delivers packets again.
    pub fn deliver_packets(&self) {
        ip(&format!("neighbour delete {DATABASE_ADDRESS} dev {NODES_END}"));
    }

    /// The timers of the nodes' connections to the database, as `ss` shows them.
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
    let output = Command::new("ip").args(arguments.split(' ')).output().expect("`ip` of iproute2 is installed");
    assert!(output.status.success(), "ip {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}
