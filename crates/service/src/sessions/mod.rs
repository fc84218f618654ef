//! Sessions: how they begin, what their user does with them, how they end.

mod active;
mod admin;
mod begin;
mod end;
mod tasks;
mod touch;

pub(crate) use begin::{Impersonation, Proved};
pub(crate) use tasks::LockedSessions;
pub use touch::Touch;
