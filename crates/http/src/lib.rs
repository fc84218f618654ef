//! What all doors share: which instance a request means, who may write, CORS, API versions, forms, cookies, and the one place
//! where errors become JSON.
//!
//! A door crate builds a table of routes over [`AppState`] and wraps it with [`frontend`], [`backend`] or [`portal`]. The
//! wrapper runs before routing (it changes method and path), hands each handler a [`Call`], and finishes every answer: a
//! handler returns `Result<impl IntoResponse, Failure>` and never writes an error body itself.

mod access;
mod body;
mod call;
mod cookies;
mod cors;
mod door;
mod doors;
mod failure;
mod form;
mod instance;
mod method_override;
mod origin;
mod peer;
mod query;
mod respond;
mod secret_key;
mod state;
mod trace;
mod version;

pub use access::{Access, InvalidNetwork, Network};
pub use body::read_body;
pub use call::{Call, Segments};
pub use cookies::{set_client_cookies, set_client_token};
pub use door::{backend, frontend, portal};
pub use doors::{Doors, Listener};
pub use failure::{Failure, Reply};
pub use form::{FORM_LIMIT, Form};
pub use respond::{json, redirect, see_other};
pub use state::AppState;
