//! Laws of the binary, by running it.

#![expect(clippy::unwrap_used, reason = "a step that cannot be taken fails its test")]

mod bad_starts;
mod control;
mod env_file;
mod readme;
mod ready;
mod serve;
mod verger;
