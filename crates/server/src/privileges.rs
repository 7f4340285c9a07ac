//! The privileges of this process on its machine: as few as possible, for the case that somebody takes it over.

#[cfg(target_os = "linux")]
use std::ffi::CString;

use nix::{
    errno::Errno,
    unistd::{User, geteuid},
};

/// The account that root switches to.
const DEFAULT_ACCOUNT: &str = "nobody";

/// An account that the server cannot run as.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The process is not root.
    #[error("only root can run the server as another account: unset LATCHKEY_RUN_AS")]
    NotRoot,
    /// There is no such account.
    #[error(
        "there is no account `{0}` to run the server as: set LATCHKEY_RUN_AS to an unprivileged account, or to root"
    )]
    Unknown(String),
    /// The system refuses.
    #[error("cannot run the server as the account `{0}`: {1}; set LATCHKEY_RUN_AS to another one, or to root")]
    Refused(String, Errno),
}

/// No program that this process starts gains privileges by being set-user-ID, and processes of its account can neither trace it nor
/// read its memory and environment, which hold secrets. Must be called before there are other threads, which inherit it.
pub fn restrict() {
    #[cfg(target_os = "linux")]
    {
        use nix::sys::prctl;
        // Neither fails on a Linux of this decade, and an older one has nothing else to offer.
        let _ = prctl::set_no_new_privs();
        let _ = prctl::set_dumpable(false);
    }
}

/// Switches from root to an unprivileged account, for all threads and for good. Does nothing for others, or if the account is root.
pub fn switch_account(name: Option<&str>) -> Result<(), AccountError> {
    if !geteuid().is_root() {
        return if name.is_some() { Err(AccountError::NotRoot) } else { Ok(()) };
    }
    let name = name.unwrap_or(DEFAULT_ACCOUNT);
    let account = User::from_name(name).ok().flatten().ok_or_else(|| AccountError::Unknown(name.to_owned()))?;
    if account.uid.is_root() {
        tracing::warn!("the server runs as root");
        return Ok(());
    }
    switch_to(&account).map_err(|error| AccountError::Refused(name.to_owned(), error))
}

/// Groups first, because only root may set them. The C library makes all threads switch.
#[cfg(target_os = "linux")]
fn switch_to(account: &User) -> nix::Result<()> {
    use nix::unistd::{initgroups, setresgid, setresuid};
    let (uid, gid) = (account.uid, account.gid);
    initgroups(&CString::new(account.name.as_str()).map_err(|_| Errno::EINVAL)?, gid)?;
    setresgid(gid, gid, gid)?;
    setresuid(uid, uid, uid)?;
    // The kernel has reset what depends on the account.
    restrict();
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn switch_to(account: &User) -> nix::Result<()> {
    nix::unistd::setgid(account.gid)?;
    nix::unistd::setuid(account.uid)
}
