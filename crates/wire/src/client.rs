//! The client: a browser or device with its sessions and attempts.

use crate::{BapiSession, Session, SignIn, SignUp, Word};
use serde::{Deserialize, Serialize};

/// A client, as the Frontend API shows it to itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// `client`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// The sessions that can be used.
    pub sessions: Vec<Session>,
    /// The open sign-in attempt.
    pub sign_in: Option<SignIn>,
    /// The open sign-up attempt.
    pub sign_up: Option<SignUp>,
    /// The session that was used last.
    pub last_active_session_id: Option<String>,
    /// How somebody last signed in here.
    pub last_authentication_strategy: Option<Word>,
    /// When the browser drops the cookie; clerk-js visits the touch address before that.
    pub cookie_expires_at: Option<i64>,
    /// Whether clerk-js may skip the captcha.
    pub captcha_bypass: bool,
    /// When it was first seen.
    pub created_at: i64,
    /// When a session last joined, left or changed its status.
    pub updated_at: i64,
}

/// A client, as the Backend API shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BapiClient {
    /// `client`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// Ids of `sessions`.
    pub session_ids: Vec<String>,
    /// The sessions on it, ended ones included.
    pub sessions: Vec<BapiSession>,
    /// The open sign-in attempt.
    pub sign_in_id: Option<String>,
    /// The open sign-up attempt.
    pub sign_up_id: Option<String>,
    /// The session that was used last.
    pub last_active_session_id: Option<String>,
    /// How somebody last signed in here.
    pub last_authentication_strategy: Option<Word>,
    /// When a session last joined, left or changed its status.
    pub updated_at: i64,
    /// When it was first seen.
    pub created_at: i64,
}
