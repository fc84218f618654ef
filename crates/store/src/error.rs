//! What can go wrong: with one call ([`StoreError`]) and while opening ([`OpenError`], whose text is for the operator).

use std::error::Error as StdError;
use std::path::PathBuf;

use sqlx::error::DatabaseError;
use sqlx::migrate::MigrateError;

/// Why a call failed. Absence is no error: it is `None` or `false`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else has the value: `constraint` is the table and its unique columns beside the instance, joined with `_`,
    /// e.g. `identifications_kind_value`.
    #[error("{constraint} is taken")]
    Conflict {
        /// Which uniqueness was hurt.
        constraint: String,
    },
    /// What the write was based on has changed or gone: run the command again from its reads.
    #[error("the row has changed since it was read")]
    Stale,
    /// A stored row is not what the model allows.
    #[error("{table} {id}: {why}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The row's id.
        id: String,
        /// What is wrong with it.
        why: String,
    },
    /// The database did not answer, or refused for a reason of its own.
    #[error("the database cannot answer: {0}")]
    Unavailable(#[source] Box<dyn StdError + Send + Sync>),
}

impl StoreError {
    pub(crate) fn unavailable(why: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Unavailable(why.into())
    }

    pub(crate) fn corrupt(table: &'static str, id: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Corrupt { table, id: id.into(), why: why.into() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let Some(database) = error.as_database_error() else {
            return Self::unavailable(error);
        };
        if database.is_unique_violation() {
            return Self::Conflict { constraint: constraint_name(database) };
        }
        // The row that was referred to went away after it was read; a deadlock or a serialization failure heals the same way.
        let again = matches!(database.code().as_deref(), Some("40P01" | "40001"));
        if again || database.is_foreign_key_violation() {
            return Self::Stale;
        }
        Self::unavailable(error)
    }
}

/// PostgreSQL tells the name. SQLite lists the columns (`users.instance_id, users.external_id`), from which the same name is made.
fn constraint_name(error: &dyn DatabaseError) -> String {
    if let Some(name) = error.constraint() {
        return name.to_owned();
    }
    let columns = error.message().rsplit(": ").next().unwrap_or_default();
    let mut parts = Vec::new();
    for (table, column) in columns.split(", ").filter_map(|it| it.split_once('.')) {
        if parts.is_empty() {
            parts.push(table);
        }
        if column != "instance_id" {
            parts.push(column);
        }
    }
    parts.join("_")
}

/// Why the database could not be opened. Each text is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process holds the database file.
    #[error("{path} is locked by another process: stop that process, or choose another data directory", path = .0.display())]
    Locked(PathBuf),
    /// The schema was written by a newer version.
    #[error(
        "the database has schema version {found}, this version of verger knows {known}: run the version of verger that wrote it, or a newer one"
    )]
    NewerSchema {
        /// The version in the database.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// An applied migration is not the one that this program carries.
    #[error(
        "migration {0} in the database is not the one of this version of verger: restore a backup, or use an official build"
    )]
    AlteredSchema(i64),
    /// The database file cannot be opened or created.
    #[error("cannot open {path}: {why}: check that the directory exists and can be written", path = .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// The address is no PostgreSQL address.
    #[error("the database address cannot be read: {0}: write postgres://user:password@host:port/database")]
    BadUrl(String),
    /// The server cannot be reached or refuses the login.
    #[error("cannot reach the database: {0}: check its address, and that the server runs and lets this user in")]
    Unreachable(String),
    /// A migration failed; nothing of it was kept.
    #[error("cannot bring the database up to date: {0}: fix the cause and start again, nothing was changed")]
    Migration(String),
}

/// One line of an error and its causes.
pub(crate) fn one_line(error: &dyn StdError) -> String {
    error.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl OpenError {
    /// Judges a failed migration run against the newest version that this program knows.
    pub(crate) fn from_migration(error: &MigrateError, known: i64) -> Self {
        match error {
            MigrateError::VersionMissing(found) if *found > known => Self::NewerSchema { found: *found, known },
            MigrateError::VersionMissing(version) | MigrateError::VersionMismatch(version) => {
                Self::AlteredSchema(*version)
            }
            other => Self::Migration(one_line(other)),
        }
    }
}

/// Whether SQLite found the file locked (`SQLITE_BUSY` or `SQLITE_LOCKED`, extended codes included).
pub(crate) fn is_locked(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.and_then(|code| code.parse::<i32>().ok()).is_some_and(|code| matches!(code & 0xff, 5 | 6))
}
