//! The store's contract: every law on SQLite (in memory and in a file) and on PostgreSQL with the C and an ICU English locale.

#![expect(clippy::unwrap_used, reason = "a step that cannot be taken fails its test")]

mod accounts;
mod attempts;
mod browsers;
mod engine;
mod guards;
mod keys;
mod opening;
mod outbox;
mod phones;
mod rush;
mod searches;
mod tenants;
mod world;
