//! The data keys that seal an instance's secrets, wrapped by the server's master key.

use verger_model::{DataKeyId, InstanceId, Millis};

use super::{guarded, models, parsed};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`StoredDataKey`].
pub struct DataKeys<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

/// A data key as it lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredDataKey {
    /// Its id.
    pub id: DataKeyId,
    /// The wrapped key.
    pub wrapped: Vec<u8>,
    /// When it was made.
    pub created_at: Millis,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    wrapped: Vec<u8>,
    created_at: i64,
}

impl TryFrom<Row> for StoredDataKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("data_keys", &row.id, &row.id)?,
            wrapped: row.wrapped,
            created_at: Millis(row.created_at),
        })
    }
}

impl<A> DataKeys<'_, A> {
    /// The keys of an instance, oldest first: the last one seals.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(&mut self, instance: &InstanceId) -> Result<Vec<StoredDataKey>, StoreError> {
        models(sql::all!(
            self,
            Row,
            "SELECT id, wrapped, created_at FROM data_keys WHERE instance_id = $1 ORDER BY created_at, id",
            instance.as_str(),
        )?)
    }
}

impl DataKeys<'_, Write> {
    /// Adds a key.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(
        &mut self,
        instance: &InstanceId,
        id: &DataKeyId,
        wrapped: &[u8],
        now: Millis,
    ) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO data_keys (instance_id, id, wrapped, created_at) VALUES ($1, $2, $3, $4)",
            instance.as_str(),
            id.as_str(),
            wrapped,
            now.0,
        )?;
        Ok(())
    }

    /// Puts the same key, wrapped by another master key, in its place.
    ///
    /// # Errors
    /// `Stale` when there is no such key.
    pub async fn replace_wrapped(
        &mut self,
        instance: &InstanceId,
        id: &DataKeyId,
        wrapped: &[u8],
    ) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE data_keys SET wrapped = $3 WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            id.as_str(),
            wrapped,
        )?)
    }
}
