//! The connections that read from SQLite beside the one that writes, opened when they are first needed and kept.
//!
//! Not the pool of the driver: that one asks a connection for a sign of life whenever it comes back, which for SQLite is a trip
//! to the connection's thread and costs as much as a read.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use crate::StoreError;

/// The connections, up to a fixed number.
#[derive(Debug)]
pub(crate) struct Readers {
    home: Arc<Home>,
    most: u32,
    /// How long a read waits for a connection.
    patience: Duration,
}

#[derive(Debug)]
struct Home {
    options: SqliteConnectOptions,
    /// One permit for each connection, open or not; closed with the database.
    permits: Arc<Semaphore>,
    /// The open ones that nobody uses. The one used last goes first: its cache is the warmest.
    idle: Mutex<Vec<SqliteConnection>>,
}

/// A connection in the hands of one reader.
#[derive(Debug)]
pub(crate) struct Loan {
    /// `None` only once it was given back.
    conn: Option<SqliteConnection>,
    home: Arc<Home>,
    // Dropped after the connection was given back, so that whoever gets the permit finds it.
    _permit: OwnedSemaphorePermit,
}

impl Readers {
    /// Opens nothing yet.
    pub(crate) fn new(options: SqliteConnectOptions, most: u32, patience: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(most as usize));
        Self { home: Arc::new(Home { options, permits, idle: Mutex::default() }), most, patience }
    }

    /// Waits for a connection.
    pub(crate) async fn lend(&self) -> Result<Loan, StoreError> {
        let permits = &self.home.permits;
        let permit = match Arc::clone(permits).try_acquire_owned() {
            Ok(permit) => permit,
            Err(_) => tokio::time::timeout(self.patience, Arc::clone(permits).acquire_owned())
                .await
                .map_err(|_| StoreError::unavailable("no connection was free to read"))?
                .map_err(|_: AcquireError| StoreError::unavailable("the database is closed"))?,
        };
        let open = self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match open {
            Some(conn) => conn,
            None => self.home.options.connect().await?,
        };
        Ok(Loan { conn: Some(conn), home: Arc::clone(&self.home), _permit: permit })
    }

    /// Waits for running reads, then closes every connection. Who asks later is refused.
    pub(crate) async fn close(&self) {
        let Ok(all) = self.home.permits.acquire_many(self.most).await else { return };
        self.home.permits.close();
        let idle = std::mem::take(&mut *self.home.idle.lock().unwrap_or_else(PoisonError::into_inner));
        for conn in idle {
            // Closing fails where the connection was lost before.
            conn.close().await.ok();
        }
        drop(all);
    }
}

impl Loan {
    pub(crate) fn conn(&mut self) -> &mut SqliteConnection {
        self.conn.as_mut().expect("only discard and drop take the connection, and both end the loan")
    }

    /// Does not give the connection back: another one will be opened instead.
    pub(crate) fn discard(&mut self) {
        self.conn = None;
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        // A read that was given up half-way does no harm: the connection's thread finishes it before the next one.
        if let Some(conn) = self.conn.take() {
            self.home.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readers(most: u32) -> Readers {
        Readers::new(SqliteConnectOptions::new().in_memory(true), most, Duration::from_millis(20))
    }

    async fn mark(loan: &mut Loan) {
        sqlx::query("PRAGMA user_version = 7").execute(loan.conn()).await.unwrap();
    }

    async fn is_marked(loan: &mut Loan) -> bool {
        let version: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(loan.conn()).await.unwrap();
        version == 7
    }

    #[tokio::test]
    async fn a_connection_that_came_back_is_lent_again() {
        let readers = readers(2);
        mark(&mut readers.lend().await.unwrap()).await;
        assert!(is_marked(&mut readers.lend().await.unwrap()).await);
    }

    #[tokio::test]
    async fn a_discarded_connection_is_replaced() {
        let readers = readers(1);
        let mut loan = readers.lend().await.unwrap();
        mark(&mut loan).await;
        loan.discard();
        drop(loan);
        assert!(!is_marked(&mut readers.lend().await.unwrap()).await);
    }

    #[tokio::test]
    async fn who_waits_too_long_is_refused_and_who_waits_a_little_is_not() {
        let readers = readers(1);
        let loan = readers.lend().await.unwrap();
        assert!(readers.lend().await.is_err());
        let (next, ()) = tokio::join!(readers.lend(), async { drop(loan) });
        assert!(next.is_ok());
    }

    #[tokio::test]
    async fn closing_waits_for_the_reads_under_way() {
        let readers = readers(2);
        let mut loan = readers.lend().await.unwrap();
        let reading = async {
            tokio::task::yield_now().await;
            mark(&mut loan).await;
            drop(loan);
        };
        tokio::join!(readers.close(), reading);
        assert!(readers.lend().await.is_err());
    }
}
