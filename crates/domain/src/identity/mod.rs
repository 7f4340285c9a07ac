//! Users and their credentials: how a request is authenticated ([`authenticate`]), how users log in ([`issue_token`]), how a key's
//! holder revokes it ([`revoke_token`]), and the users themselves ([`users`]).

pub mod authenticate;
pub mod change_password;
pub mod current_user;
pub mod issue_owner_token;
pub mod issue_token;
pub mod login_blocks;
pub mod login_events;
pub mod login_limits;
pub mod login_queue;
pub mod management_limits;
pub mod owner_token;
pub mod password;
pub mod revoke_token;
pub mod token_signer;
pub mod users;
