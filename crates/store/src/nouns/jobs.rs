//! The queue: things to do after a commit, enqueued in the same transaction as their cause. A worker claims jobs for a lease; one
//! that dies loses its claim when the lease is over.

use verger_model::{InstanceId, JobId, Millis};

use super::parsed;
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`Job`].
pub struct Jobs<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

/// A job to enqueue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// For which instance.
    pub instance_id: InstanceId,
    /// Which kind: the worker's key to the payload.
    pub kind: String,
    /// What the kind needs to know; sealed by the caller where it holds a secret.
    pub payload: Vec<u8>,
    /// Not before.
    pub run_at: Millis,
}

/// A claimed job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// For which instance.
    pub instance_id: InstanceId,
    /// Which kind.
    pub kind: String,
    /// What the kind needs to know.
    pub payload: Vec<u8>,
    /// When it was due.
    pub run_at: Millis,
    /// How often it was claimed, this time included.
    pub attempts: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    instance_id: String,
    kind: String,
    payload: Vec<u8>,
    run_at: i64,
    attempts: i64,
}

impl TryFrom<Row> for Job {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("jobs", &row.id, &row.id)?,
            instance_id: parsed("jobs", &row.id, &row.instance_id)?,
            kind: row.kind,
            payload: row.payload,
            run_at: Millis(row.run_at),
            attempts: row.attempts,
        })
    }
}

#[derive(sqlx::FromRow)]
struct CountRow {
    count: i64,
}

/// The claim, around what the engines say differently about rows that others hold.
macro_rules! claim {
    ($locking:literal) => {
        concat!(
            "UPDATE jobs SET attempts = attempts + 1, locked_until = $2, lock_token = $3 \
              WHERE id IN (SELECT id FROM jobs \
                            WHERE NOT buried AND run_at <= $1 AND (locked_until IS NULL OR locked_until <= $1) \
                            ORDER BY run_at, id LIMIT $4",
            $locking,
            ") RETURNING id, instance_id, kind, payload, run_at, attempts"
        )
    };
}

impl<A> Jobs<'_, A> {
    /// How many jobs are neither done nor buried.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pending(&mut self) -> Result<i64, StoreError> {
        let row = sql::one!(self, CountRow, "SELECT COUNT(*) AS count FROM jobs WHERE NOT buried")?;
        Ok(row.map_or(0, |row| row.count))
    }
}

impl Jobs<'_, Write> {
    /// Adds a job. It is seen by workers once the write is committed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn enqueue(&mut self, job: &NewJob) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO jobs (id, instance_id, kind, payload, run_at, attempts, buried) VALUES ($1, $2, $3, $4, $5, 0, $6)",
            job.id.as_str(),
            job.instance_id.as_str(),
            job.kind.as_str(),
            job.payload.as_slice(),
            job.run_at.0,
            false,
        )?;
        Ok(())
    }

    /// Takes due jobs for the length of a lease, oldest first. Nobody else gets them before the lease is over.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn claim(
        &mut self,
        now: Millis,
        lease: Millis,
        limit: i64,
        lock_token: &str,
    ) -> Result<Vec<Job>, StoreError> {
        // Two PostgreSQL nodes must not wait for each other's rows; on SQLite there is one writer.
        let text = sql::by_engine!(self, sqlite: claim!(""), postgres: claim!(" FOR UPDATE SKIP LOCKED"));
        let mut rows = sql::all!(self, Row, text, now.0, (now + lease).0, lock_token, limit)?;
        rows.sort_by(|a, b| (a.run_at, &a.id).cmp(&(b.run_at, &b.id)));
        super::models(rows)
    }

    /// The job is done. `false`: the lease went to somebody else.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn finish(&mut self, id: &JobId, lock_token: &str) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "DELETE FROM jobs WHERE id = $1 AND lock_token = $2 AND NOT buried",
            id.as_str(),
            lock_token,
        )?;
        Ok(changed > 0)
    }

    /// The job failed and is due again later. `false`: the lease went to somebody else.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn retry(
        &mut self,
        id: &JobId,
        lock_token: &str,
        error: &str,
        run_at: Millis,
    ) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE jobs SET locked_until = NULL, lock_token = NULL, last_error = $3, run_at = $4 \
              WHERE id = $1 AND lock_token = $2 AND NOT buried",
            id.as_str(),
            lock_token,
            error,
            run_at.0,
        )?;
        Ok(changed > 0)
    }

    /// The job failed for good: it stays for the operator to see and never runs again. `false`: the lease went to somebody else.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn bury(&mut self, id: &JobId, lock_token: &str, error: &str) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE jobs SET buried = $4, locked_until = NULL, lock_token = NULL, last_error = $3 \
              WHERE id = $1 AND lock_token = $2 AND NOT buried",
            id.as_str(),
            lock_token,
            error,
            true,
        )?;
        Ok(changed > 0)
    }
}
