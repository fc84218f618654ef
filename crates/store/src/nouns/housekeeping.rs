//! Removes what has run out and nobody can ask for any more, in portions.

use verger_model::Millis;
use verger_model::sign_in::ATTEMPT_LIFETIME;

use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// What has run out, of every instance.
pub struct Housekeeping<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

/// How long attempts are kept beyond their end, so that a late answer is told what became of them.
const KEPT: Millis = Millis::from_days(1);

macro_rules! delete {
    ($table:literal, $column:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE (instance_id, id) IN (SELECT instance_id, id FROM ",
            $table,
            " WHERE ",
            $column,
            " <= $1 ORDER BY ",
            $column,
            " LIMIT $2)"
        )
    };
}

impl Housekeeping<'_, Write> {
    /// Removes attempts a day after their end, challenges and detours a day after the longest attempt that could show them, and handshakes,
    /// testing tokens, used challenges and exemptions at their end; at most `limit` rows of each. Gives how many rows went: fewer than `limit` says that nothing is
    /// left.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete_expired(&mut self, now: Millis, limit: i64) -> Result<u64, StoreError> {
        let ended = (now - KEPT).0;
        let begun = (now - KEPT - ATTEMPT_LIFETIME).0;
        let mut gone = sql::execute!(self, delete!("sign_ins", "abandon_at"), ended, limit)?;
        gone += sql::execute!(self, delete!("sign_ups", "abandon_at"), ended, limit)?;
        gone += sql::execute!(self, delete!("verifications", "created_at"), begun, limit)?;
        gone += sql::execute!(self, delete!("testing_tokens", "expire_at"), now.0, limit)?;
        gone += sql::execute!(
            self,
            "DELETE FROM used_challenges \
              WHERE (instance_id, challenge_hash) IN (SELECT instance_id, challenge_hash FROM used_challenges \
                                                       WHERE expire_at <= $1 ORDER BY expire_at LIMIT $2)",
            now.0,
            limit,
        )?;
        gone += sql::execute!(
            self,
            "DELETE FROM sign_up_exemptions \
              WHERE (instance_id, sign_up_id) IN (SELECT instance_id, sign_up_id FROM sign_up_exemptions \
                                                   WHERE expire_at <= $1 ORDER BY expire_at LIMIT $2)",
            now.0,
            limit,
        )?;
        gone += sql::execute!(
            self,
            "DELETE FROM oauth_flows \
              WHERE (instance_id, verification_id) IN (SELECT instance_id, verification_id FROM oauth_flows \
                                                        WHERE created_at <= $1 ORDER BY created_at LIMIT $2)",
            begun,
            limit,
        )?;
        gone += sql::execute!(
            self,
            "DELETE FROM handshakes \
              WHERE (instance_id, nonce_hash) IN (SELECT instance_id, nonce_hash FROM handshakes \
                                                   WHERE expire_at <= $1 ORDER BY expire_at LIMIT $2)",
            now.0,
            limit,
        )?;
        Ok(gone)
    }
}
