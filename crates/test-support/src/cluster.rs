//! The processes of an embedded Postgres, as the operating system lists them.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::wait::wait_until;

/// The Postgres of one data directory.
#[derive(Clone)]
pub struct Cluster {
    data: PathBuf,
    /// The cluster name in the command lines of its processes.
    name: String,
}

/// A process of the operating system.
pub struct ProcessInfo {
    /// The process id.
    pub pid: Pid,
    /// The words of the command line, separated by spaces.
    pub command_line: String,
}

impl Cluster {
    /// The cluster in a data directory; `None` while there is none.
    pub fn find(data: &Path) -> Option<Self> {
        let metadata = fs::metadata(data.join("postgres")).ok()?;
        let name = format!("latchkey-{:x}-{:x}", metadata.dev(), metadata.ino());
        Some(Self { data: data.to_owned(), name })
    }

    /// The postmaster that the PID file names.
    pub fn postmaster(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.data.join("postgres/postmaster.pid")).ok()?;
        text.lines().next()?.parse().ok().map(Pid::from_raw)
    }

    /// All processes of the cluster.
    pub fn processes(&self) -> Vec<ProcessInfo> {
        processes_with(&self.name)
    }

    /// The processes that serve Latchkey's connections.
    pub fn backends(&self) -> Vec<Pid> {
        let title = format!("postgres: {}: latchkey latchkey ", self.name);
        self.processes().iter().filter(|process| process.command_line.starts_with(&title)).map(|one| one.pid).collect()
    }

    /// The processes that shut Postgres down when the server has ended.
    pub fn watchers(&self) -> Vec<Pid> {
        let Some(postmaster) = self.postmaster() else { return Vec::new() };
        processes_with(&format!("latchkey-watcher {postmaster}")).iter().map(|process| process.pid).collect()
    }

    /// Sends a signal to each process of the cluster.
    pub fn signal(&self, signal: Signal) {
        for process in self.processes() {
            // It may have ended since it was listed.
            let _ = kill(process.pid, signal);
        }
    }

    /// Waits until no process of the cluster is left.
    pub fn wait_until_gone(&self) {
        wait_until("Postgres to end", || self.processes().is_empty());
    }
}

/// The processes whose command line contains a text.
pub fn processes_with(text: &str) -> Vec<ProcessInfo> {
    let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let processes = entries.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let command_line = fs::read(entry.path().join("cmdline")).ok()?;
        let command_line = String::from_utf8_lossy(&command_line).replace('\0', " ");
        Some(ProcessInfo { pid: Pid::from_raw(pid), command_line })
    });
    processes.filter(|process| process.command_line.contains(text)).collect()
}
