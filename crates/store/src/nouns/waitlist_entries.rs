//! The waitlist: an address is on it once.

use verger_model::waitlist::{WaitlistEntry, WaitlistStatus};
use verger_model::{InstanceId, Millis, WaitlistEntryId};

use super::{guarded, model, models, parsed, parsed_if, word};
use crate::StoreError;
use crate::sql::{self, Conn, Dynamic, Write};

/// See [`verger_model::waitlist::WaitlistEntry`].
pub struct WaitlistEntries<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

/// By what a list of entries is ordered; ids break ties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WaitlistOrder {
    /// When they were made.
    #[default]
    CreatedAt,
    /// The address.
    EmailAddress,
    /// When they last changed: for invited ones, when they were invited.
    UpdatedAt,
}

/// Which entries of an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitlistFilter {
    /// Only those of this status.
    pub status: Option<WaitlistStatus>,
    /// Only those whose address has this in it, in lower case, or whose id it is.
    pub query: Option<String>,
    /// The order.
    pub order: WaitlistOrder,
    /// Smallest first.
    pub ascending: bool,
    /// At most so many.
    pub limit: i64,
    /// After so many.
    pub offset: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    email_address: String,
    status: String,
    invitation_id: Option<String>,
    created_at: i64,
    updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct CountRow {
    count: i64,
}

const TABLE: &str = "waitlist_entries";

impl TryFrom<Row> for WaitlistEntry {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            status: word(TABLE, &row.id, &row.status, WaitlistStatus::parse)?,
            invitation_id: parsed_if(TABLE, &row.id, row.invitation_id.as_deref())?,
            email_address: row.email_address,
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
        })
    }
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT id, email_address, status, invitation_id, created_at, updated_at FROM waitlist_entries \
              WHERE instance_id = ",
            $tail
        )
    };
}

impl<A> WaitlistEntries<'_, A> {
    /// The entry of an address.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn by_email_address(
        &mut self,
        instance: &InstanceId,
        email_address: &str,
    ) -> Result<Option<WaitlistEntry>, StoreError> {
        model(sql::one!(self, Row, select!("$1 AND email_address = $2"), instance.as_str(), email_address)?)
    }

    /// The entries that fit, and how many there are beyond the page.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(
        &mut self,
        instance: &InstanceId,
        filter: &WaitlistFilter,
    ) -> Result<(Vec<WaitlistEntry>, i64), StoreError> {
        let mut count = Dynamic::new("SELECT COUNT(*) AS count FROM waitlist_entries WHERE instance_id = ");
        count.bind(instance.as_str());
        narrow(&mut count, filter);
        let counted = sql::all_dynamic!(self, CountRow, count)?;
        let mut text = Dynamic::new(select!(""));
        text.bind(instance.as_str());
        narrow(&mut text, filter);
        text.push(match (filter.order, filter.ascending) {
            (WaitlistOrder::CreatedAt, true) => " ORDER BY created_at, id",
            (WaitlistOrder::CreatedAt, false) => " ORDER BY created_at DESC, id DESC",
            (WaitlistOrder::EmailAddress, true) => " ORDER BY email_address",
            (WaitlistOrder::EmailAddress, false) => " ORDER BY email_address DESC",
            (WaitlistOrder::UpdatedAt, true) => " ORDER BY updated_at, id",
            (WaitlistOrder::UpdatedAt, false) => " ORDER BY updated_at DESC, id DESC",
        });
        text.push(" LIMIT ").bind(filter.limit).push(" OFFSET ").bind(filter.offset);
        let entries = models(sql::all_dynamic!(self, Row, text)?)?;
        Ok((entries, counted.first().map_or(0, |row| row.count)))
    }
}

fn narrow(text: &mut Dynamic, filter: &WaitlistFilter) {
    if let Some(status) = filter.status {
        text.push(" AND status = ").bind(status.as_str());
    }
    if let Some(query) = &filter.query {
        let pattern = format!("%{}%", query.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        text.push(" AND (email_address LIKE ").bind(pattern).push(" ESCAPE '\\' OR id = ").bind(query.as_str());
        text.push(")");
    }
}

impl WaitlistEntries<'_, Write> {
    /// The entry with this id, and nobody else changes it before this write ends.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get_for_update(
        &mut self,
        instance: &InstanceId,
        id: &WaitlistEntryId,
    ) -> Result<Option<WaitlistEntry>, StoreError> {
        let text = sql::for_update!(self, select!("$1 AND id = $2"));
        model(sql::one!(self, Row, text, instance.as_str(), id.as_str())?)
    }

    /// Adds an entry, unless the address has one. `false`: it has.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&mut self, instance: &InstanceId, it: &WaitlistEntry) -> Result<bool, StoreError> {
        let added = sql::execute!(
            self,
            "INSERT INTO waitlist_entries (instance_id, id, email_address, status, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (instance_id, email_address) DO NOTHING",
            instance.as_str(),
            it.id.as_str(),
            it.email_address.as_str(),
            it.status.as_str(),
            it.created_at.0,
            it.updated_at.0,
        )?;
        Ok(added > 0)
    }

    /// Writes status and invitation of an entry that was locked.
    ///
    /// # Errors
    /// `Stale` when there is no such entry.
    pub async fn update(&mut self, instance: &InstanceId, it: &WaitlistEntry) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE waitlist_entries SET status = $3, invitation_id = $4, updated_at = $5 \
              WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            it.id.as_str(),
            it.status.as_str(),
            it.invitation_id.as_ref().map(verger_model::InvitationId::as_str),
            it.updated_at.0,
        )?)
    }

    /// Somebody with this address signed up: their entry, if there is one, is done.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn complete(
        &mut self,
        instance: &InstanceId,
        email_address: &str,
        now: Millis,
    ) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "UPDATE waitlist_entries SET status = 'completed', updated_at = $3 \
              WHERE instance_id = $1 AND email_address = $2",
            instance.as_str(),
            email_address,
            now.0,
        )?;
        Ok(())
    }

    /// Takes an entry off the list.
    ///
    /// # Errors
    /// `Stale` when there is no such entry.
    pub async fn delete(&mut self, instance: &InstanceId, id: &WaitlistEntryId) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "DELETE FROM waitlist_entries WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            id.as_str(),
        )?)
    }
}
