//! Messages to phones kept for the development inbox.

use verger_model::sms::SmsMessage;
use verger_model::{Channel, InstanceId, Millis};

use super::{models, parsed, word};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::sms::SmsMessage`].
pub struct SmsInbox<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    slug: String,
    channel: String,
    to_number: String,
    message: String,
    code: Option<String>,
    created_at: i64,
}

const TABLE: &str = "sms_messages";

impl TryFrom<Row> for SmsMessage {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            channel: word(TABLE, &row.id, &row.channel, Channel::parse)?,
            slug: row.slug,
            to: row.to_number,
            message: row.message,
            code: row.code,
            created_at: Millis(row.created_at),
        })
    }
}

impl<A> SmsInbox<'_, A> {
    /// The latest messages, newest first, to one number or to all.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(
        &mut self,
        instance: &InstanceId,
        to: Option<&str>,
        limit: i64,
    ) -> Result<Vec<SmsMessage>, StoreError> {
        models(sql::all!(
            self,
            Row,
            "SELECT id, slug, channel, to_number, message, code, created_at \
               FROM sms_messages WHERE instance_id = $1 AND ($2 IS NULL OR to_number = $2) \
              ORDER BY created_at DESC, id DESC LIMIT $3",
            instance.as_str(),
            to,
            limit,
        )?)
    }
}

impl SmsInbox<'_, Write> {
    /// Keeps a message.
    ///
    /// # Errors
    /// `Conflict` on `sms_messages_id`: it is there already.
    pub async fn insert(&mut self, instance: &InstanceId, sms: &SmsMessage) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO sms_messages (instance_id, id, slug, channel, to_number, message, code, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            instance.as_str(),
            sms.id.as_str(),
            sms.slug.as_str(),
            sms.channel.as_str(),
            sms.to.as_str(),
            sms.message.as_str(),
            sms.code.as_deref(),
            sms.created_at.0,
        )?;
        Ok(())
    }

    /// Removes messages written before a point in time. Gives how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn purge(&mut self, instance: &InstanceId, before: Millis) -> Result<u64, StoreError> {
        sql::execute!(
            self,
            "DELETE FROM sms_messages WHERE instance_id = $1 AND created_at < $2",
            instance.as_str(),
            before.0,
        )
    }
}
