//! Testing tokens: what lets automated tests past bot detection.

use verger_model::{InstanceId, Millis, TestingTokenId};

use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// Testing tokens, known by their hash alone.
pub struct TestingTokens<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    valid: bool,
}

impl<A> TestingTokens<'_, A> {
    /// Whether a token with this hash is good now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn valid(&mut self, instance: &InstanceId, token_hash: &str, now: Millis) -> Result<bool, StoreError> {
        let row = sql::one!(
            self,
            Row,
            "SELECT EXISTS (SELECT 1 FROM testing_tokens \
                             WHERE instance_id = $1 AND token_hash = $2 AND expire_at > $3) AS valid",
            instance.as_str(),
            token_hash,
            now.0,
        )?;
        Ok(row.is_some_and(|row| row.valid))
    }
}

impl TestingTokens<'_, Write> {
    /// Adds a token.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(
        &mut self,
        instance: &InstanceId,
        id: &TestingTokenId,
        token_hash: &str,
        expire_at: Millis,
        now: Millis,
    ) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO testing_tokens (instance_id, id, token_hash, expire_at, created_at) VALUES ($1, $2, $3, $4, $5)",
            instance.as_str(),
            id.as_str(),
            token_hash,
            expire_at.0,
            now.0,
        )?;
        Ok(())
    }
}
