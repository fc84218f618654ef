//! The doors of a server behind one listener, and what the test server promises.

mod doors;
mod server;
