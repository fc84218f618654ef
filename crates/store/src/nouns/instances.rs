//! Instances: the tenants. Found by id, slug, domain, or as the one at the root.

use verger_model::instance::{Environment, Instance};
use verger_model::settings::Settings;
use verger_model::{InstanceId, Millis};

use super::{document, guarded, json, model, models, parsed, word};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::instance::Instance`].
pub struct Instances<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    application_id: String,
    application_name: String,
    environment: String,
    slug: String,
    is_root: bool,
    domain: Option<String>,
    settings: String,
    version: i64,
    created_at: i64,
}

const TABLE: &str = "instances";

impl TryFrom<Row> for Instance {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            application_id: parsed(TABLE, &row.id, &row.application_id)?,
            application_name: row.application_name,
            environment: word(TABLE, &row.id, &row.environment, Environment::parse)?,
            slug: row.slug,
            is_root: row.is_root,
            domain: row.domain,
            settings: document::<Settings>(TABLE, &row.id, &row.settings)?,
            version: row.version,
            created_at: Millis(row.created_at),
        })
    }
}

#[derive(sqlx::FromRow)]
struct VersionRow {
    id: String,
    version: i64,
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT i.id, i.application_id, a.name AS application_name, i.environment, i.slug, i.is_root, i.domain, i.settings, \
                    i.version, i.created_at \
               FROM instances i JOIN applications a ON a.id = i.application_id ",
            $tail
        )
    };
}

impl<A> Instances<'_, A> {
    /// The instance with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, id: &InstanceId) -> Result<Option<Instance>, StoreError> {
        model(sql::one!(self, Row, select!("WHERE i.id = $1"), id.as_str())?)
    }

    /// The instance with this name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn by_slug(&mut self, slug: &str) -> Result<Option<Instance>, StoreError> {
        model(sql::one!(self, Row, select!("WHERE i.slug = $1"), slug)?)
    }

    /// The instance that serves this domain.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn by_domain(&mut self, domain: &str) -> Result<Option<Instance>, StoreError> {
        model(sql::one!(self, Row, select!("WHERE i.domain = $1"), domain)?)
    }

    /// The instance that answers at the root.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn root(&mut self) -> Result<Option<Instance>, StoreError> {
        model(sql::one!(self, Row, select!("WHERE i.is_root"))?)
    }

    /// Every instance, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(&mut self) -> Result<Vec<Instance>, StoreError> {
        models(sql::all!(self, Row, select!("ORDER BY i.created_at, i.id"))?)
    }

    /// The version of every instance: what a cache compares itself with.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn versions(&mut self) -> Result<Vec<(InstanceId, i64)>, StoreError> {
        let rows = sql::all!(self, VersionRow, "SELECT id, version FROM instances ORDER BY id")?;
        rows.into_iter().map(|row| Ok((parsed(TABLE, &row.id, &row.id)?, row.version))).collect()
    }
}

impl Instances<'_, Write> {
    /// Adds an instance to its application.
    ///
    /// # Errors
    /// `Conflict` on `instances_slug`, `instances_domain` or `instances_is_root`.
    pub async fn insert(&mut self, instance: &Instance) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO instances (id, application_id, environment, slug, is_root, domain, settings, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            instance.id.as_str(),
            instance.application_id.as_str(),
            instance.environment.as_str(),
            instance.slug.as_str(),
            instance.is_root,
            instance.domain.as_deref(),
            json(&instance.settings),
            instance.version,
            instance.created_at.0,
        )?;
        Ok(())
    }

    /// Writes slug, place, domain and settings over the version that was read, and counts the version up.
    ///
    /// # Errors
    /// `Stale`; `Conflict` as [`Instances::insert`].
    pub async fn update(&mut self, instance: &Instance) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE instances SET slug = $3, is_root = $4, domain = $5, settings = $6, version = version + 1 \
              WHERE id = $1 AND version = $2",
            instance.id.as_str(),
            instance.version,
            instance.slug.as_str(),
            instance.is_root,
            instance.domain.as_deref(),
            json(&instance.settings),
        )?)
    }
}
