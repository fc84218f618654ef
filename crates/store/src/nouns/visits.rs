//! Who is there: a client with the development browser that led to it and the session that a request names, in one read.

use verger_model::client::Client;
use verger_model::dev_browser::DevBrowser;
use verger_model::session::Session;
use verger_model::{ClientId, InstanceId, SessionId};

use super::clients::ClientRow;
use super::dev_browsers::DevBrowserRow;
use super::sessions::SessionRow;
use crate::StoreError;
use crate::sql::{self, Conn};

/// Reads that follow what a browser presents, from row to row.
pub struct Visits<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

/// What was found behind a development browser's token or a client's id.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// The development browser, if that was asked for.
    pub dev_browser: Option<DevBrowser>,
    /// The client; `None` for a development browser that stands for none.
    pub client: Option<Client>,
    /// The session that was named, if it is on this client, whatever its status.
    pub session: Option<Session>,
}

/// A client beside something else: all columns of the row are there, or none.
#[derive(sqlx::FromRow)]
struct ClientPart {
    c_id: Option<String>,
    c_rotating_token_hash: Option<String>,
    c_previous_token_hash: Option<String>,
    c_rotated_at: Option<i64>,
    c_sign_in_id: Option<String>,
    c_sign_up_id: Option<String>,
    c_last_active_session_id: Option<String>,
    c_last_authentication_strategy: Option<String>,
    c_created_at: Option<i64>,
    c_updated_at: Option<i64>,
    c_version: Option<i64>,
}

impl ClientPart {
    fn row(self) -> Option<ClientRow> {
        Some(ClientRow {
            id: self.c_id?,
            rotating_token_hash: self.c_rotating_token_hash?,
            previous_token_hash: self.c_previous_token_hash,
            rotated_at: self.c_rotated_at?,
            sign_in_id: self.c_sign_in_id,
            sign_up_id: self.c_sign_up_id,
            last_active_session_id: self.c_last_active_session_id,
            last_authentication_strategy: self.c_last_authentication_strategy,
            created_at: self.c_created_at?,
            updated_at: self.c_updated_at?,
            version: self.c_version?,
        })
    }
}

/// A session beside something else: all columns of the row are there, or none.
#[derive(sqlx::FromRow)]
struct SessionPart {
    s_id: Option<String>,
    s_client_id: Option<String>,
    s_user_id: Option<String>,
    s_status: Option<String>,
    s_tasks: Option<String>,
    s_expire_at: Option<i64>,
    s_abandon_at: Option<i64>,
    s_last_active_at: Option<i64>,
    s_actor: Option<String>,
    s_origin: Option<String>,
    s_user_agent: Option<String>,
    s_ip_address: Option<String>,
    s_first_factor_at: Option<i64>,
    s_second_factor_at: Option<i64>,
    s_created_at: Option<i64>,
    s_updated_at: Option<i64>,
}

impl SessionPart {
    fn row(self) -> Option<SessionRow> {
        Some(SessionRow {
            id: self.s_id?,
            client_id: self.s_client_id?,
            user_id: self.s_user_id?,
            status: self.s_status?,
            tasks: self.s_tasks?,
            expire_at: self.s_expire_at?,
            abandon_at: self.s_abandon_at?,
            last_active_at: self.s_last_active_at?,
            actor: self.s_actor,
            origin: self.s_origin,
            user_agent: self.s_user_agent,
            ip_address: self.s_ip_address,
            first_factor_at: self.s_first_factor_at,
            second_factor_at: self.s_second_factor_at,
            created_at: self.s_created_at?,
            updated_at: self.s_updated_at?,
        })
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    client: ClientPart,
    #[sqlx(flatten)]
    session: SessionPart,
}

#[derive(sqlx::FromRow)]
struct BrowserRow {
    #[sqlx(flatten)]
    browser: DevBrowserRow,
    #[sqlx(flatten)]
    rest: Row,
}

impl Row {
    fn visit(self, dev_browser: Option<DevBrowser>) -> Result<Visit, StoreError> {
        Ok(Visit {
            dev_browser,
            client: self.client.row().map(Client::try_from).transpose()?,
            session: self.session.row().map(Session::try_from).transpose()?,
        })
    }
}

macro_rules! client_and_session {
    () => {
        "c.id AS c_id, c.rotating_token_hash AS c_rotating_token_hash, c.previous_token_hash AS c_previous_token_hash, \
         c.rotated_at AS c_rotated_at, c.sign_in_id AS c_sign_in_id, c.sign_up_id AS c_sign_up_id, \
         c.last_active_session_id AS c_last_active_session_id, \
         c.last_authentication_strategy AS c_last_authentication_strategy, c.created_at AS c_created_at, \
         c.updated_at AS c_updated_at, c.version AS c_version, \
         s.id AS s_id, s.client_id AS s_client_id, s.user_id AS s_user_id, s.status AS s_status, s.tasks AS s_tasks, s.expire_at AS s_expire_at, \
         s.abandon_at AS s_abandon_at, s.last_active_at AS s_last_active_at, s.actor AS s_actor, s.origin AS s_origin, \
         s.user_agent AS s_user_agent, s.ip_address AS s_ip_address, s.first_factor_at AS s_first_factor_at, \
         s.second_factor_at AS s_second_factor_at, s.created_at AS s_created_at, s.updated_at AS s_updated_at"
    };
}

macro_rules! its_session {
    () => {
        "LEFT JOIN sessions s ON s.instance_id = c.instance_id AND s.client_id = c.id AND s.id = $3"
    };
}

impl<A> Visits<'_, A> {
    /// The development browser whose token has this hash, with its client and a session of that client. `None`: there is no
    /// such development browser.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn by_dev_browser(
        &mut self,
        instance: &InstanceId,
        token_hash: &str,
        session: Option<&SessionId>,
    ) -> Result<Option<Visit>, StoreError> {
        let found = sql::one!(
            self,
            BrowserRow,
            concat!(
                "SELECT b.id, b.token_hash, b.client_id, b.home_origin, b.created_at, b.updated_at, ",
                client_and_session!(),
                " FROM dev_browsers b LEFT JOIN clients c ON c.instance_id = b.instance_id AND c.id = b.client_id ",
                its_session!(),
                " WHERE b.instance_id = $1 AND b.token_hash = $2"
            ),
            instance.as_str(),
            token_hash,
            session.map(SessionId::as_str),
        )?;
        found.map(|row| row.rest.visit(Some(row.browser.try_into()?))).transpose()
    }

    /// The client with this id and a session of it. `None`: there is no such client.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn by_client(
        &mut self,
        instance: &InstanceId,
        client: &ClientId,
        session: Option<&SessionId>,
    ) -> Result<Option<Visit>, StoreError> {
        let found = sql::one!(
            self,
            Row,
            concat!(
                "SELECT ",
                client_and_session!(),
                " FROM clients c ",
                its_session!(),
                " WHERE c.instance_id = $1 AND c.id = $2"
            ),
            instance.as_str(),
            client.as_str(),
            session.map(SessionId::as_str),
        )?;
        found.map(|row| row.visit(None)).transpose()
    }
}
