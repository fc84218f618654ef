//! Handshake payloads that wait to be fetched by their nonce.

use verger_model::{InstanceId, Millis};

use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`StoredHandshake`].
pub struct Handshakes<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

/// A handshake as it lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredHandshake {
    /// Hash of the nonce that fetches it.
    pub nonce_hash: String,
    /// The origin that it was made for.
    pub origin: String,
    /// The sealed payload.
    pub sealed: Vec<u8>,
    /// Until when it can be fetched.
    pub expire_at: Millis,
}

#[derive(sqlx::FromRow)]
struct Row {
    nonce_hash: String,
    origin: String,
    sealed: Vec<u8>,
    expire_at: i64,
}

impl From<Row> for StoredHandshake {
    fn from(row: Row) -> Self {
        Self { nonce_hash: row.nonce_hash, origin: row.origin, sealed: row.sealed, expire_at: Millis(row.expire_at) }
    }
}

impl<A> Handshakes<'_, A> {
    /// The handshake with this nonce, unless its time is over.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(
        &mut self,
        instance: &InstanceId,
        nonce_hash: &str,
        now: Millis,
    ) -> Result<Option<StoredHandshake>, StoreError> {
        let row = sql::one!(
            self,
            Row,
            "SELECT nonce_hash, origin, sealed, expire_at FROM handshakes \
              WHERE instance_id = $1 AND nonce_hash = $2 AND expire_at > $3",
            instance.as_str(),
            nonce_hash,
            now.0,
        )?;
        Ok(row.map(StoredHandshake::from))
    }
}

impl Handshakes<'_, Write> {
    /// Adds a handshake.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&mut self, instance: &InstanceId, it: &StoredHandshake) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO handshakes (instance_id, nonce_hash, origin, sealed, expire_at) VALUES ($1, $2, $3, $4, $5)",
            instance.as_str(),
            it.nonce_hash.as_str(),
            it.origin.as_str(),
            it.sealed.as_slice(),
            it.expire_at.0,
        )?;
        Ok(())
    }

    /// Removes what is over, of every instance. Gives how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn purge(&mut self, now: Millis) -> Result<u64, StoreError> {
        sql::execute!(self, "DELETE FROM handshakes WHERE expire_at <= $1", now.0)
    }
}
