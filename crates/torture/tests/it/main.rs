//! What a server process promises under `kill -9`, beside a second process on the same database, under a rush on one code, and
//! under connections that are cut. Each test starts processes of its own and leaves none behind.

#![expect(clippy::unwrap_used, reason = "a step that cannot be taken fails its test")]

mod chance;
mod code_race;
mod crowd;
mod cut_connections;
mod described;
mod kill;
mod progress;
mod restart;
mod session;
mod single_use;
mod site;
mod two_processes;
