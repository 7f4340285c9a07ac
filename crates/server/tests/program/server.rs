//! The program as a process: started, listened to, and ended.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
    thread::{self, JoinHandle},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::{
    client::Client,
    processes::Cluster,
    wait::{wait_for, wait_until},
};

/// The password of `admin` on servers that are started by [`Server::start`].
pub const ADMIN_PASSWORD: &str = "the admin's own password";

/// `latchkey`, with nothing of this process's environment but where programs are.
pub fn latchkey<Argument: AsRef<OsStr>>(arguments: impl IntoIterator<Item = Argument>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// `latchkey serve` with a Postgres of its own, on a port that the system chooses.
pub fn serve(data: &Path) -> Command {
    let mut command = latchkey(["serve"]);
    command.env("LATCHKEY_LISTEN", "127.0.0.1:0").env("LATCHKEY_DATA_DIR", data);
    command
}

/// What a command did that ended by itself.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a command to its end, with this on its standard input.
pub fn run(command: &mut Command, input: &str) -> Ended {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    // A command that has no use for input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A running server. When it is dropped it is stopped, and whatever of its Postgres is left with it.
pub struct Server {
    pub address: SocketAddr,
    process: Process,
    cluster: Option<Cluster>,
}

impl Server {
    /// A server on a data directory, with [`ADMIN_PASSWORD`] for a new one.
    pub fn start(data: &Path) -> Self {
        Self::start_by(serve(data).env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD), Some(data))
    }

    /// The server that a command starts, once it serves; on a data directory, if it has one.
    pub fn start_by(command: &mut Command, data: Option<&Path>) -> Self {
        let mut process = Process::spawn(command);
        let address = wait_for("the server to serve", || {
            let address = process.stdout.lines().iter().find_map(|line| serving_at(line));
            if address.is_none() && process.child.try_wait().unwrap().is_some() {
                panic!("the server ended:\n{}\n{}", process.stdout.text(), process.stderr.text());
            }
            address
        });
        Self { address, process, cluster: data.and_then(Cluster::of) }
    }

    /// Without a credential.
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// With a bearer token of `admin`.
    pub fn admin(&self) -> Client {
        self.client().logged_in("admin", ADMIN_PASSWORD)
    }

    pub fn cluster(&self) -> &Cluster {
        self.cluster.as_ref().expect("the server has a Postgres of its own")
    }

    pub fn pid(&self) -> Pid {
        self.process.pid()
    }

    #[allow(dead_code, reason = "for the tests of faults")]
    pub fn stdout(&self) -> Vec<String> {
        self.process.stdout.lines()
    }

    pub fn stderr(&self) -> Vec<String> {
        self.process.stderr.lines()
    }

    pub fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).unwrap();
    }

    /// Waits for the end that a signal brings.
    pub fn wait(mut self) -> Ended {
        self.process.wait()
    }

    /// SIGTERM, and the end.
    pub fn stop(self) -> Ended {
        self.signal(Signal::SIGTERM);
        self.wait()
    }

    /// `kill -9`. What becomes of its Postgres is for the test to see.
    pub fn kill(mut self) {
        self.cluster = None;
        self.process.kill();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.end();
        if let Some(cluster) = &self.cluster {
            cluster.signal(Signal::SIGCONT);
            cluster.wait_until_gone();
        }
    }
}

/// A process whose output is read as it comes.
pub struct Process {
    child: Child,
    stdout: Output,
    stderr: Output,
}

impl Process {
    pub fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let stdout = Output::read(child.stdout.take().unwrap());
        let stderr = Output::read(child.stderr.take().unwrap());
        Self { child, stdout, stderr }
    }

    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().try_into().unwrap())
    }

    /// What it printed, on both streams, when it has ended although nobody ended it.
    pub fn ended_by_itself(&mut self) -> Option<String> {
        let status = self.child.try_wait().unwrap()?;
        let Ended { stdout, stderr, .. } = self.ended(status);
        Some(format!("{stdout}\n{stderr}"))
    }

    /// Waits for the end that a signal brings.
    pub fn wait(&mut self) -> Ended {
        let status = wait_for("the end of the server", || self.child.try_wait().unwrap());
        self.ended(status)
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn ended(&mut self, status: ExitStatus) -> Ended {
        self.stdout.join();
        self.stderr.join();
        Ended { code: status.code(), stdout: self.stdout.text(), stderr: self.stderr.text() }
    }

    /// Ends a process that may be in any state.
    fn end(&mut self) {
        if self.child.try_wait().unwrap().is_some() {
            return;
        }
        let _ = kill(self.pid(), if thread::panicking() { Signal::SIGKILL } else { Signal::SIGTERM });
        wait_until("the end of the server", || self.child.try_wait().unwrap().is_some());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// The lines of a stream so far.
struct Output {
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
}

impl Output {
    fn read(stream: impl Read + Send + 'static) -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let reader = thread::spawn({
            let lines = Arc::clone(&lines);
            move || {
                for line in BufReader::new(stream).lines() {
                    lines.lock().unwrap().push(line.unwrap());
                }
            }
        });
        Self { lines, reader: Some(reader) }
    }

    fn lines(&self) -> Vec<String> {
        self.lines.lock().unwrap().clone()
    }

    fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// Waits for the end of the stream.
    fn join(&mut self) {
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
    }
}

fn serving_at(line: &str) -> Option<SocketAddr> {
    let event: serde_json::Value = serde_json::from_str(line).ok()?;
    (event["message"] == "serving").then(|| event["address"].as_str().unwrap().parse().unwrap())
}

/// Where the secrets of a data directory are kept.
pub fn secret_files(data: &Path) -> [PathBuf; 2] {
    [data.join("token-secret"), data.join("peppers")]
}
