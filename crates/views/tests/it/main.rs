//! The shape of every resource, as snapshots, and the laws that snapshots do not say.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod clients;
mod environments;
mod fixtures;
mod others;
mod sessions;
mod sign_ins;
mod sign_ups;
mod users;
