//! Accounts of users at other providers. One person there is one user here: `(provider, issuer, subject)` is unique.

use verger_model::external_account::{ExternalAccount, VerificationError};
use verger_model::{ExternalAccountId, InstanceId, Millis, Provider, UserId};

use super::{document, guarded, json, model, models, parsed, word};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::external_account::ExternalAccount`].
pub struct ExternalAccounts<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
pub(super) struct ExternalAccountRow {
    id: String,
    user_id: String,
    provider: String,
    identity: String,
    approved_scopes: String,
    verified: bool,
    error: Option<String>,
    expire_at: i64,
    sealed_tokens: Option<Vec<u8>>,
    created_at: i64,
    updated_at: i64,
}

const TABLE: &str = "external_accounts";

impl TryFrom<ExternalAccountRow> for ExternalAccount {
    type Error = StoreError;

    fn try_from(row: ExternalAccountRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            user_id: parsed(TABLE, &row.id, &row.user_id)?,
            provider: parsed(TABLE, &row.id, &row.provider)?,
            identity: document(TABLE, &row.id, &row.identity)?,
            approved_scopes: row.approved_scopes,
            verified: row.verified,
            error: row.error.map(|text| word(TABLE, &row.id, &text, VerificationError::parse)).transpose()?,
            expire_at: Millis(row.expire_at),
            sealed_tokens: row.sealed_tokens,
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
        })
    }
}

/// What every statement that gives external accounts selects.
macro_rules! select_external_accounts {
    ($tail:literal) => {
        concat!(
            "SELECT id, user_id, provider, identity, approved_scopes, verified, error, expire_at, sealed_tokens, \
                    created_at, updated_at \
               FROM external_accounts WHERE instance_id = ",
            $tail
        )
    };
}
pub(super) use select_external_accounts;

impl<A> ExternalAccounts<'_, A> {
    /// The account with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(
        &mut self,
        instance: &InstanceId,
        id: &ExternalAccountId,
    ) -> Result<Option<ExternalAccount>, StoreError> {
        let text = select_external_accounts!("$1 AND id = $2");
        model(sql::one!(self, ExternalAccountRow, text, instance.as_str(), id.as_str())?)
    }

    /// The accounts of a user, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_user(&mut self, instance: &InstanceId, user: &UserId) -> Result<Vec<ExternalAccount>, StoreError> {
        let text = select_external_accounts!("$1 AND user_id = $2 ORDER BY created_at, id");
        models(sql::all!(self, ExternalAccountRow, text, instance.as_str(), user.as_str())?)
    }

    /// The account of this person at a provider.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_person(
        &mut self,
        instance: &InstanceId,
        provider: Provider,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<ExternalAccount>, StoreError> {
        let text = select_external_accounts!("$1 AND provider = $2 AND issuer = $3 AND subject = $4");
        let key = (instance.as_str(), provider.strategy());
        model(sql::one!(self, ExternalAccountRow, text, key.0, key.1, issuer, subject)?)
    }
}

impl ExternalAccounts<'_, Write> {
    /// Adds an account.
    ///
    /// # Errors
    /// `Conflict` on `external_accounts_provider_issuer_subject` when the person has a user here.
    pub async fn insert(&mut self, instance: &InstanceId, it: &ExternalAccount) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO external_accounts \
                (instance_id, id, user_id, provider, issuer, subject, identity, approved_scopes, verified, error, expire_at, \
                 sealed_tokens, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            instance.as_str(),
            it.id.as_str(),
            it.user_id.as_str(),
            it.provider.strategy(),
            it.verified.then_some(it.identity.issuer.as_str()),
            it.verified.then_some(it.identity.subject.as_str()),
            json(&it.identity),
            it.approved_scopes.as_str(),
            it.verified,
            it.error.as_ref().map(VerificationError::to_text),
            it.expire_at.0,
            it.sealed_tokens.as_deref(),
            it.created_at.0,
            it.updated_at.0,
        )?;
        Ok(())
    }

    /// Writes everything but owner, provider and birth.
    ///
    /// # Errors
    /// `Conflict` as [`ExternalAccounts::insert`]; `Stale` when there is no such account.
    pub async fn update(&mut self, instance: &InstanceId, it: &ExternalAccount) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE external_accounts \
                SET issuer = $3, subject = $4, identity = $5, approved_scopes = $6, verified = $7, error = $8, \
                    expire_at = $9, sealed_tokens = $10, updated_at = $11 \
              WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            it.id.as_str(),
            it.verified.then_some(it.identity.issuer.as_str()),
            it.verified.then_some(it.identity.subject.as_str()),
            json(&it.identity),
            it.approved_scopes.as_str(),
            it.verified,
            it.error.as_ref().map(VerificationError::to_text),
            it.expire_at.0,
            it.sealed_tokens.as_deref(),
            it.updated_at.0,
        )?)
    }

    /// Removes an account. `false`: there was none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete(&mut self, instance: &InstanceId, id: &ExternalAccountId) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "DELETE FROM external_accounts WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            id.as_str(),
        )?;
        Ok(changed > 0)
    }
}
