//! What bot protection has to remember: proofs of work that were taken (of any number of parallel uses of one, one wins), and
//! sign-ups that still owe a proof.

use verger_model::{InstanceId, Millis, SignUpId};

use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// Used challenges, known by their hash alone, and exempted sign-ups.
pub struct Captchas<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    exempted: bool,
}

impl<A> Captchas<'_, A> {
    /// Whether a sign-up was begun without a proof.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn is_exempted(&mut self, instance: &InstanceId, sign_up: &SignUpId) -> Result<bool, StoreError> {
        let row = sql::one!(
            self,
            Row,
            "SELECT EXISTS (SELECT 1 FROM sign_up_exemptions WHERE instance_id = $1 AND sign_up_id = $2) AS exempted",
            instance.as_str(),
            sign_up.as_str(),
        )?;
        Ok(row.is_some_and(|row: Row| row.exempted))
    }
}

impl Captchas<'_, Write> {
    /// Uses a challenge up; it is kept until its own end. `false`: it was used before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn take(
        &mut self,
        instance: &InstanceId,
        challenge_hash: &str,
        expire_at: Millis,
    ) -> Result<bool, StoreError> {
        let made = sql::execute!(
            self,
            "INSERT INTO used_challenges (instance_id, challenge_hash, expire_at) VALUES ($1, $2, $3) \
             ON CONFLICT (instance_id, challenge_hash) DO NOTHING",
            instance.as_str(),
            challenge_hash,
            expire_at.0,
        )?;
        Ok(made > 0)
    }

    /// Notes that a sign-up was begun without a proof.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn exempt(
        &mut self,
        instance: &InstanceId,
        sign_up: &SignUpId,
        expire_at: Millis,
    ) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO sign_up_exemptions (instance_id, sign_up_id, expire_at) VALUES ($1, $2, $3)",
            instance.as_str(),
            sign_up.as_str(),
            expire_at.0,
        )?;
        Ok(())
    }
}
