//! The keys that sign session tokens, sealed.

use verger_model::instance::SigningKeyState;
use verger_model::{InstanceId, Millis};

use super::{guarded, models, word};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`StoredSigningKey`].
pub struct SigningKeys<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

/// A signing key as it lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSigningKey {
    /// Its name in JWKS and token headers.
    pub kid: String,
    /// How it stands.
    pub state: SigningKeyState,
    /// From when it may sign.
    pub not_before: Millis,
    /// When it stopped signing.
    pub retired_at: Option<Millis>,
    /// The sealed private key.
    pub sealed: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct Row {
    kid: String,
    state: String,
    not_before: i64,
    retired_at: Option<i64>,
    sealed: Vec<u8>,
}

impl TryFrom<Row> for StoredSigningKey {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            state: word("signing_keys", &row.kid, &row.state, SigningKeyState::parse)?,
            kid: row.kid,
            not_before: Millis(row.not_before),
            retired_at: row.retired_at.map(Millis),
            sealed: row.sealed,
        })
    }
}

impl<A> SigningKeys<'_, A> {
    /// The keys of an instance, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(&mut self, instance: &InstanceId) -> Result<Vec<StoredSigningKey>, StoreError> {
        models(sql::all!(
            self,
            Row,
            "SELECT kid, state, not_before, retired_at, sealed FROM signing_keys \
              WHERE instance_id = $1 ORDER BY not_before, kid",
            instance.as_str(),
        )?)
    }
}

impl SigningKeys<'_, Write> {
    /// Adds a key.
    ///
    /// # Errors
    /// `Conflict` on `signing_keys_kid`.
    pub async fn insert(&mut self, instance: &InstanceId, key: &StoredSigningKey) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO signing_keys (instance_id, kid, state, not_before, retired_at, sealed) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            instance.as_str(),
            key.kid.as_str(),
            key.state.as_str(),
            key.not_before.0,
            key.retired_at.map(|at| at.0),
            key.sealed.as_slice(),
        )?;
        Ok(())
    }

    /// Moves a key on in its life.
    ///
    /// # Errors
    /// `Stale` when there is no such key.
    pub async fn update_state(
        &mut self,
        instance: &InstanceId,
        kid: &str,
        state: SigningKeyState,
        retired_at: Option<Millis>,
    ) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE signing_keys SET state = $3, retired_at = $4 WHERE instance_id = $1 AND kid = $2",
            instance.as_str(),
            kid,
            state.as_str(),
            retired_at.map(|at| at.0),
        )?)
    }
}
