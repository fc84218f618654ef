//! Detours to other providers. Each comes back once: the return is a guarded update.

use verger_model::external_account::{FlowAim, OAuthFlow};
use verger_model::{InstanceId, Millis, VerificationId};

use super::{guarded, model, parsed, word};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::external_account::OAuthFlow`].
pub struct OAuthFlows<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    verification_id: String,
    state_hash: String,
    client_id: String,
    dev_browser: bool,
    provider: String,
    aim: String,
    target_id: String,
    redirect_url: String,
    complete_url: String,
    sealed: Vec<u8>,
    expire_at: i64,
    created_at: i64,
}

const TABLE: &str = "oauth_flows";

impl TryFrom<Row> for OAuthFlow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let id = row.verification_id;
        Ok(Self {
            verification_id: parsed(TABLE, &id, &id)?,
            client_id: parsed(TABLE, &id, &row.client_id)?,
            provider: parsed(TABLE, &id, &row.provider)?,
            aim: word(TABLE, &id, &row.aim, FlowAim::parse)?,
            state_hash: row.state_hash,
            dev_browser: row.dev_browser,
            target_id: row.target_id,
            redirect_url: row.redirect_url,
            complete_url: row.complete_url,
            sealed: row.sealed,
            expire_at: Millis(row.expire_at),
            created_at: Millis(row.created_at),
        })
    }
}

macro_rules! columns {
    () => {
        "verification_id, state_hash, client_id, dev_browser, provider, aim, target_id, redirect_url, complete_url, sealed, \
         expire_at, created_at"
    };
}

impl<A> OAuthFlows<'_, A> {
    /// The detour that answers a challenge.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, instance: &InstanceId, id: &VerificationId) -> Result<Option<OAuthFlow>, StoreError> {
        let text = concat!("SELECT ", columns!(), " FROM oauth_flows WHERE instance_id = $1 AND verification_id = $2");
        model(sql::one!(self, Row, text, instance.as_str(), id.as_str())?)
    }

    /// The detour with this state that has not come back yet.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn under_way(
        &mut self,
        instance: &InstanceId,
        state_hash: &str,
        now: Millis,
    ) -> Result<Option<OAuthFlow>, StoreError> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM oauth_flows WHERE instance_id = $1 AND state_hash = $2 AND returned_at IS NULL AND expire_at > $3"
        );
        model(sql::one!(self, Row, text, instance.as_str(), state_hash, now.0)?)
    }
}

impl OAuthFlows<'_, Write> {
    /// Adds a detour.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&mut self, instance: &InstanceId, it: &OAuthFlow) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO oauth_flows \
                (instance_id, verification_id, state_hash, client_id, dev_browser, provider, aim, target_id, redirect_url, \
                 complete_url, sealed, expire_at, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            instance.as_str(),
            it.verification_id.as_str(),
            it.state_hash.as_str(),
            it.client_id.as_str(),
            it.dev_browser,
            it.provider.strategy(),
            it.aim.as_str(),
            it.target_id.as_str(),
            it.redirect_url.as_str(),
            it.complete_url.as_str(),
            it.sealed.as_slice(),
            it.expire_at.0,
            it.created_at.0,
        )?;
        Ok(())
    }

    /// Takes the return of a detour. `false`: it came back before, or is over.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn take_return(
        &mut self,
        instance: &InstanceId,
        state_hash: &str,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE oauth_flows SET returned_at = $3 \
              WHERE instance_id = $1 AND state_hash = $2 AND returned_at IS NULL AND expire_at > $3",
            instance.as_str(),
            state_hash,
            now.0,
        )?;
        Ok(changed > 0)
    }

    /// Writes what the detour brought.
    ///
    /// # Errors
    /// `Stale` when there is no such detour.
    pub async fn keep(&mut self, instance: &InstanceId, id: &VerificationId, sealed: &[u8]) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE oauth_flows SET sealed = $3 WHERE instance_id = $1 AND verification_id = $2",
            instance.as_str(),
            id.as_str(),
            sealed,
        )?)
    }
}
