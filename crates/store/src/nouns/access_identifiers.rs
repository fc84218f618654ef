//! Allowlist and blocklist.

use verger_model::restriction::{AccessIdentifier, AccessKind, AccessList};
use verger_model::{AccessIdentifierId, InstanceId, Millis};

use super::{models, parsed, word};
use crate::StoreError;
use crate::sql::{self, Conn, Dynamic, Write};

/// See [`verger_model::restriction::AccessIdentifier`].
pub struct AccessIdentifiers<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    identifier: String,
    kind: String,
    created_at: i64,
}

#[derive(sqlx::FromRow)]
struct CountRow {
    count: i64,
}

const TABLE: &str = "access_identifiers";

impl TryFrom<Row> for AccessIdentifier {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            kind: word(TABLE, &row.id, &row.kind, AccessKind::parse)?,
            identifier: row.identifier,
            created_at: Millis(row.created_at),
        })
    }
}

impl<A> AccessIdentifiers<'_, A> {
    /// The entries of a list, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(
        &mut self,
        instance: &InstanceId,
        list: AccessList,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<AccessIdentifier>, StoreError> {
        models(sql::all!(
            self,
            Row,
            "SELECT id, identifier, kind, created_at FROM access_identifiers WHERE instance_id = $1 AND list = $2 \
              ORDER BY created_at DESC, id DESC LIMIT $3 OFFSET $4",
            instance.as_str(),
            list.as_str(),
            limit,
            offset,
        )?)
    }

    /// How many entries a list has.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn count(&mut self, instance: &InstanceId, list: AccessList) -> Result<i64, StoreError> {
        let row = sql::one!(
            self,
            CountRow,
            "SELECT COUNT(*) AS count FROM access_identifiers WHERE instance_id = $1 AND list = $2",
            instance.as_str(),
            list.as_str(),
        )?;
        Ok(row.map_or(0, |row| row.count))
    }

    /// Whether one of these is on a list.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn has_any(
        &mut self,
        instance: &InstanceId,
        list: AccessList,
        identifiers: &[String],
    ) -> Result<bool, StoreError> {
        let mut text = Dynamic::new("SELECT COUNT(*) AS count FROM access_identifiers WHERE instance_id = ");
        text.bind(instance.as_str()).push(" AND list = ").bind(list.as_str());
        text.push(" AND identifier IN ").bind_list(identifiers.iter().map(String::as_str));
        let rows = sql::all_dynamic!(self, CountRow, text)?;
        Ok(rows.first().is_some_and(|row| row.count > 0))
    }
}

impl AccessIdentifiers<'_, Write> {
    /// Adds an entry.
    ///
    /// # Errors
    /// `Conflict` when the list has it already.
    pub async fn insert(
        &mut self,
        instance: &InstanceId,
        list: AccessList,
        it: &AccessIdentifier,
    ) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO access_identifiers (instance_id, id, list, identifier, kind, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            instance.as_str(),
            it.id.as_str(),
            list.as_str(),
            it.identifier.as_str(),
            it.kind.as_str(),
            it.created_at.0,
        )?;
        Ok(())
    }

    /// Takes an entry off a list. `false`: it is not there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete(
        &mut self,
        instance: &InstanceId,
        list: AccessList,
        id: &AccessIdentifierId,
    ) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "DELETE FROM access_identifiers WHERE instance_id = $1 AND list = $2 AND id = $3",
            instance.as_str(),
            list.as_str(),
            id.as_str(),
        )?;
        Ok(changed > 0)
    }
}
