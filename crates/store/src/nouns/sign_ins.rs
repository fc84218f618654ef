//! Sign-in attempts.

use verger_model::sign_in::{SignIn, SignInStatus};
use verger_model::{InstanceId, Millis, SignInId};

use super::{guarded, model, parsed, parsed_if, word};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::sign_in::SignIn`].
pub struct SignIns<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    client_id: String,
    status: String,
    identifier: Option<String>,
    user_id: Option<String>,
    first_factor_verification_id: Option<String>,
    second_factor_verification_id: Option<String>,
    link_verification_id: Option<String>,
    created_session_id: Option<String>,
    abandon_at: i64,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

const TABLE: &str = "sign_ins";

impl TryFrom<Row> for SignIn {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let first = row.first_factor_verification_id.as_deref();
        let second = row.second_factor_verification_id.as_deref();
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            client_id: parsed(TABLE, &row.id, &row.client_id)?,
            status: word(TABLE, &row.id, &row.status, SignInStatus::parse)?,
            user_id: parsed_if(TABLE, &row.id, row.user_id.as_deref())?,
            first_factor_verification_id: parsed_if(TABLE, &row.id, first)?,
            second_factor_verification_id: parsed_if(TABLE, &row.id, second)?,
            link_verification_id: parsed_if(TABLE, &row.id, row.link_verification_id.as_deref())?,
            created_session_id: parsed_if(TABLE, &row.id, row.created_session_id.as_deref())?,
            identifier: row.identifier,
            abandon_at: Millis(row.abandon_at),
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
            version: row.version,
        })
    }
}

macro_rules! select {
    () => {
        "SELECT id, client_id, status, identifier, user_id, first_factor_verification_id, second_factor_verification_id, \
                link_verification_id, created_session_id, abandon_at, created_at, updated_at, version \
           FROM sign_ins WHERE instance_id = $1 AND id = $2"
    };
}

impl<A> SignIns<'_, A> {
    /// The attempt with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, instance: &InstanceId, id: &SignInId) -> Result<Option<SignIn>, StoreError> {
        model(sql::one!(self, Row, select!(), instance.as_str(), id.as_str())?)
    }
}

impl SignIns<'_, Write> {
    /// As [`SignIns::get`], and nobody else changes it before this write ends.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get_for_update(&mut self, instance: &InstanceId, id: &SignInId) -> Result<Option<SignIn>, StoreError> {
        let text = sql::for_update!(self, select!());
        model(sql::one!(self, Row, text, instance.as_str(), id.as_str())?)
    }

    /// Adds an attempt.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&mut self, instance: &InstanceId, sign_in: &SignIn) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO sign_ins \
                (instance_id, id, client_id, status, identifier, user_id, first_factor_verification_id, second_factor_verification_id, \
                 link_verification_id, created_session_id, abandon_at, created_at, updated_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            instance.as_str(),
            sign_in.id.as_str(),
            sign_in.client_id.as_str(),
            sign_in.status.as_str(),
            sign_in.identifier.as_deref(),
            sign_in.user_id.as_ref().map(verger_model::UserId::as_str),
            sign_in.first_factor_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            sign_in.second_factor_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            sign_in.link_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            sign_in.created_session_id.as_ref().map(verger_model::SessionId::as_str),
            sign_in.abandon_at.0,
            sign_in.created_at.0,
            sign_in.updated_at.0,
            sign_in.version,
        )?;
        Ok(())
    }

    /// Writes an attempt over the version that was read, and counts the version up.
    ///
    /// # Errors
    /// `Stale`
    pub async fn update(&mut self, instance: &InstanceId, sign_in: &SignIn) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE sign_ins \
                SET client_id = $4, status = $5, identifier = $6, user_id = $7, first_factor_verification_id = $8, \
                    second_factor_verification_id = $9, created_session_id = $10, abandon_at = $11, updated_at = $12, \
                    link_verification_id = $13, version = version + 1 \
              WHERE instance_id = $1 AND id = $2 AND version = $3",
            instance.as_str(),
            sign_in.id.as_str(),
            sign_in.version,
            sign_in.client_id.as_str(),
            sign_in.status.as_str(),
            sign_in.identifier.as_deref(),
            sign_in.user_id.as_ref().map(verger_model::UserId::as_str),
            sign_in.first_factor_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            sign_in.second_factor_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            sign_in.created_session_id.as_ref().map(verger_model::SessionId::as_str),
            sign_in.abandon_at.0,
            sign_in.updated_at.0,
            sign_in.link_verification_id.as_ref().map(verger_model::VerificationId::as_str),
        )?)
    }
}
