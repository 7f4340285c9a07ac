//! The program that owns a cluster: each may end first, in any way, and nothing is left behind.

use std::{
    fs::{self, Permissions},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::Command,
};

use latchkey_test_support::{
    program::{ADMIN_PASSWORD, Process, Server, executable, run, serve},
    tempdir::TempDir,
    wait::wait_until,
};
use nix::{
    sys::signal::{Signal, kill, killpg},
    unistd::{geteuid, getpgid},
};

use latchkey_server::embedded::EmbeddedPostgres;

use super::{read_note, start_long_query, write_note};

/// The uid and gid of `nobody`.
const NOBODY: u32 = 65534;

#[test]
fn a_killed_server_leaves_no_postgres_behind() {
    let directory = TempDir::new();
    let server = Server::start(&directory.data());
    let cluster = server.cluster().clone();
    server.kill();
    cluster.wait_until_gone();
    assert_eq!(cluster.postmaster(), None);
}

#[test]
fn an_orphaned_postgres_is_replaced_by_the_next_start() {
    let directory = TempDir::new();
    let server = Server::start(&directory.data());
    let token = server.client().token("admin", ADMIN_PASSWORD);
    let cluster = server.cluster().clone();
    let orphan = cluster.postmaster();
    for watcher in cluster.watchers() {
        kill(watcher, Signal::SIGKILL).unwrap();
    }
    server.kill();
    assert!(cluster.processes().iter().any(|process| Some(process.pid) == orphan), "Postgres ended with its server");

    let server = Server::start(&directory.data());
    assert_ne!(cluster.postmaster(), orphan);
    assert_eq!(server.client().with_token(&token).whoami().as_deref(), Ok("admin"));
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_orphaned_backend_is_ended_by_the_next_start() {
    let directory = TempDir::new();
    let data = directory.data();
    let server = Server::spawn(&mut serve(&data), Some(&data));
    let cluster = server.cluster().clone();
    let url = EmbeddedPostgres::running_database_url(&data).unwrap();
    write_note(&url).await;
    start_long_query(&url, &cluster).await;
    kill(cluster.postmaster().unwrap(), Signal::SIGKILL).unwrap();
    server.kill();
    assert!(!cluster.processes().is_empty(), "no orphaned backend is left");

    let server = Server::spawn(&mut serve(&data), Some(&data));
    assert_eq!(read_note(&url).await, "kept");
    server.stop();
}

#[test]
fn an_interrupted_initdb_is_repeated() {
    let directory = TempDir::new();
    let data = directory.data();
    let mut process = Process::spawn(&mut serve(&data));
    wait_until("initdb to run", || {
        let entries = fs::read_dir(&data).into_iter().flatten().filter_map(Result::ok);
        entries
            .filter(|entry| entry.file_name().to_string_lossy().starts_with("postgres.new-"))
            .any(|entry| entry.path().join("PG_VERSION").exists())
    });
    process.kill();
    assert!(!data.join("postgres").exists());
    // At once, while the orphaned initdb may still run.
    let server = Server::start(&data);
    assert_eq!(server.admin().whoami().as_deref(), Ok("admin"));
    server.stop();
}

#[test]
fn a_relative_data_directory_works() {
    let directory = TempDir::new();
    let mut command = serve(Path::new("data"));
    command.current_dir(directory.path()).env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD);
    let server = Server::spawn(&mut command, Some(&directory.data()));
    assert_eq!(server.admin().whoami().as_deref(), Ok("admin"));
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn control_c_in_a_terminal_signals_the_server_only() {
    let directory = TempDir::new();
    let mut command = serve(&directory.data());
    command.env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD).process_group(0);
    let server = Server::spawn(&mut command, Some(&directory.data()));
    let group = getpgid(Some(server.pid())).unwrap();
    for process in server.cluster().processes() {
        assert_ne!(getpgid(Some(process.pid)).unwrap(), group, "{}", process.command_line);
    }
    killpg(group, Signal::SIGINT).unwrap();
    assert_eq!(server.wait().code, Some(0));
}

/// A copy of the program, run as `nobody`, who may not be able to enter the build directory.
fn serve_as_nobody(directory: &TempDir, data: &Path) -> Command {
    let copy = directory.path().join("latchkey");
    if !copy.exists() {
        fs::copy(executable(), &copy).unwrap();
    }
    let mut command = Command::new(copy);
    command.arg("serve").env_clear().env("PATH", std::env::var_os("PATH").unwrap()).uid(NOBODY).gid(NOBODY);
    command.env("LATCHKEY_DATA_DIR", data).env("LATCHKEY_LISTEN", "127.0.0.1:0");
    command.env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD);
    command
}

#[test]
fn an_ordinary_user_can_run_it_and_root_can_take_over() {
    if !geteuid().is_root() {
        println!("skipped: only root can change the account");
        return;
    }
    let directory = TempDir::new();
    let home = directory.path().join("home");
    fs::create_dir(&home).unwrap();
    std::os::unix::fs::chown(&home, Some(NOBODY), Some(NOBODY)).unwrap();
    let data = home.join("data");
    let server = Server::spawn(&mut serve_as_nobody(&directory, &data), Some(&data));
    let token = server.client().token("admin", ADMIN_PASSWORD);
    assert_eq!(fs::metadata(&data).unwrap().permissions().mode() & 0o777, 0o700);
    server.stop();

    // Root runs Postgres under another account, which must be able to enter the directory.
    let output = run(&mut serve(&data), "");
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.stderr.contains("can't enter the directory"), "{output:?}");
    fs::set_permissions(&data, Permissions::from_mode(0o711)).unwrap();
    let server = Server::start(&data);
    assert_eq!(server.client().with_token(&token).whoami().as_deref(), Ok("admin"));
    server.stop();
}

#[test]
fn postgres_can_enter_a_data_directory_created_with_a_strict_umask() {
    let directory = TempDir::new();
    let data = directory.path().join("new/data");
    let mut command = Command::new("sh");
    command.args(["-c", "umask 077; exec \"$0\" serve"]).arg(executable());
    command.env("LATCHKEY_DATA_DIR", &data).env("LATCHKEY_LISTEN", "127.0.0.1:0");
    let server = Server::spawn(command.env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD), Some(&data));
    assert_eq!(server.admin().whoami().as_deref(), Ok("admin"));
    server.stop();
}
