//! Sessions: one user signed in on one client.

use verger_model::session::{Activity, Session, SessionStatus, SessionTask};
use verger_model::{ClientId, InstanceId, Millis, SessionId, UserId};

use super::{document, guarded, json, model, models, parsed, word};
use crate::StoreError;
use crate::sql::{self, Conn, Dynamic, Write};

/// See [`verger_model::session::Session`].
pub struct Sessions<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

/// Which sessions of an instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionFilter {
    /// Only those on this client.
    pub client_id: Option<ClientId>,
    /// Only those of this user.
    pub user_id: Option<UserId>,
    /// Only those of this status: as of [`SessionFilter::ends`] where they are given, else as stored.
    pub status: Option<SessionStatus>,
    /// Which active sessions have run out by now.
    pub ends: Option<SessionEnds>,
    /// At most so many; `None`: all.
    pub limit: Option<i64>,
    /// After so many.
    pub offset: i64,
}

/// The bounds behind which an active session has expired, whatever its stored status says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionEnds {
    /// The time: sessions whose `expire_at` is not later are over.
    pub now: Millis,
    /// Sessions that were not used after this are over.
    pub idle_since: Option<Millis>,
    /// Sessions in which somebody acts as another user are over when not used after this.
    pub impersonation_idle_since: Millis,
}

#[derive(sqlx::FromRow)]
pub(super) struct SessionRow {
    pub(super) id: String,
    pub(super) client_id: String,
    pub(super) user_id: String,
    pub(super) status: String,
    pub(super) tasks: String,
    pub(super) expire_at: i64,
    pub(super) abandon_at: i64,
    pub(super) last_active_at: i64,
    pub(super) actor: Option<String>,
    pub(super) origin: Option<String>,
    pub(super) user_agent: Option<String>,
    pub(super) ip_address: Option<String>,
    pub(super) first_factor_at: Option<i64>,
    pub(super) second_factor_at: Option<i64>,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct CountRow {
    count: i64,
}

const TABLE: &str = "sessions";

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            client_id: parsed(TABLE, &row.id, &row.client_id)?,
            user_id: parsed(TABLE, &row.id, &row.user_id)?,
            status: word(TABLE, &row.id, &row.status, SessionStatus::parse)?,
            tasks: tasks(&row.id, &row.tasks)?,
            actor: row.actor.map(|text| document(TABLE, &row.id, &text)).transpose()?,
            expire_at: Millis(row.expire_at),
            abandon_at: Millis(row.abandon_at),
            last_active_at: Millis(row.last_active_at),
            origin: row.origin,
            activity: Activity { user_agent: row.user_agent, ip_address: row.ip_address },
            first_factor_at: row.first_factor_at.map(Millis),
            second_factor_at: row.second_factor_at.map(Millis),
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
        })
    }
}

fn tasks(row: &str, text: &str) -> Result<Vec<SessionTask>, StoreError> {
    text.split_ascii_whitespace().map(|task| word(TABLE, row, task, SessionTask::parse)).collect()
}

fn words(tasks: &[SessionTask]) -> String {
    tasks.iter().map(|task| task.as_str()).collect::<Vec<_>>().join(" ")
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT id, client_id, user_id, status, tasks, expire_at, abandon_at, last_active_at, actor, origin, user_agent, \
                    ip_address, first_factor_at, second_factor_at, created_at, updated_at \
               FROM sessions WHERE instance_id = ",
            $tail
        )
    };
}

impl<A> Sessions<'_, A> {
    /// The session with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, instance: &InstanceId, id: &SessionId) -> Result<Option<Session>, StoreError> {
        model(sql::one!(self, SessionRow, select!("$1 AND id = $2"), instance.as_str(), id.as_str())?)
    }

    /// The sessions on a client, oldest first, whatever their status.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_client(&mut self, instance: &InstanceId, client: &ClientId) -> Result<Vec<Session>, StoreError> {
        models(sql::all!(
            self,
            SessionRow,
            select!("$1 AND client_id = $2 ORDER BY created_at, id"),
            instance.as_str(),
            client.as_str(),
        )?)
    }

    /// The sessions of a user, oldest first, whatever their status.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_user(&mut self, instance: &InstanceId, user: &UserId) -> Result<Vec<Session>, StoreError> {
        models(sql::all!(
            self,
            SessionRow,
            select!("$1 AND user_id = $2 ORDER BY created_at, id"),
            instance.as_str(),
            user.as_str(),
        )?)
    }

    /// The sessions that fit, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(&mut self, instance: &InstanceId, filter: &SessionFilter) -> Result<Vec<Session>, StoreError> {
        let mut text = Dynamic::new(select!(""));
        text.bind(instance.as_str());
        narrow(&mut text, filter);
        text.push(" ORDER BY created_at DESC, id DESC LIMIT ").bind(filter.limit.unwrap_or(i64::MAX));
        text.push(" OFFSET ").bind(filter.offset);
        models(sql::all_dynamic!(self, SessionRow, text)?)
    }

    /// How many sessions fit; limit and offset do not count.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn count(&mut self, instance: &InstanceId, filter: &SessionFilter) -> Result<i64, StoreError> {
        let mut text = Dynamic::new("SELECT COUNT(*) AS count FROM sessions WHERE instance_id = ");
        text.bind(instance.as_str());
        narrow(&mut text, filter);
        let rows = sql::all_dynamic!(self, CountRow, text)?;
        Ok(rows.first().map_or(0, |row| row.count))
    }
}

fn narrow(text: &mut Dynamic, filter: &SessionFilter) {
    if let Some(client) = &filter.client_id {
        text.push(" AND client_id = ").bind(client.as_str());
    }
    if let Some(user) = &filter.user_id {
        text.push(" AND user_id = ").bind(user.as_str());
    }
    match (filter.status, filter.ends) {
        (None, _) => {}
        (Some(status @ (SessionStatus::Active | SessionStatus::Pending)), ends) => {
            text.push(" AND status = 'active' AND tasks ");
            text.push(if status == SessionStatus::Active { "= ''" } else { "<> ''" });
            if let Some(ends) = ends {
                text.push(" AND NOT ");
                over(text, ends);
            }
        }
        (Some(SessionStatus::Expired), Some(ends)) => {
            text.push(" AND (status = 'expired' OR status = 'active' AND ");
            over(text, ends);
            text.push(")");
        }
        (Some(status), _) => {
            text.push(" AND status = ").bind(status.as_str());
        }
    }
}

/// Whether a session is past one of its ends.
fn over(text: &mut Dynamic, ends: SessionEnds) {
    text.push("(expire_at <= ").bind(ends.now.0);
    if let Some(since) = ends.idle_since {
        text.push(" OR last_active_at <= ").bind(since.0);
    }
    text.push(" OR actor IS NOT NULL AND last_active_at <= ").bind(ends.impersonation_idle_since.0);
    text.push(")");
}

impl Sessions<'_, Write> {
    /// As [`Sessions::get`], and nobody else changes it before this write ends.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get_for_update(
        &mut self,
        instance: &InstanceId,
        id: &SessionId,
    ) -> Result<Option<Session>, StoreError> {
        let text = sql::for_update!(self, select!("$1 AND id = $2"));
        model(sql::one!(self, SessionRow, text, instance.as_str(), id.as_str())?)
    }

    /// Adds a session.
    ///
    /// # Errors
    /// `Stale` when there is no such user.
    pub async fn insert(&mut self, instance: &InstanceId, session: &Session) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO sessions \
                (instance_id, id, client_id, user_id, status, tasks, expire_at, abandon_at, last_active_at, actor, origin, \
                 user_agent, ip_address, first_factor_at, second_factor_at, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
            instance.as_str(),
            session.id.as_str(),
            session.client_id.as_str(),
            session.user_id.as_str(),
            session.status.as_str(),
            words(&session.tasks),
            session.expire_at.0,
            session.abandon_at.0,
            session.last_active_at.0,
            session.actor.as_ref().map(json),
            session.origin.as_deref(),
            session.activity.user_agent.as_deref(),
            session.activity.ip_address.as_deref(),
            session.first_factor_at.map(|at| at.0),
            session.second_factor_at.map(|at| at.0),
            session.created_at.0,
            session.updated_at.0,
        )?;
        Ok(())
    }

    /// Writes a session. What has ended never becomes active again, and `last_active_at` never goes back, whatever was read
    /// before.
    ///
    /// # Errors
    /// `Stale` when there is no such session, or when it has ended meanwhile.
    pub async fn update(&mut self, instance: &InstanceId, session: &Session) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE sessions \
                SET status = $3, expire_at = $4, abandon_at = $5, actor = $7, origin = $8, user_agent = $9, ip_address = $10, \
                    last_active_at = CASE WHEN last_active_at > $6 THEN last_active_at ELSE $6 END, \
                    first_factor_at = $11, second_factor_at = $12, updated_at = $13, tasks = $14 \
              WHERE instance_id = $1 AND id = $2 AND (status = 'active' OR status = $3)",
            instance.as_str(),
            session.id.as_str(),
            session.status.as_str(),
            session.expire_at.0,
            session.abandon_at.0,
            session.last_active_at.0,
            session.actor.as_ref().map(json),
            session.origin.as_deref(),
            session.activity.user_agent.as_deref(),
            session.activity.ip_address.as_deref(),
            session.first_factor_at.map(|at| at.0),
            session.second_factor_at.map(|at| at.0),
            session.updated_at.0,
            words(&session.tasks),
        )?)
    }

    /// Writes when sessions were last used, many at once. Never goes back in time; sessions that are gone are passed over.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn stamp_active(&mut self, stamps: &[(InstanceId, SessionId, Millis)]) -> Result<(), StoreError> {
        for chunk in sql::latest(stamps).chunks(300) {
            let mut text = Dynamic::new("UPDATE sessions SET last_active_at = stamps.column3 FROM (VALUES ");
            text.bind_stamps(chunk.iter().map(|(instance, session, at)| (instance.as_str(), session.as_str(), at.0)));
            text.push(
                ") AS stamps WHERE sessions.instance_id = stamps.column1 AND sessions.id = stamps.column2 \
                                AND sessions.last_active_at < stamps.column3",
            );
            sql::execute_dynamic!(self, text)?;
        }
        Ok(())
    }
}
