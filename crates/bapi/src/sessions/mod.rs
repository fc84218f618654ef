//! Sessions: read, make, revoke; mint and verify tokens.

mod list;
mod manage;
mod tokens;
mod verify;

pub(crate) use list::get_session_list;
pub(crate) use manage::{create_session, get_session, revoke_session};
pub(crate) use tokens::{create_session_token, create_session_token_from_template};
pub(crate) use verify::verify_session;
