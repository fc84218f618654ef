//! Verger from the outside: starts real server processes, kills them, and talks HTTP to them over loopback. The tests of this
//! crate hold the server to its word under `kill -9`, several processes and cut connections; the `bench` binary measures it.
//! Nothing here looks inside the server.

mod backend;
mod binary;
mod connection;
mod message;
mod server;
mod stopwatch;
mod usage;
mod visitor;

pub use backend::Backend;
pub use binary::find as find_binary;
pub use connection::Connection;
pub use message::{Answer, Request};
pub use server::{Door, Server, Witness};
pub use stopwatch::{Stopwatch, unix_seconds};
pub use usage::{cpu_seconds, resident_mib};
pub use visitor::{CODE, PASSWORD, Visitor};
