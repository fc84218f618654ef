//! How each database is opened and shared: SQLite with one writer and a few readers, PostgreSQL with a pool.

pub(crate) mod postgres;
pub(crate) mod readers;
pub(crate) mod sqlite;
pub(crate) mod writer;
