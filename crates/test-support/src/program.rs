//! The built program as a process: its command line, its output, its end.

use std::{
    env,
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
    cluster::Cluster,
    wait::{wait_for, wait_until},
};

/// The password of `admin` on servers that [`Server::start`] starts.
pub const ADMIN_PASSWORD: &str = "the admin's own password";

/// The path of the program that cargo built for the integration tests of `latchkey-server`.
///
/// # Panics
/// When this process was not started by `cargo test -p latchkey-server`.
pub fn executable() -> PathBuf {
    env::var_os("CARGO_BIN_EXE_latchkey").expect("`cargo test -p latchkey-server` sets CARGO_BIN_EXE_latchkey").into()
}

/// The path of the program of the last release, which `tools/build-released` builds; `None` if
/// `LATCHKEY_TEST_RELEASED_PROGRAM` does not name it.
pub fn released_executable() -> Option<PathBuf> {
    env::var_os("LATCHKEY_TEST_RELEASED_PROGRAM").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// `latchkey` with these arguments, and nothing of this process's environment but `PATH`.
pub fn latchkey<Argument: AsRef<OsStr>>(arguments: impl IntoIterator<Item = Argument>) -> Command {
    version_of_latchkey(&executable(), arguments)
}

/// Like [`latchkey`], with the program at this path.
pub fn version_of_latchkey<Argument: AsRef<OsStr>>(
    program: &Path,
    arguments: impl IntoIterator<Item = Argument>,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().stdin(Stdio::null());
    command.env("PATH", env::var_os("PATH").unwrap_or_default());
    command
}

/// `latchkey serve` with an embedded Postgres in a data directory, on a free port.
pub fn serve(data: &Path) -> Command {
    let mut command = latchkey(["serve"]);
    command.env("LATCHKEY_LISTEN", "127.0.0.1:0").env("LATCHKEY_DATA_DIR", data);
    command
}

/// The files in a data directory that hold secrets.
pub fn secret_files(data: &Path) -> [PathBuf; 2] {
    [data.join("token-secret"), data.join("peppers")]
}

/// Everything that a process printed until it exited.
#[derive(Debug)]
pub struct ProcessOutput {
    /// The exit code; `None` when a signal ended the process.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl ProcessOutput {
    /// The standard output; panics unless the exit code is 0.
    pub fn success(self) -> String {
        assert_eq!(self.code, Some(0), "{self:?}");
        self.stdout
    }

    /// The one line on standard error, without the name of the program before it; panics unless the exit code is 1 and
    /// nothing else was printed.
    pub fn error(self) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (Some(1), ""), "{self:?}");
        let line = self.stderr.strip_prefix("latchkey: ").and_then(|line| line.strip_suffix('\n'));
        line.filter(|line| !line.contains('\n')).unwrap_or_else(|| panic!("not one line: {self:?}")).to_owned()
    }
}

/// Runs a command until it exits, with a text on its standard input.
pub fn run(command: &mut Command, input: &str) -> ProcessOutput {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
    // A command that reads no input may have exited already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    ProcessOutput {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A running server. When it is dropped it is stopped, and so is what is left of its embedded Postgres.
pub struct Server {
    /// Where it accepts connections.
    pub address: SocketAddr,
    process: Process,
    cluster: Option<Cluster>,
}

impl Server {
    /// Starts a server on a data directory; a new one gets the user `admin` with [`ADMIN_PASSWORD`].
    pub fn start(data: &Path) -> Self {
        Self::spawn(serve(data).env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD), Some(data))
    }

    /// Starts a server by a command, and waits until it accepts connections. `data` is its data directory, if it has
    /// one.
    pub fn spawn(command: &mut Command, data: Option<&Path>) -> Self {
        let mut process = Process::spawn(command);
        let address = wait_for("the server to accept connections", || {
            let address = process.stdout.lines().iter().find_map(|line| serving_address(line));
            let is_running = address.is_some() || process.child.try_wait().unwrap().is_none();
            assert!(is_running, "the server exited:\n{}\n{}", process.stdout.text(), process.stderr.text());
            address
        });
        Self { address, process, cluster: data.and_then(Cluster::find) }
    }

    /// A client without a credential.
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// A client with a bearer token of `admin`.
    pub fn admin(&self) -> Client {
        self.client().logged_in("admin", ADMIN_PASSWORD)
    }

    /// Its embedded Postgres; panics when it has none.
    pub fn cluster(&self) -> &Cluster {
        self.cluster.as_ref().expect("the server has an embedded Postgres")
    }

    /// The process id.
    pub fn pid(&self) -> Pid {
        self.process.pid()
    }

    /// The lines on standard output so far.
    pub fn stdout(&self) -> Vec<String> {
        self.process.stdout.lines()
    }

    /// The lines on standard error so far.
    pub fn stderr(&self) -> Vec<String> {
        self.process.stderr.lines()
    }

    /// Calls a function while nobody reads the standard output.
    pub fn while_stdout_is_not_read<T>(&self, act: impl FnOnce() -> T) -> T {
        // The reader waits for this lock as soon as it has read a line.
        let _lines = self.process.stdout.lines.lock().unwrap();
        act()
    }

    /// Sends a signal to the process, but not to its Postgres.
    pub fn signal(&self, signal: Signal) {
        kill(self.pid(), signal).unwrap();
    }

    /// Waits until the process exits.
    pub fn wait(mut self) -> ProcessOutput {
        self.process.wait()
    }

    /// Sends SIGTERM, and waits until the process exits.
    pub fn stop(self) -> ProcessOutput {
        self.signal(Signal::SIGTERM);
        self.wait()
    }

    /// Sends SIGKILL to the process, and leaves its Postgres alone.
    pub fn kill(mut self) {
        self.cluster = None;
        self.process.kill();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.terminate();
        if let Some(cluster) = &self.cluster {
            cluster.signal(Signal::SIGCONT);
            cluster.wait_until_gone();
        }
    }
}

/// A process whose output is collected while it runs. It is terminated when this is dropped.
pub struct Process {
    child: Child,
    stdout: OutputLines,
    stderr: OutputLines,
}

impl Process {
    /// Starts a process by a command.
    pub fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program runs");
        let stdout = OutputLines::collect(child.stdout.take().unwrap());
        let stderr = OutputLines::collect(child.stderr.take().unwrap());
        Self { child, stdout, stderr }
    }

    /// The process id.
    pub fn pid(&self) -> Pid {
        Pid::from_raw(self.child.id().try_into().unwrap())
    }

    /// What the process printed, if it has exited.
    pub fn exited(&mut self) -> Option<ProcessOutput> {
        let status = self.child.try_wait().unwrap()?;
        Some(self.output(status))
    }

    /// Waits until the process exits.
    pub fn wait(&mut self) -> ProcessOutput {
        let status = wait_for("the process to exit", || self.child.try_wait().unwrap());
        self.output(status)
    }

    /// Sends SIGKILL, and waits until the process exits.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn output(&mut self, status: ExitStatus) -> ProcessOutput {
        self.stdout.join();
        self.stderr.join();
        ProcessOutput { code: status.code(), stdout: self.stdout.text(), stderr: self.stderr.text() }
    }

    /// Ends the process, unless it has exited: gracefully, or by SIGKILL when the test has failed.
    fn terminate(&mut self) {
        if self.child.try_wait().unwrap().is_some() {
            return;
        }
        let _ = kill(self.pid(), if thread::panicking() { Signal::SIGKILL } else { Signal::SIGTERM });
        wait_until("the process to exit", || self.child.try_wait().unwrap().is_some());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.terminate();
    }
}

/// The lines of a stream so far.
struct OutputLines {
    lines: Arc<Mutex<Vec<String>>>,
    reader: Option<JoinHandle<()>>,
}

impl OutputLines {
    fn collect(stream: impl Read + Send + 'static) -> Self {
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

/// The address in the log line that says that the server accepts connections.
fn serving_address(line: &str) -> Option<SocketAddr> {
    let event: serde_json::Value = serde_json::from_str(line).ok()?;
    (event["message"] == "serving").then(|| event["address"].as_str().unwrap().parse().unwrap())
}
