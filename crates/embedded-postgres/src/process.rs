//! Orphaned processes of a cluster: a postmaster that outlived the killed program, or backends that outlived a killed
//! postmaster. Both prevent the start of the cluster, so they are terminated.
//!
//! They are identified by the cluster's name in their command line, which every account may read. `/proc/<pid>/cwd`, in
//! contrast, is not readable for the root of a container.

#[cfg(target_os = "linux")]
use std::os::unix::fs::MetadataExt;
use std::{fs, path::Path, time::Duration};

use nix::{
    errno::Errno,
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::time::{Instant, sleep};

use crate::EmbeddedError;

/// The interval at which the list of processes is read.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// The time limit of a fast shutdown. It is shorter than the ten seconds after which a container is usually killed.
pub(crate) const FAST_SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(8);
/// The time limit of an immediate shutdown, and of the end of a killed process.
pub(crate) const IMMEDIATE_SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// A running process.
#[derive(Debug)]
struct Process {
    pid: Pid,
    uid: u32,
    command_line: String,
}

/// Terminates all processes of the cluster `name` that belong to the account `uid`.
///
/// # Errors
/// Returns [`EmbeddedError::NotStopped`] when a killed process still runs.
pub(crate) async fn terminate_orphans(name: &str, uid: u32) -> Result<(), EmbeddedError> {
    let orphans = cluster_processes(name, uid);
    if orphans.is_empty() {
        return Ok(());
    }
    let postmasters: Vec<&Process> = orphans.iter().filter(|process| is_postmaster(&process.command_line)).collect();
    tracing::warn!(processes = orphans.len(), "terminating orphaned processes of Postgres");
    if !postmasters.is_empty() {
        send(Signal::SIGINT, postmasters);
        if wait_until_gone(name, uid, FAST_SHUTDOWN_TIMEOUT).await {
            return Ok(());
        }
    }
    for signal in [Signal::SIGQUIT, Signal::SIGKILL] {
        send(signal, &cluster_processes(name, uid));
        if wait_until_gone(name, uid, IMMEDIATE_SHUTDOWN_TIMEOUT).await {
            return Ok(());
        }
    }
    Err(EmbeddedError::NotStopped)
}

/// Removes the `postmaster.pid` of a postmaster that no longer runs. Postgres would take any process of its account
/// with the same id for a postmaster: another program after a restart of a container, or a zombie process. Call this
/// after [`terminate_orphans`], as backends may outlive their postmaster.
pub(crate) fn remove_stale_pid_file(cluster: &Path) -> Result<(), EmbeddedError> {
    let path = cluster.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&path) else {
        return Ok(());
    };
    let pid = text.lines().next().and_then(|line| line.trim().parse().ok());
    let is_alive =
        running().iter().any(|process| Some(process.pid.as_raw()) == pid && is_postmaster(&process.command_line));
    if is_alive {
        // It was started manually. Postgres reports this better than this crate could.
        return Ok(());
    }
    fs::remove_file(&path).map_err(EmbeddedError::io("remove", &path))
}

/// Sends a signal to a process, which may have exited meanwhile.
pub(crate) fn signal(pid: Pid, signal: Signal) {
    if let Err(error) = kill(pid, signal)
        && error != Errno::ESRCH
    {
        tracing::warn!(%error, %pid, %signal, "failed to send a signal to Postgres");
    }
}

/// Sends a signal to processes.
fn send<'a>(to_send: Signal, processes: impl IntoIterator<Item = &'a Process>) {
    for process in processes {
        signal(process.pid, to_send);
    }
}

/// Waits until no process of the cluster runs; returns whether this happened within the time limit.
async fn wait_until_gone(name: &str, uid: u32, limit: Duration) -> bool {
    let deadline = Instant::now() + limit;
    while !cluster_processes(name, uid).is_empty() {
        if Instant::now() > deadline {
            return false;
        }
        sleep(POLL_INTERVAL).await;
    }
    true
}

/// The processes of the cluster `name` that belong to the account `uid`.
fn cluster_processes(name: &str, uid: u32) -> Vec<Process> {
    running().into_iter().filter(|process| process.uid == uid && belongs_to(&process.command_line, name)).collect()
}

/// Whether a command line is that of a process of the cluster `name`.
fn belongs_to(command_line: &str, name: &str) -> bool {
    let argument = format!("cluster_name={name}");
    let title = format!("postgres: {name}: ");
    command_line.starts_with(&title) || command_line.split(['\0', ' ']).any(|word| word == argument)
}

/// Whether a command line is that of a postmaster of any cluster. Its children have a title instead, which starts with
/// `postgres: `.
fn is_postmaster(command_line: &str) -> bool {
    let program = command_line.split(['\0', ' ']).next().unwrap_or_default();
    let name = program.rsplit('/').next().unwrap_or_default();
    matches!(name, "postgres" | "postmaster")
}

/// All processes that have a command line. Zombie processes have none.
#[cfg(target_os = "linux")]
fn running() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            let command_line = fs::read(entry.path().join("cmdline")).ok()?;
            if command_line.is_empty() {
                return None;
            }
            Some(Process {
                pid: Pid::from_raw(pid),
                uid: entry.metadata().ok()?.uid(),
                command_line: String::from_utf8_lossy(&command_line).into_owned(),
            })
        })
        .collect()
}

/// All processes, on systems without `/proc`.
#[cfg(not(target_os = "linux"))]
fn running() -> Vec<Process> {
    listed_by_ps()
}

#[cfg(any(test, not(target_os = "linux")))]
fn listed_by_ps() -> Vec<Process> {
    let Ok(output) = std::process::Command::new("ps").args(["-A", "-ww", "-o", "pid=,uid=,args="]).output() else {
        return Vec::new();
    };
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| {
            let (pid, rest) = line.trim_start().split_once(' ')?;
            let (uid, command_line) = rest.trim_start().split_once(' ')?;
            Some(Process {
                pid: Pid::from_raw(pid.parse().ok()?),
                uid: uid.parse().ok()?,
                command_line: command_line.trim_start().to_owned(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processes_of_the_cluster_are_identified() {
        let postmaster = "/usr/bin/postgres\0-D\0/a b\0-c\0cluster_name=latchkey-1-2\0";
        let child = "postgres: latchkey-1-2: checkpointer ";
        assert!(belongs_to(postmaster, "latchkey-1-2"));
        assert!(belongs_to(child, "latchkey-1-2"));
        assert!(!belongs_to(postmaster, "latchkey-1"));
        assert!(!belongs_to(child, "latchkey-1"));
        assert!(!belongs_to("vi latchkey-1-2", "latchkey-1-2"));
        assert!(is_postmaster(postmaster));
        assert!(!is_postmaster(child));
        assert!(!is_postmaster("tail\0-f\0postgres.log\0"));
    }

    #[test]
    fn both_lists_contain_this_process() {
        let own = Pid::this();
        let uid = nix::unistd::geteuid().as_raw();
        for list in [running(), listed_by_ps()] {
            let found = list.iter().find(|process| process.pid == own).unwrap();
            assert_eq!(found.uid, uid);
            assert!(found.command_line.contains("latchkey"));
        }
    }
}
