//! Authenticator apps: one per user, its secret sealed, each step of it taken once.

use verger_model::second_factor::Totp;
use verger_model::{InstanceId, Millis, UserId};

use super::{model, parsed};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::second_factor::Totp`].
pub struct Totps<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    user_id: String,
    sealed: Vec<u8>,
    verified: bool,
    last_step: i64,
    created_at: i64,
    updated_at: i64,
}

const TABLE: &str = "totps";

impl TryFrom<Row> for Totp {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            user_id: parsed(TABLE, &row.id, &row.user_id)?,
            sealed: row.sealed,
            verified: row.verified,
            last_step: row.last_step,
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
        })
    }
}

impl<A> Totps<'_, A> {
    /// The authenticator app of a user, verified or not.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_user(&mut self, instance: &InstanceId, user: &UserId) -> Result<Option<Totp>, StoreError> {
        model(sql::one!(
            self,
            Row,
            "SELECT id, user_id, sealed, verified, last_step, created_at, updated_at FROM totps \
              WHERE instance_id = $1 AND user_id = $2",
            instance.as_str(),
            user.as_str(),
        )?)
    }
}

impl Totps<'_, Write> {
    /// Sets or replaces the authenticator app of a user.
    ///
    /// # Errors
    /// `Stale` when there is no such user.
    pub async fn put(&mut self, instance: &InstanceId, totp: &Totp) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO totps (instance_id, id, user_id, sealed, verified, last_step, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (instance_id, user_id) DO UPDATE \
                SET id = excluded.id, sealed = excluded.sealed, verified = excluded.verified, \
                    last_step = excluded.last_step, created_at = excluded.created_at, updated_at = excluded.updated_at",
            instance.as_str(),
            totp.id.as_str(),
            totp.user_id.as_str(),
            totp.sealed.as_slice(),
            totp.verified,
            totp.last_step,
            totp.created_at.0,
            totp.updated_at.0,
        )?;
        Ok(())
    }

    /// Takes a step of this app, which makes it verified. `false`: this step or a later one was taken already, or the app is
    /// no longer the user's.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn take_step(
        &mut self,
        instance: &InstanceId,
        totp: &Totp,
        step: i64,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE totps SET last_step = $4, verified = $5, updated_at = $6 \
              WHERE instance_id = $1 AND user_id = $2 AND id = $3 AND last_step < $4",
            instance.as_str(),
            totp.user_id.as_str(),
            totp.id.as_str(),
            step,
            true,
            now.0,
        )?;
        Ok(changed > 0)
    }

    /// Takes the app away. `false`: there was none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete(&mut self, instance: &InstanceId, user: &UserId) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "DELETE FROM totps WHERE instance_id = $1 AND user_id = $2",
            instance.as_str(),
            user.as_str(),
        )?;
        Ok(changed > 0)
    }
}
