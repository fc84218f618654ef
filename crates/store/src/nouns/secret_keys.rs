//! The secret keys of an application's backend. Looked up by their hash; a development key is also kept sealed, to be shown again.

use verger_model::instance::SecretKey;
use verger_model::{InstanceId, Millis, SecretKeyId};

use super::{model, models, parsed};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::instance::SecretKey`].
pub struct SecretKeys<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    instance_id: String,
    id: String,
    name: String,
    created_at: i64,
    revoked_at: Option<i64>,
}

impl TryFrom<Row> for SecretKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("secret_keys", &row.id, &row.id)?,
            instance_id: parsed("secret_keys", &row.id, &row.instance_id)?,
            name: row.name,
            created_at: Millis(row.created_at),
            revoked_at: row.revoked_at.map(Millis),
        })
    }
}

#[derive(sqlx::FromRow)]
struct SealedRow {
    sealed: Option<Vec<u8>>,
}

impl<A> SecretKeys<'_, A> {
    /// The key with this hash, of whichever instance, unless it was revoked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn by_hash(&mut self, hash: &str) -> Result<Option<SecretKey>, StoreError> {
        model(sql::one!(
            self,
            Row,
            "SELECT instance_id, id, name, created_at, revoked_at FROM secret_keys \
              WHERE hash = $1 AND revoked_at IS NULL",
            hash,
        )?)
    }

    /// The keys of an instance, oldest first, revoked ones included.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(&mut self, instance: &InstanceId) -> Result<Vec<SecretKey>, StoreError> {
        models(sql::all!(
            self,
            Row,
            "SELECT instance_id, id, name, created_at, revoked_at FROM secret_keys \
              WHERE instance_id = $1 ORDER BY created_at, id",
            instance.as_str(),
        )?)
    }

    /// The sealed key, where it was kept and the key was not revoked.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn sealed(&mut self, instance: &InstanceId, id: &SecretKeyId) -> Result<Option<Vec<u8>>, StoreError> {
        let row = sql::one!(
            self,
            SealedRow,
            "SELECT sealed FROM secret_keys WHERE instance_id = $1 AND id = $2 AND revoked_at IS NULL",
            instance.as_str(),
            id.as_str(),
        )?;
        Ok(row.and_then(|row| row.sealed))
    }
}

impl SecretKeys<'_, Write> {
    /// Adds a key to the instance that it names.
    ///
    /// # Errors
    /// `Conflict` on `secret_keys_hash`.
    pub async fn insert(&mut self, key: &SecretKey, hash: &str, sealed: Option<&[u8]>) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO secret_keys (instance_id, id, name, hash, sealed, created_at, revoked_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            key.instance_id.as_str(),
            key.id.as_str(),
            key.name.as_str(),
            hash,
            sealed,
            key.created_at.0,
            key.revoked_at.map(|at| at.0),
        )?;
        Ok(())
    }

    /// Takes a key back. `false`: there is no such key, or it was revoked before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn revoke(&mut self, instance: &InstanceId, id: &SecretKeyId, now: Millis) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE secret_keys SET revoked_at = $3, sealed = NULL \
              WHERE instance_id = $1 AND id = $2 AND revoked_at IS NULL",
            instance.as_str(),
            id.as_str(),
            now.0,
        )?;
        Ok(changed > 0)
    }
}
