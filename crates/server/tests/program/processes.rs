//! The processes of an embedded Postgres, as the system lists them.

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
    /// By which its processes are known.
    name: String,
}

/// A process and its command line, the words of which are separated by spaces here.
pub struct Process {
    pub pid: Pid,
    pub command_line: String,
}

impl Cluster {
    /// `None` while there is no cluster in the data directory.
    pub fn of(data: &Path) -> Option<Self> {
        let metadata = fs::metadata(data.join("postgres")).ok()?;
        let name = format!("latchkey-{:x}-{:x}", metadata.dev(), metadata.ino());
        Some(Self { data: data.to_owned(), name })
    }

    pub fn postmaster(&self) -> Option<Pid> {
        let text = fs::read_to_string(self.data.join("postgres/postmaster.pid")).ok()?;
        text.lines().next()?.parse().ok().map(Pid::from_raw)
    }

    pub fn processes(&self) -> Vec<Process> {
        processes_with(&self.name)
    }

    /// Processes that serve a connection of Latchkey's.
    pub fn backends(&self) -> Vec<Pid> {
        let title = format!("postgres: {}: latchkey latchkey ", self.name);
        self.processes().iter().filter(|process| process.command_line.starts_with(&title)).map(|one| one.pid).collect()
    }

    /// The process that shuts Postgres down when the server is gone.
    pub fn watchers(&self) -> Vec<Pid> {
        let Some(postmaster) = self.postmaster() else { return Vec::new() };
        processes_with(&format!("latchkey-watcher {postmaster}")).iter().map(|process| process.pid).collect()
    }

    /// Sends a signal to each process of the cluster.
    pub fn signal(&self, signal: Signal) {
        for process in self.processes() {
            // It may have ended meanwhile.
            let _ = kill(process.pid, signal);
        }
    }

    pub fn wait_until_gone(&self) {
        wait_until("the end of Postgres", || self.processes().is_empty());
    }
}

/// Processes whose command line holds a text.
pub fn processes_with(text: &str) -> Vec<Process> {
    let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let processes = entries.filter_map(|entry| {
        let pid = entry.file_name().to_str()?.parse().ok()?;
        let command_line = fs::read(entry.path().join("cmdline")).ok()?;
        let command_line = String::from_utf8_lossy(&command_line).replace('\0', " ");
        Some(Process { pid: Pid::from_raw(pid), command_line })
    });
    processes.filter(|process| process.command_line.contains(text)).collect()
}
