//! Sign-in tokens: each is accepted once, by a guarded change of its status.

use verger_model::ticket::{SignInToken, TicketStatus};
use verger_model::{InstanceId, Millis, SignInTokenId};

use super::{model, parsed, word};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::ticket::SignInToken`].
pub struct SignInTokens<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    instance_id: String,
    id: String,
    user_id: String,
    status: String,
    expire_at: i64,
    created_at: i64,
    updated_at: i64,
}

const TABLE: &str = "sign_in_tokens";

impl TryFrom<Row> for SignInToken {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            instance_id: parsed(TABLE, &row.id, &row.instance_id)?,
            user_id: parsed(TABLE, &row.id, &row.user_id)?,
            status: word(TABLE, &row.id, &row.status, TicketStatus::parse)?,
            expire_at: Millis(row.expire_at),
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
        })
    }
}

impl<A> SignInTokens<'_, A> {
    /// The token with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, instance: &InstanceId, id: &SignInTokenId) -> Result<Option<SignInToken>, StoreError> {
        model(sql::one!(
            self,
            Row,
            "SELECT instance_id, id, user_id, status, expire_at, created_at, updated_at FROM sign_in_tokens \
              WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            id.as_str(),
        )?)
    }
}

impl SignInTokens<'_, Write> {
    /// Adds a token to the instance that it names.
    ///
    /// # Errors
    /// `Stale` when there is no such user.
    pub async fn insert(&mut self, it: &SignInToken) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO sign_in_tokens (instance_id, id, user_id, status, expire_at, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            it.instance_id.as_str(),
            it.id.as_str(),
            it.user_id.as_str(),
            it.status.as_str(),
            it.expire_at.0,
            it.created_at.0,
            it.updated_at.0,
        )?;
        Ok(())
    }

    /// Moves a token from one status to another. `false`: it does not stand where it should, so somebody else moved it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn set_status(
        &mut self,
        instance: &InstanceId,
        id: &SignInTokenId,
        from: TicketStatus,
        to: TicketStatus,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE sign_in_tokens SET status = $4, updated_at = $5 WHERE instance_id = $1 AND id = $2 AND status = $3",
            instance.as_str(),
            id.as_str(),
            from.as_str(),
            to.as_str(),
            now.0,
        )?;
        Ok(changed > 0)
    }
}
