//! Clients: browsers and devices.

use verger_model::client::Client;
use verger_model::{ClientId, InstanceId, Millis};

use super::{guarded, model, parsed, parsed_if};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::client::Client`].
pub struct Clients<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
pub(super) struct ClientRow {
    pub(super) id: String,
    pub(super) rotating_token_hash: String,
    pub(super) previous_token_hash: Option<String>,
    pub(super) rotated_at: i64,
    pub(super) sign_in_id: Option<String>,
    pub(super) sign_up_id: Option<String>,
    pub(super) last_active_session_id: Option<String>,
    pub(super) last_authentication_strategy: Option<String>,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
    pub(super) version: i64,
}

const TABLE: &str = "clients";

impl TryFrom<ClientRow> for Client {
    type Error = StoreError;

    fn try_from(row: ClientRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            sign_in_id: parsed_if(TABLE, &row.id, row.sign_in_id.as_deref())?,
            sign_up_id: parsed_if(TABLE, &row.id, row.sign_up_id.as_deref())?,
            last_active_session_id: parsed_if(TABLE, &row.id, row.last_active_session_id.as_deref())?,
            last_authentication_strategy: parsed_if(TABLE, &row.id, row.last_authentication_strategy.as_deref())?,
            rotating_token_hash: row.rotating_token_hash,
            previous_token_hash: row.previous_token_hash,
            rotated_at: Millis(row.rotated_at),
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
            version: row.version,
        })
    }
}

macro_rules! select {
    () => {
        "SELECT id, rotating_token_hash, previous_token_hash, rotated_at, sign_in_id, sign_up_id, last_active_session_id, \
                last_authentication_strategy, created_at, updated_at, version \
           FROM clients WHERE instance_id = $1 AND id = $2"
    };
}

impl<A> Clients<'_, A> {
    /// The client with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, instance: &InstanceId, id: &ClientId) -> Result<Option<Client>, StoreError> {
        model(sql::one!(self, ClientRow, select!(), instance.as_str(), id.as_str())?)
    }
}

impl Clients<'_, Write> {
    /// Puts the tokens of an earlier reading back, and nothing else.
    ///
    /// # Errors
    /// `Stale` when there is no such client.
    pub async fn keep_token(&mut self, instance: &InstanceId, before: &Client) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE clients SET rotating_token_hash = $3, previous_token_hash = $4, rotated_at = $5 \
              WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            before.id.as_str(),
            before.rotating_token_hash.as_str(),
            before.previous_token_hash.as_deref(),
            before.rotated_at.0,
        )?)
    }

    /// As [`Clients::get`], and nobody else changes it before this write ends.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get_for_update(&mut self, instance: &InstanceId, id: &ClientId) -> Result<Option<Client>, StoreError> {
        let text = sql::for_update!(self, select!());
        model(sql::one!(self, ClientRow, text, instance.as_str(), id.as_str())?)
    }

    /// Adds a client.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&mut self, instance: &InstanceId, client: &Client) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO clients \
                (instance_id, id, rotating_token_hash, previous_token_hash, rotated_at, sign_in_id, sign_up_id, \
                 last_active_session_id, last_authentication_strategy, created_at, updated_at, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            instance.as_str(),
            client.id.as_str(),
            client.rotating_token_hash.as_str(),
            client.previous_token_hash.as_deref(),
            client.rotated_at.0,
            client.sign_in_id.as_ref().map(verger_model::SignInId::as_str),
            client.sign_up_id.as_ref().map(verger_model::SignUpId::as_str),
            client.last_active_session_id.as_ref().map(verger_model::SessionId::as_str),
            client.last_authentication_strategy.as_ref().map(verger_model::Strategy::as_str),
            client.created_at.0,
            client.updated_at.0,
            client.version,
        )?;
        Ok(())
    }

    /// Writes a client over the version that was read, and counts the version up.
    ///
    /// # Errors
    /// `Stale`
    pub async fn update(&mut self, instance: &InstanceId, client: &Client) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE clients \
                SET rotating_token_hash = $4, previous_token_hash = $5, rotated_at = $6, sign_in_id = $7, sign_up_id = $8, \
                    last_active_session_id = $9, last_authentication_strategy = $10, updated_at = $11, version = version + 1 \
              WHERE instance_id = $1 AND id = $2 AND version = $3",
            instance.as_str(),
            client.id.as_str(),
            client.version,
            client.rotating_token_hash.as_str(),
            client.previous_token_hash.as_deref(),
            client.rotated_at.0,
            client.sign_in_id.as_ref().map(verger_model::SignInId::as_str),
            client.sign_up_id.as_ref().map(verger_model::SignUpId::as_str),
            client.last_active_session_id.as_ref().map(verger_model::SessionId::as_str),
            client.last_authentication_strategy.as_ref().map(verger_model::Strategy::as_str),
            client.updated_at.0,
        )?)
    }

    /// Removes a client; development browsers that stood for it stand for none. Its sessions stay as history. `false`: there was
    /// none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete(&mut self, instance: &InstanceId, id: &ClientId) -> Result<bool, StoreError> {
        sql::execute!(
            self,
            "UPDATE dev_browsers SET client_id = NULL WHERE instance_id = $1 AND client_id = $2",
            instance.as_str(),
            id.as_str(),
        )?;
        let changed = sql::execute!(
            self,
            "DELETE FROM clients WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            id.as_str(),
        )?;
        Ok(changed > 0)
    }
}
