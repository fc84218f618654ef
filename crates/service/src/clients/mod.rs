//! The client of a request: its state as answers carry it, and its end.

mod admin;
mod end;
mod state;

pub use state::{ClientState, CookieChange, LiveSession, Outcome, SignInState, SignUpState};
