//! Sessions.

use crate::activity::activity;
use crate::avatar::image_url;
use crate::{Lens, token, user, word};
use verger_model::session::Session;
use verger_model::user::Profile;
use verger_wire as wire;

/// A session with what is shown beside it.
#[derive(Clone, Debug)]
pub struct SessionParts<'a> {
    /// The session.
    pub session: &'a Session,
    /// Whose it is.
    pub profile: &'a Profile,
    /// A fresh session token for `last_active_token`.
    pub token: Option<String>,
}

/// A session, for the browser that holds it.
pub fn session(lens: Lens<'_>, parts: &SessionParts<'_>) -> wire::Session {
    wire::Session {
        user: Some(user(lens, parts.profile)),
        last_active_token: parts.token.clone().map(token),
        ..bare(lens, parts)
    }
}

/// A session in the list of its user's devices: without the user, and without a token whoever it belongs to.
pub fn session_with_activity(lens: Lens<'_>, parts: &SessionParts<'_>) -> wire::SessionWithActivity {
    wire::SessionWithActivity { session: bare(lens, parts), latest_activity: activity(parts.session) }
}

fn bare(lens: Lens<'_>, parts: &SessionParts<'_>) -> wire::Session {
    let session = parts.session;
    wire::Session {
        object: word("session"),
        id: session.id.to_string(),
        status: status(lens, session),
        expire_at: session.expires_at(&lens.instance.settings.sessions).0,
        abandon_at: session.abandon_at.0,
        last_active_at: session.last_active_at.0,
        last_active_token: None,
        last_active_organization_id: None,
        actor: session.actor.clone(),
        tasks: tasks(session),
        factor_verification_age: Some(session.factor_verification_age(lens.now)),
        user: None,
        public_user_data: Some(public_user_data(lens, parts.profile)),
        created_at: session.created_at.0,
        updated_at: session.updated_at.0,
    }
}

/// The part of a user that other people may see.
pub fn public_user_data(lens: Lens<'_>, profile: &Profile) -> wire::PublicUserData {
    let image_url = image_url(lens, profile);
    wire::PublicUserData {
        first_name: profile.user.first_name.clone(),
        last_name: profile.user.last_name.clone(),
        profile_image_url: Some(image_url.clone()),
        image_url,
        has_image: false,
        identifier: profile.identifier().to_owned(),
        user_id: Some(profile.user.id.to_string()),
        username: profile.user.username.clone(),
        banned: profile.user.banned,
        deprovisioned: false,
    }
}

/// A session, for the backend.
pub fn bapi_session(lens: Lens<'_>, session: &Session) -> wire::BapiSession {
    wire::BapiSession {
        object: word("session"),
        id: session.id.to_string(),
        user_id: session.user_id.to_string(),
        client_id: session.client_id.to_string(),
        actor: session.actor.clone(),
        status: status(lens, session),
        last_active_organization_id: None,
        last_active_at: session.last_active_at.0,
        latest_activity: Some(activity(session)),
        expire_at: session.expires_at(&lens.instance.settings.sessions).0,
        abandon_at: session.abandon_at.0,
        tasks: tasks(session),
        updated_at: session.updated_at.0,
        created_at: session.created_at.0,
    }
}

/// What must be done first; `null` when nothing is.
fn tasks(session: &Session) -> Option<Vec<wire::SessionTask>> {
    let tasks: Vec<_> = session.tasks.iter().map(|task| wire::SessionTask { key: word(task.as_str()) }).collect();
    (!tasks.is_empty()).then_some(tasks)
}

fn status(lens: Lens<'_>, session: &Session) -> wire::Word {
    word(session.status_at(&lens.instance.settings.sessions, lens.now).as_str())
}
