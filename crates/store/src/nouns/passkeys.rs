//! Passkeys: made in two steps, and used under a guard, so that of two uses with one counter one is taken.

use verger_model::passkey::{Credential, Passkey};
use verger_model::user::User;
use verger_model::{InstanceId, Millis, PasskeyId, UserId};

use super::{guarded, model, models, parsed};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::passkey::Passkey`].
pub struct Passkeys<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
pub(super) struct PasskeyRow {
    id: String,
    user_id: String,
    name: String,
    verification_id: String,
    credential_id: Option<String>,
    public_key: Option<Vec<u8>>,
    sign_count: i64,
    transports: String,
    last_used_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
}

const TABLE: &str = "passkeys";

impl TryFrom<PasskeyRow> for Passkey {
    type Error = StoreError;

    fn try_from(row: PasskeyRow) -> Result<Self, StoreError> {
        let transports = row.transports.split_whitespace().map(str::to_owned).collect();
        let credential = row.credential_id.zip(row.public_key).map(|(id, public_key)| Credential {
            id,
            public_key,
            sign_count: row.sign_count,
            transports,
        });
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            user_id: parsed(TABLE, &row.id, &row.user_id)?,
            verification_id: parsed(TABLE, &row.id, &row.verification_id)?,
            name: row.name,
            credential,
            last_used_at: row.last_used_at.map(Millis),
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
        })
    }
}

/// What every statement that gives passkeys selects.
macro_rules! select_passkeys {
    ($tail:literal) => {
        concat!(
            "SELECT id, user_id, name, verification_id, credential_id, public_key, sign_count, transports, last_used_at, \
                    created_at, updated_at FROM passkeys WHERE instance_id = ",
            $tail
        )
    };
}

pub(super) use select_passkeys;

impl<A> Passkeys<'_, A> {
    /// The passkey with this id, made or not.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, instance: &InstanceId, id: &PasskeyId) -> Result<Option<Passkey>, StoreError> {
        model(sql::one!(self, PasskeyRow, select_passkeys!("$1 AND id = $2"), instance.as_str(), id.as_str())?)
    }

    /// The passkey with this credential.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn by_credential(
        &mut self,
        instance: &InstanceId,
        credential_id: &str,
    ) -> Result<Option<Passkey>, StoreError> {
        model(sql::one!(
            self,
            PasskeyRow,
            select_passkeys!("$1 AND credential_id = $2"),
            instance.as_str(),
            credential_id
        )?)
    }

    /// The passkeys of a user that were made, oldest first. Asks nothing about users without any.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_user(&mut self, instance: &InstanceId, user: &User) -> Result<Vec<Passkey>, StoreError> {
        if !user.has_passkeys {
            return Ok(Vec::new());
        }
        models(sql::all!(
            self,
            PasskeyRow,
            select_passkeys!("$1 AND user_id = $2 AND credential_id IS NOT NULL ORDER BY created_at, id"),
            instance.as_str(),
            user.id.as_str(),
        )?)
    }
}

impl Passkeys<'_, Write> {
    /// Adds a passkey that is still to be made, in the place of others of the user that never were.
    ///
    /// # Errors
    /// `Stale` when there is no such user.
    pub async fn start(&mut self, instance: &InstanceId, it: &Passkey) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "DELETE FROM passkeys WHERE instance_id = $1 AND user_id = $2 AND credential_id IS NULL",
            instance.as_str(),
            it.user_id.as_str(),
        )?;
        sql::execute!(
            self,
            "INSERT INTO passkeys \
                (instance_id, id, user_id, name, verification_id, sign_count, transports, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            instance.as_str(),
            it.id.as_str(),
            it.user_id.as_str(),
            it.name.as_str(),
            it.verification_id.as_str(),
            0_i64,
            "",
            it.created_at.0,
            it.updated_at.0,
        )?;
        Ok(())
    }

    /// The passkey was made.
    ///
    /// # Errors
    /// `Conflict` on `passkeys_credential_id`; `Stale` when it was made before, or is gone.
    pub async fn finish(
        &mut self,
        instance: &InstanceId,
        id: &PasskeyId,
        credential: &Credential,
        now: Millis,
    ) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE passkeys SET credential_id = $3, public_key = $4, sign_count = $5, transports = $6, last_used_at = $7, \
                    updated_at = $7 \
              WHERE instance_id = $1 AND id = $2 AND credential_id IS NULL",
            instance.as_str(),
            id.as_str(),
            credential.id.as_str(),
            credential.public_key.as_slice(),
            credential.sign_count,
            credential.transports.join(" "),
            now.0,
        )?)
    }

    /// The passkey was used, and counts to `sign_count` now. `false`: another use came in between.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn used(
        &mut self,
        instance: &InstanceId,
        id: &PasskeyId,
        counts: (i64, i64),
        now: Millis,
    ) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE passkeys SET sign_count = $4, last_used_at = $5 \
              WHERE instance_id = $1 AND id = $2 AND sign_count = $3",
            instance.as_str(),
            id.as_str(),
            counts.0,
            counts.1,
            now.0,
        )?;
        Ok(changed > 0)
    }

    /// Gives the passkey another name.
    ///
    /// # Errors
    /// `Stale` when it is gone.
    pub async fn rename(
        &mut self,
        instance: &InstanceId,
        id: &PasskeyId,
        name: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE passkeys SET name = $3, updated_at = $4 WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            id.as_str(),
            name,
            now.0,
        )?)
    }

    /// Takes the passkey away. `false`: it was gone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete(&mut self, instance: &InstanceId, id: &PasskeyId) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "DELETE FROM passkeys WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            id.as_str(),
        )?;
        Ok(changed > 0)
    }

    /// Brings `has_passkeys` of a user in step with what there is, after a change. No version is counted up.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn settle(&mut self, instance: &InstanceId, user: &UserId, now: Millis) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "UPDATE users \
                SET has_passkeys = EXISTS (SELECT 1 FROM passkeys WHERE passkeys.instance_id = users.instance_id \
                                              AND passkeys.user_id = users.id AND passkeys.credential_id IS NOT NULL), \
                    updated_at = $3 \
              WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            user.as_str(),
            now.0,
        )?;
        Ok(())
    }
}
