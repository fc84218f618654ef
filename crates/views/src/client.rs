//! Clients.

use crate::{Lens, SessionParts, bapi_session, session, strategy_word, word};
use verger_model::client::{COOKIE_LIFETIME, Client};
use verger_model::session::{Session, SessionStatus};
use verger_wire as wire;

/// A client, for itself: with the sessions that can be used, and with attempts that are still open.
pub fn client(
    lens: Lens<'_>,
    client: &Client,
    sessions: &[SessionParts<'_>],
    sign_in: Option<wire::SignIn>,
    sign_up: Option<wire::SignUp>,
) -> wire::Client {
    let settings = &lens.instance.settings.sessions;
    let live: Vec<_> = sessions.iter().filter(|parts| parts.session.is_live(settings, lens.now)).collect();
    let last = client.last_active_session_id.as_ref();
    let last_is_live = live.iter().any(|parts| Some(&parts.session.id) == last);
    wire::Client {
        object: word("client"),
        id: client.id.to_string(),
        sessions: live.into_iter().map(|parts| session(lens, parts)).collect(),
        sign_in: sign_in.filter(|attempt| is_open(&attempt.status)),
        sign_up: sign_up.filter(|attempt| is_open(&attempt.status)),
        last_active_session_id: last.filter(|_| last_is_live).map(ToString::to_string),
        last_authentication_strategy: client.last_authentication_strategy.map(strategy_word),
        // A development browser lives in the URL: there is no cookie to renew.
        cookie_expires_at: (!lens.instance.is_development()).then(|| (client.rotated_at + COOKIE_LIFETIME).0),
        captcha_bypass: false,
        created_at: client.created_at.0,
        updated_at: client.updated_at.0,
    }
}

fn is_open(status: &str) -> bool {
    !matches!(status, "complete" | "abandoned")
}

/// A client, for the backend: with every session that did not leave it.
pub fn bapi_client(lens: Lens<'_>, client: &Client, sessions: &[Session]) -> wire::BapiClient {
    let here: Vec<_> = sessions
        .iter()
        .filter(|session| !matches!(session.status, SessionStatus::Removed | SessionStatus::Revoked))
        .collect();
    wire::BapiClient {
        object: word("client"),
        id: client.id.to_string(),
        session_ids: here.iter().map(|session| session.id.to_string()).collect(),
        sessions: here.into_iter().map(|session| bapi_session(lens, session)).collect(),
        sign_in_id: client.sign_in_id.as_ref().map(ToString::to_string),
        sign_up_id: client.sign_up_id.as_ref().map(ToString::to_string),
        last_active_session_id: client.last_active_session_id.as_ref().map(ToString::to_string),
        last_authentication_strategy: client.last_authentication_strategy.map(strategy_word),
        updated_at: client.updated_at.0,
        created_at: client.created_at.0,
    }
}
