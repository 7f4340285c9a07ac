//! Processes of a cluster that no server of ours holds any more: a postmaster that
//! outlived a killed Latchkey, or backends that outlived a killed postmaster. Both
//! keep the cluster from being started, so they are found and ended.
//!
//! They are told from others by the cluster's name in their command line: anyone may
//! read that, while `/proc/<pid>/cwd` is refused to a container's root.

use std::fs;
use std::path::Path;
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::time::{Instant, sleep};

use super::error::EmbeddedError;

const POLL: Duration = Duration::from_millis(10);

/// How long a postmaster may take to shut down fast: a container is killed ten
/// seconds after it was told to stop, and it should not come to that.
pub(super) const FAST_LIMIT: Duration = Duration::from_secs(8);
/// How long it may take to shut down at once, and how long a killed one.
pub(super) const IMMEDIATE_LIMIT: Duration = Duration::from_secs(5);

/// One process: its number, its account and its command line.
#[derive(Debug)]
struct Process {
    pid: Pid,
    uid: u32,
    command_line: String,
}

/// Ends all processes of the cluster called `name` that `uid` runs.
pub(super) async fn end_leftovers(name: &str, uid: u32) -> Result<(), EmbeddedError> {
    let left = of_cluster(name, uid);
    if left.is_empty() {
        return Ok(());
    }
    let postmasters: Vec<&Process> = left.iter().filter(|one| is_postmaster(one)).collect();
    tracing::warn!(processes = left.len(), "processes of Postgres are left from an earlier run, ending them");
    if !postmasters.is_empty() {
        send(Signal::SIGINT, postmasters);
        if gone(name, uid, FAST_LIMIT).await {
            return Ok(());
        }
    }
    for signal in [Signal::SIGQUIT, Signal::SIGKILL] {
        send(signal, &of_cluster(name, uid));
        if gone(name, uid, IMMEDIATE_LIMIT).await {
            return Ok(());
        }
    }
    Err(EmbeddedError::NotStopped)
}

/// Removes the `postmaster.pid` of a postmaster that is gone. Postgres would take any
/// process of its account that has the number now for a postmaster: another program
/// after a restart of a container, or the dead one where nobody has waited for it.
/// To be called after [`end_leftovers`], as backends may outlive their postmaster.
pub(super) fn remove_stale_pid_file(cluster: &Path) -> Result<(), EmbeddedError> {
    let path = cluster.join("postmaster.pid");
    let Ok(text) = fs::read_to_string(&path) else {
        return Ok(());
    };
    let pid = text.lines().next().and_then(|line| line.trim().parse().ok());
    let is_alive =
        running().iter().any(|process| Some(process.pid.as_raw()) == pid && runs_a_postmaster(&process.command_line));
    if is_alive {
        // Somebody started it by hand; Postgres then says so better than we could.
        return Ok(());
    }
    fs::remove_file(&path).map_err(EmbeddedError::io("remove", &path))
}

/// Sends a signal to a process, which may have ended meanwhile.
pub(super) fn signal(pid: Pid, signal: Signal) {
    if let Err(error) = kill(pid, signal)
        && error != Errno::ESRCH
    {
        tracing::warn!(%error, %pid, "can't send {signal} to Postgres");
    }
}

fn send<'a>(to_send: Signal, processes: impl IntoIterator<Item = &'a Process>) {
    for process in processes {
        signal(process.pid, to_send);
    }
}

async fn gone(name: &str, uid: u32, limit: Duration) -> bool {
    let deadline = Instant::now() + limit;
    while !of_cluster(name, uid).is_empty() {
        if Instant::now() > deadline {
            return false;
        }
        sleep(POLL).await;
    }
    true
}

fn of_cluster(name: &str, uid: u32) -> Vec<Process> {
    running().into_iter().filter(|process| process.uid == uid && belongs_to(&process.command_line, name)).collect()
}

fn belongs_to(command_line: &str, name: &str) -> bool {
    let argument = format!("cluster_name={name}");
    let title = format!("postgres: {name}: ");
    command_line.starts_with(&title) || command_line.split(['\0', ' ']).any(|word| word == argument)
}

fn is_postmaster(process: &Process) -> bool {
    runs_a_postmaster(&process.command_line)
}

/// Whether a command line is that of a postmaster, of any cluster. Its children
/// have a title instead, which starts with `postgres: `.
fn runs_a_postmaster(command_line: &str) -> bool {
    let program = command_line.split(['\0', ' ']).next().unwrap_or_default();
    let name = program.rsplit('/').next().unwrap_or_default();
    matches!(name, "postgres" | "postmaster")
}

/// All processes that have a command line. One that has ended but was not waited for
/// has none.
#[cfg(target_os = "linux")]
fn running() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            use std::os::unix::fs::MetadataExt;
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

/// All processes, where there is no `/proc`.
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
    fn processes_of_the_cluster_are_told_from_others() {
        let postmaster = "/usr/bin/postgres\0-D\0/a b\0-c\0cluster_name=latchkey-1-2\0";
        let child = "postgres: latchkey-1-2: checkpointer ";
        assert!(belongs_to(postmaster, "latchkey-1-2"));
        assert!(belongs_to(child, "latchkey-1-2"));
        assert!(!belongs_to(postmaster, "latchkey-1"));
        assert!(!belongs_to(child, "latchkey-1"));
        assert!(!belongs_to("vi latchkey-1-2", "latchkey-1-2"));
        assert!(runs_a_postmaster(postmaster));
        assert!(!runs_a_postmaster(child));
        assert!(!runs_a_postmaster("tail\0-f\0postgres.log\0"));
    }

    #[test]
    fn both_lists_have_this_process() {
        let own = Pid::this();
        let uid = nix::unistd::geteuid().as_raw();
        for list in [running(), listed_by_ps()] {
            let found = list.iter().find(|process| process.pid == own).unwrap();
            assert_eq!(found.uid, uid);
            assert!(found.command_line.contains("latchkey"));
        }
    }
}
