//! Development browsers.

use verger_model::dev_browser::DevBrowser;
use verger_model::{ClientId, DevBrowserId, InstanceId, Millis};

use super::{guarded, parsed, parsed_if};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::dev_browser::DevBrowser`]. They are read as the beginning of a [`super::Visits`].
pub struct DevBrowsers<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
pub(super) struct DevBrowserRow {
    pub(super) id: String,
    pub(super) token_hash: String,
    pub(super) client_id: Option<String>,
    pub(super) home_origin: Option<String>,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

impl TryFrom<DevBrowserRow> for DevBrowser {
    type Error = StoreError;

    fn try_from(row: DevBrowserRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("dev_browsers", &row.id, &row.id)?,
            client_id: parsed_if("dev_browsers", &row.id, row.client_id.as_deref())?,
            token_hash: row.token_hash,
            home_origin: row.home_origin,
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
        })
    }
}

impl DevBrowsers<'_, Write> {
    /// Adds a development browser.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&mut self, instance: &InstanceId, it: &DevBrowser) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO dev_browsers (instance_id, id, token_hash, client_id, home_origin, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            instance.as_str(),
            it.id.as_str(),
            it.token_hash.as_str(),
            it.client_id.as_ref().map(verger_model::ClientId::as_str),
            it.home_origin.as_deref(),
            it.created_at.0,
            it.updated_at.0,
        )?;
        Ok(())
    }

    /// Puts a client into a development browser.
    ///
    /// # Errors
    /// `Stale` when there is no such development browser.
    pub async fn set_client(
        &mut self,
        instance: &InstanceId,
        id: &DevBrowserId,
        client: &ClientId,
        now: Millis,
    ) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE dev_browsers SET client_id = $3, updated_at = $4 WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            id.as_str(),
            client.as_str(),
            now.0,
        )?)
    }
}
