//! The one connection that writes to SQLite, lent to one holder at a time in the order of asking, with group commit: holders
//! that follow each other share a transaction, each inside a savepoint of its own, and wait together for one COMMIT.
//!
//! A task owns the connection between the holders. A holder works in its own task; a holder that goes away without committing,
//! for whatever reason, hands the connection back and is rolled back to its savepoint before the next one gets it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::StoreError;

/// When a batch closes although somebody waits.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// With so many members ..
    members: usize,
    /// .. or so long after it was opened: the first member must not wait for ever.
    age: Duration,
}

const LIMITS: Limits = Limits { members: 64, age: Duration::from_millis(2) };

// One round trip to the connection's thread each.
const OPEN: &str = "BEGIN IMMEDIATE; SAVEPOINT member";
const NEXT: &str = "RELEASE member; SAVEPOINT member";
const UNDO: &str = "ROLLBACK TO member";
const COMMIT: &str = "COMMIT";
const ROLLBACK: &str = "ROLLBACK";

/// The end of a commit, told to each member.
type Verdict = Result<(), StoreError>;

/// The way to the connection.
#[derive(Debug)]
pub(crate) struct Writer {
    orders: mpsc::UnboundedSender<Order>,
}

#[derive(Debug)]
enum Order {
    Lend(oneshot::Sender<Result<Lease, StoreError>>),
    Close(oneshot::Sender<()>),
}

impl Writer {
    /// Gives the connection to a task of its own, which ends with the last [`Writer`].
    pub(crate) fn start(conn: SqliteConnection) -> Self {
        Self::start_with(conn, LIMITS)
    }

    fn start_with(conn: SqliteConnection, limits: Limits) -> Self {
        let (orders, inbox) = mpsc::unbounded_channel();
        tokio::spawn(serve(conn, inbox, limits));
        Self { orders }
    }

    /// Waits for the turn of the caller.
    pub(crate) async fn lend(&self) -> Result<Lease, StoreError> {
        let (reply, turn) = oneshot::channel();
        self.orders.send(Order::Lend(reply)).map_err(|_| closed())?;
        turn.await.map_err(|_| closed())?
    }

    /// Waits for those who asked before, then closes the connection.
    pub(crate) async fn close(&self) {
        let (reply, done) = oneshot::channel();
        if self.orders.send(Order::Close(reply)).is_ok() {
            done.await.ok();
        }
    }
}

fn closed() -> StoreError {
    StoreError::unavailable("the database is closed")
}

/// The connection in the hands of a holder.
#[derive(Debug)]
pub(crate) struct Lease {
    /// `None` only once it was handed back.
    held: Option<(SqliteConnection, oneshot::Sender<Return>)>,
}

/// The connection on its way back.
#[derive(Debug)]
struct Return {
    conn: SqliteConnection,
    /// Whom to tell about the commit; `None`: nothing of it is to be kept.
    kept: Option<oneshot::Sender<Verdict>>,
}

impl Lease {
    pub(crate) fn conn(&mut self) -> &mut SqliteConnection {
        let (conn, _) =
            self.held.as_mut().expect("only commit and drop hand the connection back, and both end the lease");
        conn
    }

    /// Hands the connection on and waits until the batch is on disk.
    pub(crate) async fn commit(mut self) -> Verdict {
        let (reply, verdict) = oneshot::channel();
        self.hand_back(Some(reply));
        verdict.await.map_err(|_| closed())?
    }

    fn hand_back(&mut self, kept: Option<oneshot::Sender<Verdict>>) {
        if let Some((conn, back)) = self.held.take() {
            back.send(Return { conn, kept }).ok();
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.hand_back(None);
    }
}

async fn serve(mut conn: SqliteConnection, mut orders: mpsc::UnboundedReceiver<Order>, limits: Limits) {
    while let Some(order) = orders.recv().await {
        let closing = match order {
            Order::Close(done) => Some(done),
            Order::Lend(first) => match batch(conn, first, &mut orders, limits).await {
                Some((back, closing)) => {
                    conn = back;
                    closing
                }
                // The connection was lost with a holder: whoever asks next is told that the database is closed.
                None => return,
            },
        };
        if let Some(done) = closing {
            conn.close().await.ok();
            done.send(()).ok();
            return;
        }
    }
    conn.close().await.ok();
}

type Asker = oneshot::Sender<Result<Lease, StoreError>>;
type Closing = Option<oneshot::Sender<()>>;

/// Serves the first asker and those who wait behind it, then commits once for all of them. `None`: the connection is lost.
async fn batch(
    mut conn: SqliteConnection,
    first: Asker,
    orders: &mut mpsc::UnboundedReceiver<Order>,
    limits: Limits,
) -> Option<(SqliteConnection, Closing)> {
    if let Err(error) = run(&mut conn, OPEN).await {
        run(&mut conn, ROLLBACK).await.ok();
        return Some((conn, refuse_all(first, orders, &error)));
    }
    #[expect(clippy::disallowed_methods, reason = "a bound on how long a batch stays open, no rule of the domain")]
    let opened = Instant::now();
    let (mut members, mut asker) = (Vec::new(), first);
    let (outcome, closing) = loop {
        let Return { conn: back, kept } = lend(conn, asker).await?;
        conn = back;
        let undone = kept.is_none();
        members.extend(kept);
        let full = members.len() >= limits.members || opened.elapsed() >= limits.age;
        match if full { None } else { orders.try_recv().ok() } {
            Some(Order::Lend(next)) => {
                if let Err(error) = run(&mut conn, if undone { UNDO } else { NEXT }).await {
                    next.send(Err(unavailable(&error))).ok();
                    break (Err(error), None);
                }
                asker = next;
            }
            Some(Order::Close(done)) => break (finish(&mut conn, undone, members.is_empty()).await, Some(done)),
            None => break (finish(&mut conn, undone, members.is_empty()).await, None),
        }
    };
    if outcome.is_err() {
        // Fails where SQLite has rolled back by itself (a full disk, an I/O error).
        run(&mut conn, ROLLBACK).await.ok();
    }
    for member in members {
        // A member that no longer listens is not the others' concern.
        let told = match &outcome {
            Ok(()) => Ok(()),
            Err(error) => Err(unavailable(error)),
        };
        member.send(told).ok();
    }
    Some((conn, closing))
}

/// Lends the connection and waits for its return. An asker who is gone drops the lease, which brings it back as well.
async fn lend(conn: SqliteConnection, asker: Asker) -> Option<Return> {
    let (back, returned) = oneshot::channel();
    drop(asker.send(Ok(Lease { held: Some((conn, back)) })));
    returned.await.ok()
}

async fn finish(conn: &mut SqliteConnection, undone: bool, nothing_kept: bool) -> Result<(), Arc<sqlx::Error>> {
    if nothing_kept {
        return run(conn, ROLLBACK).await;
    }
    if undone {
        run(conn, UNDO).await?;
    }
    run(conn, COMMIT).await
}

/// The database cannot be locked: everybody who waits would only wait for the same.
fn refuse_all(first: Asker, orders: &mut mpsc::UnboundedReceiver<Order>, error: &Arc<sqlx::Error>) -> Closing {
    first.send(Err(unavailable(error))).ok();
    while let Ok(order) = orders.try_recv() {
        match order {
            Order::Lend(asker) => drop(asker.send(Err(unavailable(error)))),
            Order::Close(done) => return Some(done),
        }
    }
    None
}

async fn run(conn: &mut SqliteConnection, sql: &'static str) -> Result<(), Arc<sqlx::Error>> {
    sqlx::query(sql).execute(conn).await.map(|_| ()).map_err(Arc::new)
}

fn unavailable(error: &Arc<sqlx::Error>) -> StoreError {
    StoreError::unavailable(Arc::clone(error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::Executor;
    use tokio::task::{JoinHandle, yield_now};

    const SPOILS_THE_COMMIT: i64 = 13;
    const PATIENT: Limits = Limits { members: 64, age: Duration::from_secs(3600) };

    /// A table in which one number is found out at the COMMIT only.
    async fn writer(limits: Limits) -> Arc<Writer> {
        let mut conn = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let tables = "CREATE TABLE good (n INTEGER PRIMARY KEY); \
                      CREATE TABLE numbers (n INTEGER, bad INTEGER REFERENCES good (n) DEFERRABLE INITIALLY DEFERRED)";
        conn.execute(tables).await.unwrap();
        Arc::new(Writer::start_with(conn, limits))
    }

    async fn insert(lease: &mut Lease, number: i64) {
        let bad = (number == SPOILS_THE_COMMIT).then_some(number);
        let query = sqlx::query("INSERT INTO numbers (n, bad) VALUES ($1, $2)");
        query.bind(number).bind(bad).execute(lease.conn()).await.unwrap();
    }

    async fn numbers(writer: &Writer) -> Vec<i64> {
        let mut lease = writer.lend().await.unwrap();
        sqlx::query_scalar("SELECT n FROM numbers ORDER BY n").fetch_all(lease.conn()).await.unwrap()
    }

    /// Somebody who waits from now on, and inserts and commits when it is their turn.
    async fn member(writer: &Arc<Writer>, number: i64) -> JoinHandle<Verdict> {
        let writer = Arc::clone(writer);
        let task = tokio::spawn(async move {
            let mut lease = writer.lend().await?;
            insert(&mut lease, number).await;
            lease.commit().await
        });
        yield_now().await;
        task
    }

    #[tokio::test]
    async fn a_failing_commit_is_told_to_every_member() {
        let writer = writer(PATIENT).await;
        let mut first = writer.lend().await.unwrap();
        insert(&mut first, 1).await;
        let second = member(&writer, SPOILS_THE_COMMIT).await;
        let third = member(&writer, 3).await;
        assert!(matches!(first.commit().await, Err(StoreError::Unavailable(_))));
        assert!(matches!(second.await.unwrap(), Err(StoreError::Unavailable(_))));
        assert!(matches!(third.await.unwrap(), Err(StoreError::Unavailable(_))));
        assert_eq!(numbers(&writer).await, [0; 0]);
        member(&writer, 4).await.await.unwrap().unwrap();
        assert_eq!(numbers(&writer).await, [4]);
    }

    #[tokio::test]
    async fn a_dropped_member_takes_its_own_rows_and_no_others() {
        let writer = writer(PATIENT).await;
        let mut first = writer.lend().await.unwrap();
        insert(&mut first, 1).await;
        let dropped = tokio::spawn({
            let writer = Arc::clone(&writer);
            async move { insert(&mut writer.lend().await.unwrap(), SPOILS_THE_COMMIT).await }
        });
        yield_now().await;
        let third = member(&writer, 3).await;
        first.commit().await.unwrap();
        dropped.await.unwrap();
        third.await.unwrap().unwrap();
        assert_eq!(numbers(&writer).await, [1, 3]);
    }

    #[tokio::test]
    async fn a_dropped_last_member_does_not_hold_the_commit_up() {
        let writer = writer(PATIENT).await;
        let mut first = writer.lend().await.unwrap();
        insert(&mut first, 1).await;
        let dropped = tokio::spawn({
            let writer = Arc::clone(&writer);
            async move { insert(&mut writer.lend().await.unwrap(), SPOILS_THE_COMMIT).await }
        });
        yield_now().await;
        first.commit().await.unwrap();
        dropped.await.unwrap();
        assert_eq!(numbers(&writer).await, [1]);
    }

    #[tokio::test]
    async fn a_full_or_old_batch_closes_although_somebody_waits() {
        for limits in [Limits { members: 1, ..PATIENT }, Limits { age: Duration::ZERO, ..PATIENT }] {
            let writer = writer(limits).await;
            let mut first = writer.lend().await.unwrap();
            insert(&mut first, 1).await;
            let second = member(&writer, SPOILS_THE_COMMIT).await;
            first.commit().await.unwrap();
            assert!(second.await.unwrap().is_err());
            assert_eq!(numbers(&writer).await, [1]);
        }
    }

    #[tokio::test]
    async fn who_no_longer_waits_is_passed_over() {
        let writer = writer(PATIENT).await;
        let first = writer.lend().await.unwrap();
        let gone = member(&writer, 2).await;
        let third = member(&writer, 3).await;
        gone.abort();
        first.commit().await.unwrap();
        third.await.unwrap().unwrap();
        assert_eq!(numbers(&writer).await, [3]);
    }

    #[tokio::test]
    async fn closing_waits_for_those_who_came_before() {
        let writer = writer(PATIENT).await;
        let mut first = writer.lend().await.unwrap();
        insert(&mut first, 1).await;
        let second = member(&writer, 2).await;
        let closing = tokio::spawn({
            let writer = Arc::clone(&writer);
            async move { writer.close().await }
        });
        yield_now().await;
        let late = member(&writer, 3).await;
        first.commit().await.unwrap();
        second.await.unwrap().unwrap();
        closing.await.unwrap();
        assert!(matches!(late.await.unwrap(), Err(StoreError::Unavailable(_))));
        writer.close().await;
    }
}
