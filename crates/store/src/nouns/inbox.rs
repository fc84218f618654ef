//! Mails kept for the development inbox.

use verger_model::mail::Email;
use verger_model::{InstanceId, Millis};

use super::{models, parsed};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::mail::Email`].
pub struct Inbox<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    slug: String,
    from_name: String,
    from_address: Option<String>,
    to_address: String,
    subject: String,
    body_text: String,
    body_html: String,
    code: Option<String>,
    created_at: i64,
}

impl TryFrom<Row> for Email {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed("emails", &row.id, &row.id)?,
            slug: row.slug,
            from_name: row.from_name,
            from_address: row.from_address,
            to: row.to_address,
            subject: row.subject,
            text: row.body_text,
            html: row.body_html,
            code: row.code,
            created_at: Millis(row.created_at),
        })
    }
}

impl<A> Inbox<'_, A> {
    /// The latest mails, newest first, to one address or to all.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(
        &mut self,
        instance: &InstanceId,
        to: Option<&str>,
        limit: i64,
    ) -> Result<Vec<Email>, StoreError> {
        models(sql::all!(
            self,
            Row,
            "SELECT id, slug, from_name, from_address, to_address, subject, body_text, body_html, code, created_at \
               FROM emails WHERE instance_id = $1 AND ($2 IS NULL OR to_address = $2) \
              ORDER BY created_at DESC, id DESC LIMIT $3",
            instance.as_str(),
            to,
            limit,
        )?)
    }
}

impl Inbox<'_, Write> {
    /// Keeps a mail.
    ///
    /// # Errors
    /// `Conflict` on `emails_id`: it is there already.
    pub async fn insert(&mut self, instance: &InstanceId, mail: &Email) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO emails \
                (instance_id, id, slug, from_name, from_address, to_address, subject, body_text, body_html, code, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            instance.as_str(),
            mail.id.as_str(),
            mail.slug.as_str(),
            mail.from_name.as_str(),
            mail.from_address.as_deref(),
            mail.to.as_str(),
            mail.subject.as_str(),
            mail.text.as_str(),
            mail.html.as_str(),
            mail.code.as_deref(),
            mail.created_at.0,
        )?;
        Ok(())
    }

    /// Removes mails written before a point in time. Gives how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn purge(&mut self, instance: &InstanceId, before: Millis) -> Result<u64, StoreError> {
        sql::execute!(
            self,
            "DELETE FROM emails WHERE instance_id = $1 AND created_at < $2",
            instance.as_str(),
            before.0,
        )
    }
}
