//! The store and its two ways in: a [`Reader`] for plain reads, a [`WriteTx`] for one short write.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres, Transaction};

use crate::engine::readers::Loan;
use crate::engine::sqlite::SqliteStore;
use crate::engine::writer::Lease;
use crate::engine::{postgres, sqlite};
use crate::sql::{Conn, Link, Read, Write};
use crate::{OpenError, StoreError};

/// Which database is behind a [`Store`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The embedded default: one file, one process.
    Sqlite,
    /// A server that several processes share.
    Postgres,
}

/// A database that is open and up to date. Clones share it.
#[derive(Clone, Debug)]
pub struct Store {
    backend: Arc<Backend>,
    statements: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Backend {
    Sqlite(SqliteStore),
    Postgres(PgPool),
}

impl Store {
    /// Opens the database in a file, which is created (readable by its owner alone) when it is not there.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed.
    pub async fn sqlite(path: &Path) -> Result<Self, OpenError> {
        Ok(Self::over(Backend::Sqlite(sqlite::open_file(path).await?)))
    }

    /// A database in memory that is gone with its last clone. Reads wait while a write is under way.
    ///
    /// # Errors
    /// [`OpenError`]
    pub async fn sqlite_in_memory() -> Result<Self, OpenError> {
        Ok(Self::over(Backend::Sqlite(sqlite::open_memory().await?)))
    }

    /// Opens a database on a PostgreSQL server by its `postgres://` address.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed.
    pub async fn postgres(url: &str) -> Result<Self, OpenError> {
        Ok(Self::over(Backend::Postgres(postgres::open(url).await?)))
    }

    fn over(backend: Backend) -> Self {
        Self { backend: Arc::new(backend), statements: Arc::default() }
    }

    /// A connection for reads. Each statement sees what was committed before it.
    ///
    /// # Errors
    /// `Unavailable` when no connection is free in time.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        let link = match &*self.backend {
            Backend::Sqlite(store) => ReadLink::Sqlite(store.readers.lend().await?),
            Backend::Postgres(pool) => ReadLink::Postgres(pool.acquire().await?),
        };
        Ok(Reader { link, failed: false, statements: Arc::clone(&self.statements) })
    }

    /// Begins a write. While it lives, wait for nothing but its own statements: on SQLite every other writer waits for it.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be locked or reached in time.
    pub async fn write(&self) -> Result<WriteTx, StoreError> {
        let link = match &*self.backend {
            Backend::Sqlite(store) => WriteLink::Sqlite(store.writer.lend().await?),
            Backend::Postgres(pool) => WriteLink::Postgres(pool.begin().await?),
        };
        Ok(WriteTx { link, failed: false, statements: Arc::clone(&self.statements) })
    }

    /// How many statements of nouns were run since it was opened, by all clones together. On SQLite each is a trip to another
    /// thread, on PostgreSQL to another process: it is what a cheap request costs beside its own work.
    pub fn statements(&self) -> u64 {
        self.statements.load(Ordering::Relaxed)
    }

    /// Which database this is.
    pub fn engine(&self) -> Engine {
        match &*self.backend {
            Backend::Sqlite(_) => Engine::Sqlite,
            Backend::Postgres(_) => Engine::Postgres,
        }
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// `Unavailable`
    pub async fn ping(&self) -> Result<(), StoreError> {
        match &*self.backend {
            Backend::Sqlite(store) => {
                let mut loan = store.readers.lend().await?;
                sqlx::query("SELECT 1").execute(loan.conn()).await?;
            }
            Backend::Postgres(pool) => {
                sqlx::query("SELECT 1").execute(pool).await?;
            }
        }
        Ok(())
    }

    /// Waits for running calls, then lets go of the database. Later calls are `Unavailable`.
    pub async fn close(&self) {
        match &*self.backend {
            Backend::Sqlite(store) => store.close().await,
            Backend::Postgres(pool) => pool.close().await,
        }
    }
}

/// A connection for reads.
pub struct Reader {
    link: ReadLink,
    failed: bool,
    statements: Arc<AtomicU64>,
}

enum ReadLink {
    Sqlite(Loan),
    Postgres(PoolConnection<Postgres>),
}

impl Reader {
    pub(crate) fn conn(&mut self) -> Conn<'_, Read> {
        let link = match &mut self.link {
            ReadLink::Sqlite(loan) => Link::Sqlite(loan.conn()),
            ReadLink::Postgres(conn) => Link::Postgres(conn),
        };
        // Reads stand alone: one that failed does not spoil the next.
        self.failed = false;
        Conn::new(link, &mut self.failed, &self.statements)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        if let (ReadLink::Sqlite(loan), true) = (&mut self.link, self.failed) {
            loan.discard();
        }
    }
}

/// One write: everything or nothing. Dropped without [`WriteTx::commit`], also by a task that is cancelled, it leaves no trace.
pub struct WriteTx {
    link: WriteLink,
    failed: bool,
    statements: Arc<AtomicU64>,
}

enum WriteLink {
    Sqlite(Lease),
    Postgres(Transaction<'static, Postgres>),
}

impl WriteTx {
    /// Keeps what was written. Once it answers, the write survives a crash.
    ///
    /// # Errors
    /// `Unavailable`: nothing was kept, or (connection lost on the way) it is not known.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.conn().expect_sound()?;
        match self.link {
            WriteLink::Sqlite(lease) => lease.commit().await,
            WriteLink::Postgres(tx) => Ok(tx.commit().await?),
        }
    }

    pub(crate) fn conn(&mut self) -> Conn<'_, Write> {
        let link = match &mut self.link {
            WriteLink::Sqlite(lease) => Link::Sqlite(lease.conn()),
            WriteLink::Postgres(tx) => Link::Postgres(tx),
        };
        Conn::new(link, &mut self.failed, &self.statements)
    }
}
