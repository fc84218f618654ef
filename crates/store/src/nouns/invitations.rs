//! Invitations to the application: each is accepted once, by a guarded change of its status.

use verger_model::invitation::{Invitation, InvitationStatus};
use verger_model::{InstanceId, InvitationId, Millis, SignUpId};

use super::{document, json, model, models, parsed, word};
use crate::StoreError;
use crate::sql::{self, Conn, Dynamic, Write};

/// See [`verger_model::invitation::Invitation`].
pub struct Invitations<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

/// Which invitations of an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InvitationFilter {
    /// Only those of this status, as of [`InvitationFilter::now`].
    pub status: Option<InvitationStatus>,
    /// Only those whose address or id has this in it, in lower case.
    pub query: Option<String>,
    /// The time by which pending ones have expired.
    pub now: Millis,
    /// Oldest first.
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
    public_metadata: String,
    status: String,
    redirect_url: Option<String>,
    expire_at: i64,
    created_at: i64,
    updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct CountRow {
    count: i64,
}

const TABLE: &str = "invitations";

impl TryFrom<Row> for Invitation {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            public_metadata: document(TABLE, &row.id, &row.public_metadata)?,
            status: word(TABLE, &row.id, &row.status, InvitationStatus::parse)?,
            email_address: row.email_address,
            redirect_url: row.redirect_url,
            expire_at: Millis(row.expire_at),
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
        })
    }
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT id, email_address, public_metadata, status, redirect_url, expire_at, created_at, updated_at \
               FROM invitations WHERE instance_id = ",
            $tail
        )
    };
}

impl<A> Invitations<'_, A> {
    /// The invitation with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, instance: &InstanceId, id: &InvitationId) -> Result<Option<Invitation>, StoreError> {
        model(sql::one!(self, Row, select!("$1 AND id = $2"), instance.as_str(), id.as_str())?)
    }

    /// A pending invitation of this address that can still be accepted.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pending_of(
        &mut self,
        instance: &InstanceId,
        email_address: &str,
        now: Millis,
    ) -> Result<Option<Invitation>, StoreError> {
        model(sql::one!(
            self,
            Row,
            select!("$1 AND email_address = $2 AND status = 'pending' AND expire_at > $3 ORDER BY created_at LIMIT 1"),
            instance.as_str(),
            email_address,
            now.0,
        )?)
    }

    /// The invitation that a sign-up came with.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_sign_up(
        &mut self,
        instance: &InstanceId,
        sign_up: &SignUpId,
    ) -> Result<Option<Invitation>, StoreError> {
        model(sql::one!(
            self,
            Row,
            select!(
                "$1 AND id = (SELECT invitation_id FROM sign_up_invitations WHERE instance_id = $1 AND sign_up_id = $2)"
            ),
            instance.as_str(),
            sign_up.as_str(),
        )?)
    }

    /// The invitations that fit.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(
        &mut self,
        instance: &InstanceId,
        filter: &InvitationFilter,
    ) -> Result<Vec<Invitation>, StoreError> {
        let mut text = Dynamic::new(select!(""));
        text.bind(instance.as_str());
        narrow(&mut text, filter);
        let order = if filter.ascending { " ORDER BY created_at, id" } else { " ORDER BY created_at DESC, id DESC" };
        text.push(order).push(" LIMIT ").bind(filter.limit).push(" OFFSET ").bind(filter.offset);
        models(sql::all_dynamic!(self, Row, text)?)
    }

    /// How many invitations fit; limit and offset do not count.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn count(&mut self, instance: &InstanceId, filter: &InvitationFilter) -> Result<i64, StoreError> {
        let mut text = Dynamic::new("SELECT COUNT(*) AS count FROM invitations WHERE instance_id = ");
        text.bind(instance.as_str());
        narrow(&mut text, filter);
        let rows = sql::all_dynamic!(self, CountRow, text)?;
        Ok(rows.first().map_or(0, |row| row.count))
    }
}

fn narrow(text: &mut Dynamic, filter: &InvitationFilter) {
    match filter.status {
        None => {}
        Some(InvitationStatus::Pending) => {
            text.push(" AND status = 'pending' AND expire_at > ").bind(filter.now.0);
        }
        Some(InvitationStatus::Expired) => {
            text.push(" AND status = 'pending' AND expire_at <= ").bind(filter.now.0);
        }
        Some(status) => {
            text.push(" AND status = ").bind(status.as_str());
        }
    }
    if let Some(query) = &filter.query {
        let pattern = format!("%{}%", query.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        text.push(" AND (email_address LIKE ").bind(pattern).push(" ESCAPE '\\' OR id = ").bind(query.as_str());
        text.push(")");
    }
}

impl Invitations<'_, Write> {
    /// Adds an invitation.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&mut self, instance: &InstanceId, it: &Invitation) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO invitations \
                (instance_id, id, email_address, public_metadata, status, redirect_url, expire_at, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            instance.as_str(),
            it.id.as_str(),
            it.email_address.as_str(),
            json(&it.public_metadata),
            it.status.as_str(),
            it.redirect_url.as_deref(),
            it.expire_at.0,
            it.created_at.0,
            it.updated_at.0,
        )?;
        Ok(())
    }

    /// Notes that a sign-up came with this invitation.
    ///
    /// # Errors
    /// `Stale` when there is no such sign-up.
    pub async fn bind_sign_up(
        &mut self,
        instance: &InstanceId,
        sign_up: &SignUpId,
        id: &InvitationId,
    ) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO sign_up_invitations (instance_id, sign_up_id, invitation_id) VALUES ($1, $2, $3) \
             ON CONFLICT (instance_id, sign_up_id) DO UPDATE SET invitation_id = excluded.invitation_id",
            instance.as_str(),
            sign_up.as_str(),
            id.as_str(),
        )?;
        Ok(())
    }

    /// Moves a pending invitation to another status. `false`: it is not pending any more, so somebody else moved it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn settle(
        &mut self,
        instance: &InstanceId,
        id: &InvitationId,
        to: InvitationStatus,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE invitations SET status = $3, updated_at = $4 \
              WHERE instance_id = $1 AND id = $2 AND status = 'pending'",
            instance.as_str(),
            id.as_str(),
            to.as_str(),
            now.0,
        )?;
        Ok(changed > 0)
    }
}
