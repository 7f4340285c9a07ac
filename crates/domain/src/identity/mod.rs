//! Users and their credentials: how a request is authenticated ([`authenticate`]), how users log in ([`issue_token`]), and the
//! users themselves ([`users`]).

pub mod authenticate;
pub mod current_user;
pub mod issue_token;
pub mod password;
pub mod token_signer;
pub mod users;
