//! Laws of the binary, by running it.

mod bad_starts;
mod control;
mod env_file;
mod ready;
mod serve;
mod verger;
