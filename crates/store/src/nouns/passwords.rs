//! Password digests of users, apart from the users so that whoever reads a user never holds one.

use verger_model::{InstanceId, Millis, Secret, UserId};

use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`StoredPassword`].
pub struct Passwords<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

/// A password as it lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPassword {
    /// The name of the digest's format.
    pub hasher: String,
    /// The digest.
    pub digest: Secret<String>,
}

#[derive(sqlx::FromRow)]
pub(super) struct PasswordRow {
    hasher: String,
    digest: String,
}

impl From<PasswordRow> for StoredPassword {
    fn from(row: PasswordRow) -> Self {
        Self { hasher: row.hasher, digest: Secret::new(row.digest) }
    }
}

impl<A> Passwords<'_, A> {
    /// The password of a user.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, instance: &InstanceId, user: &UserId) -> Result<Option<StoredPassword>, StoreError> {
        let row = sql::one!(
            self,
            PasswordRow,
            "SELECT hasher, digest FROM passwords WHERE instance_id = $1 AND user_id = $2",
            instance.as_str(),
            user.as_str(),
        )?;
        Ok(row.map(StoredPassword::from))
    }
}

impl Passwords<'_, Write> {
    /// Sets or replaces the password of a user.
    ///
    /// # Errors
    /// `Stale` when there is no such user.
    pub async fn put(
        &mut self,
        instance: &InstanceId,
        user: &UserId,
        password: &StoredPassword,
        now: Millis,
    ) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO passwords (instance_id, user_id, hasher, digest, updated_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (instance_id, user_id) \
             DO UPDATE SET hasher = excluded.hasher, digest = excluded.digest, updated_at = excluded.updated_at",
            instance.as_str(),
            user.as_str(),
            password.hasher.as_str(),
            password.digest.expose().as_str(),
            now.0,
        )?;
        Ok(())
    }

    /// Removes the password of a user. `false`: there was none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete(&mut self, instance: &InstanceId, user: &UserId) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "DELETE FROM passwords WHERE instance_id = $1 AND user_id = $2",
            instance.as_str(),
            user.as_str(),
        )?;
        Ok(changed > 0)
    }
}
