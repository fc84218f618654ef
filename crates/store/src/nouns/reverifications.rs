//! Reverifications: one per session, the one started last.

use verger_model::reverification::{Level, Reverification, ReverificationStatus};
use verger_model::{InstanceId, Millis, SessionId};

use super::{model, parsed, parsed_if, word};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::reverification::Reverification`].
pub struct Reverifications<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    session_id: String,
    level: String,
    status: String,
    first_factor_verification_id: Option<String>,
    second_factor_verification_id: Option<String>,
    created_at: i64,
}

const TABLE: &str = "session_reverifications";

impl TryFrom<Row> for Reverification {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let (first, second) = (&row.first_factor_verification_id, &row.second_factor_verification_id);
        Ok(Self {
            session_id: parsed(TABLE, &row.session_id, &row.session_id)?,
            level: word(TABLE, &row.session_id, &row.level, Level::parse)?,
            status: word(TABLE, &row.session_id, &row.status, ReverificationStatus::parse)?,
            first_factor_verification_id: parsed_if(TABLE, &row.session_id, first.as_deref())?,
            second_factor_verification_id: parsed_if(TABLE, &row.session_id, second.as_deref())?,
            created_at: Millis(row.created_at),
        })
    }
}

impl<A> Reverifications<'_, A> {
    /// The reverification of a session. Inside a write the session must be locked first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_session(
        &mut self,
        instance: &InstanceId,
        session: &SessionId,
    ) -> Result<Option<Reverification>, StoreError> {
        model(sql::one!(
            self,
            Row,
            "SELECT session_id, level, status, first_factor_verification_id, second_factor_verification_id, created_at \
               FROM session_reverifications WHERE instance_id = $1 AND session_id = $2",
            instance.as_str(),
            session.as_str(),
        )?)
    }
}

impl Reverifications<'_, Write> {
    /// Sets or replaces the reverification of a session.
    ///
    /// # Errors
    /// `Stale` when there is no such session.
    pub async fn put(&mut self, instance: &InstanceId, it: &Reverification) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO session_reverifications \
                (instance_id, session_id, level, status, first_factor_verification_id, second_factor_verification_id, \
                 created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (instance_id, session_id) DO UPDATE \
                SET level = excluded.level, status = excluded.status, \
                    first_factor_verification_id = excluded.first_factor_verification_id, \
                    second_factor_verification_id = excluded.second_factor_verification_id, \
                    created_at = excluded.created_at",
            instance.as_str(),
            it.session_id.as_str(),
            it.level.as_str(),
            it.status.as_str(),
            it.first_factor_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            it.second_factor_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            it.created_at.0,
        )?;
        Ok(())
    }
}
