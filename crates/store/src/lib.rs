//! Where everything durable lives: SQLite or PostgreSQL behind one interface. One SQL text serves both engines; rows are private
//! and leave as model types. Decides nothing: guards are columns, rules live in `service`.
//!
//! `Store::read` gives a [`Reader`], `Store::write` a [`WriteTx`]; both expose the nouns (`users()`, `sessions()`, ..), the reader
//! only what reads. Every function of a noun takes the instance first and sees nothing of another one.

mod engine;
mod error;
mod migrate;
mod nouns;
mod sql;
mod store;

pub use error::{OpenError, StoreError};
pub use nouns::*;
pub use store::{Engine, Reader, Store, WriteTx};
