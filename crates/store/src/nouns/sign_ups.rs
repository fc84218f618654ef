//! Sign-up attempts. The password digest lies beside, like a user's.

use verger_model::sign_up::{SignUp, SignUpStatus};
use verger_model::{InstanceId, Millis, SignUpId};

use super::passwords::PasswordRow;
use super::{document, guarded, json, model, parsed, parsed_if, word};
use crate::sql::{self, Conn, Write};
use crate::{StoreError, StoredPassword};

/// See [`verger_model::sign_up::SignUp`].
pub struct SignUps<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    client_id: String,
    status: String,
    email_address: Option<String>,
    email_verification_id: Option<String>,
    email_verified: bool,
    external_verification_id: Option<String>,
    external_verified: bool,
    phone_number: Option<String>,
    phone_verification_id: Option<String>,
    phone_verified: bool,
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    locale: Option<String>,
    password_enabled: bool,
    unsafe_metadata: String,
    legal_accepted_at: Option<i64>,
    created_user_id: Option<String>,
    created_session_id: Option<String>,
    abandon_at: i64,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

const TABLE: &str = "sign_ups";

impl TryFrom<Row> for SignUp {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            client_id: parsed(TABLE, &row.id, &row.client_id)?,
            status: word(TABLE, &row.id, &row.status, SignUpStatus::parse)?,
            email_verification_id: parsed_if(TABLE, &row.id, row.email_verification_id.as_deref())?,
            phone_verification_id: parsed_if(TABLE, &row.id, row.phone_verification_id.as_deref())?,
            phone_verified: row.phone_verified,
            unsafe_metadata: document(TABLE, &row.id, &row.unsafe_metadata)?,
            created_user_id: parsed_if(TABLE, &row.id, row.created_user_id.as_deref())?,
            created_session_id: parsed_if(TABLE, &row.id, row.created_session_id.as_deref())?,
            email_address: row.email_address,
            email_verified: row.email_verified,
            external_verification_id: parsed_if(TABLE, &row.id, row.external_verification_id.as_deref())?,
            external_verified: row.external_verified,
            phone_number: row.phone_number,
            username: row.username,
            first_name: row.first_name,
            last_name: row.last_name,
            locale: row.locale,
            password_enabled: row.password_enabled,
            legal_accepted_at: row.legal_accepted_at.map(Millis),
            abandon_at: Millis(row.abandon_at),
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
            version: row.version,
        })
    }
}

macro_rules! select {
    () => {
        "SELECT id, client_id, status, email_address, email_verification_id, email_verified, external_verification_id, \
                external_verified, phone_number, username, first_name, \
                last_name, locale, password_enabled, unsafe_metadata, legal_accepted_at, created_user_id, created_session_id, \
                abandon_at, created_at, updated_at, version, phone_verification_id, phone_verified \
           FROM sign_ups WHERE instance_id = $1 AND id = $2"
    };
}

impl<A> SignUps<'_, A> {
    /// The attempt with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, instance: &InstanceId, id: &SignUpId) -> Result<Option<SignUp>, StoreError> {
        model(sql::one!(self, Row, select!(), instance.as_str(), id.as_str())?)
    }

    /// The password that was given with an attempt.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn password(
        &mut self,
        instance: &InstanceId,
        id: &SignUpId,
    ) -> Result<Option<StoredPassword>, StoreError> {
        let row = sql::one!(
            self,
            PasswordRow,
            "SELECT hasher, digest FROM sign_up_passwords WHERE instance_id = $1 AND sign_up_id = $2",
            instance.as_str(),
            id.as_str(),
        )?;
        Ok(row.map(StoredPassword::from))
    }
}

impl SignUps<'_, Write> {
    /// As [`SignUps::get`], and nobody else changes it before this write ends.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get_for_update(&mut self, instance: &InstanceId, id: &SignUpId) -> Result<Option<SignUp>, StoreError> {
        let text = sql::for_update!(self, select!());
        model(sql::one!(self, Row, text, instance.as_str(), id.as_str())?)
    }

    /// Adds an attempt.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&mut self, instance: &InstanceId, it: &SignUp) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO sign_ups \
                (instance_id, id, client_id, status, email_address, email_verification_id, email_verified, phone_number, \
                 username, first_name, last_name, locale, password_enabled, unsafe_metadata, legal_accepted_at, \
                 created_user_id, created_session_id, abandon_at, created_at, updated_at, version, \
                 external_verification_id, external_verified, phone_verification_id, phone_verified) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
                     $23, $24, $25)",
            instance.as_str(),
            it.id.as_str(),
            it.client_id.as_str(),
            it.status.as_str(),
            it.email_address.as_deref(),
            it.email_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            it.email_verified,
            it.phone_number.as_deref(),
            it.username.as_deref(),
            it.first_name.as_deref(),
            it.last_name.as_deref(),
            it.locale.as_deref(),
            it.password_enabled,
            json(&it.unsafe_metadata),
            it.legal_accepted_at.map(|at| at.0),
            it.created_user_id.as_ref().map(verger_model::UserId::as_str),
            it.created_session_id.as_ref().map(verger_model::SessionId::as_str),
            it.abandon_at.0,
            it.created_at.0,
            it.updated_at.0,
            it.version,
            it.external_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            it.external_verified,
            it.phone_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            it.phone_verified,
        )?;
        Ok(())
    }

    /// Writes an attempt over the version that was read, and counts the version up.
    ///
    /// # Errors
    /// `Stale`
    pub async fn update(&mut self, instance: &InstanceId, it: &SignUp) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE sign_ups \
                SET client_id = $4, status = $5, email_address = $6, email_verification_id = $7, email_verified = $8, \
                    phone_number = $9, username = $10, first_name = $11, last_name = $12, locale = $13, password_enabled = $14, \
                    unsafe_metadata = $15, legal_accepted_at = $16, created_user_id = $17, created_session_id = $18, \
                    abandon_at = $19, updated_at = $20, external_verification_id = $21, external_verified = $22, \
                    phone_verification_id = $23, phone_verified = $24, version = version + 1 \
              WHERE instance_id = $1 AND id = $2 AND version = $3",
            instance.as_str(),
            it.id.as_str(),
            it.version,
            it.client_id.as_str(),
            it.status.as_str(),
            it.email_address.as_deref(),
            it.email_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            it.email_verified,
            it.phone_number.as_deref(),
            it.username.as_deref(),
            it.first_name.as_deref(),
            it.last_name.as_deref(),
            it.locale.as_deref(),
            it.password_enabled,
            json(&it.unsafe_metadata),
            it.legal_accepted_at.map(|at| at.0),
            it.created_user_id.as_ref().map(verger_model::UserId::as_str),
            it.created_session_id.as_ref().map(verger_model::SessionId::as_str),
            it.abandon_at.0,
            it.updated_at.0,
            it.external_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            it.external_verified,
            it.phone_verification_id.as_ref().map(verger_model::VerificationId::as_str),
            it.phone_verified,
        )?)
    }

    /// Sets or replaces the password of an attempt.
    ///
    /// # Errors
    /// `Stale` when there is no such attempt.
    pub async fn put_password(
        &mut self,
        instance: &InstanceId,
        id: &SignUpId,
        password: &StoredPassword,
    ) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO sign_up_passwords (instance_id, sign_up_id, hasher, digest) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (instance_id, sign_up_id) DO UPDATE SET hasher = excluded.hasher, digest = excluded.digest",
            instance.as_str(),
            id.as_str(),
            password.hasher.as_str(),
            password.digest.expose().as_str(),
        )?;
        Ok(())
    }
}
