//! Applications: what a team builds.

use verger_model::ApplicationId;
use verger_model::Millis;
use verger_model::instance::Application;

use super::{model, models, parsed};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::instance::Application`].
pub struct Applications<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    created_at: i64,
}

impl TryFrom<Row> for Application {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self { id: parsed("applications", &row.id, &row.id)?, name: row.name, created_at: Millis(row.created_at) })
    }
}

impl<A> Applications<'_, A> {
    /// Every application, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(&mut self) -> Result<Vec<Application>, StoreError> {
        models(sql::all!(self, Row, "SELECT id, name, created_at FROM applications ORDER BY created_at, id")?)
    }

    /// The application with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, id: &ApplicationId) -> Result<Option<Application>, StoreError> {
        model(sql::one!(self, Row, "SELECT id, name, created_at FROM applications WHERE id = $1", id.as_str())?)
    }
}

impl Applications<'_, Write> {
    /// Adds an application.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&mut self, application: &Application) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO applications (id, name, created_at) VALUES ($1, $2, $3)",
            application.id.as_str(),
            application.name.as_str(),
            application.created_at.0,
        )?;
        Ok(())
    }
}
