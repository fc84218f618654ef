//! Sessions, as their own browser, another browser of the same user, and the backend see them.

use crate::{FirstFactor, Token, User, Verification, Word};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What must be done before a session counts as signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionTask {
    /// Which task.
    pub key: Word,
}

/// Proving again who one is, inside a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionReverification {
    /// `session_reverification`
    pub object: Word,
    /// Where it stands.
    pub status: Word,
    /// How much is to be proved.
    pub level: Word,
    /// Of which session.
    pub session: Session,
    /// The ways open for the first factor.
    pub supported_first_factors: Option<Vec<FirstFactor>>,
    /// The ways open for the second factor.
    pub supported_second_factors: Option<Vec<FirstFactor>>,
    /// The challenge of the first factor that was asked last.
    pub first_factor_verification: Option<Verification>,
    /// The challenge of the second factor that was asked last.
    pub second_factor_verification: Option<Verification>,
}

/// The part of a user that other people may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicUserData {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Always a URL.
    pub image_url: String,
    /// Whether the user uploaded that picture.
    pub has_image: bool,
    /// The text that stands for the user.
    pub identifier: String,
    /// The old name of `image_url`.
    pub profile_image_url: Option<String>,
    /// Whose data.
    pub user_id: Option<String>,
    /// Username.
    pub username: Option<String>,
    /// Whether the user is banned.
    pub banned: bool,
    /// Whether a directory took the account away.
    pub deprovisioned: bool,
}

/// A session, as the Frontend API shows it to the browser that holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// `session`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// How it stands.
    pub status: Word,
    /// The end of its maximum lifetime.
    pub expire_at: i64,
    /// When it is given up if left alone.
    pub abandon_at: i64,
    /// When it was last used.
    pub last_active_at: i64,
    /// A fresh token, which primes the cache of clerk-js.
    pub last_active_token: Option<Token>,
    /// The active organization.
    pub last_active_organization_id: Option<String>,
    /// Who acts in the user's place.
    pub actor: Option<Value>,
    /// What must be done first.
    pub tasks: Option<Vec<SessionTask>>,
    /// Minutes since each factor was proved, `-1` where it never was.
    pub factor_verification_age: Option<[i64; 2]>,
    /// Whose session; `null` in lists of a user's devices.
    pub user: Option<User>,
    /// The public part of the user.
    pub public_user_data: Option<PublicUserData>,
    /// When it began.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

/// What the browser that holds a session told about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionActivity {
    /// `session_activity`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// `Macintosh`, `Windows`, `iPhone` …; left out when unknown, like all below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_type: Option<String>,
    /// Whether it is a phone or tablet.
    pub is_mobile: bool,
    /// `Chrome`, `Firefox` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser_name: Option<String>,
    /// Version of the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser_version: Option<String>,
    /// The address of the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_address: Option<String>,
    /// City of that address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Country of that address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// A session in the list of a user's devices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionWithActivity {
    /// The session, without user and token.
    #[serde(flatten)]
    pub session: Session,
    /// Where it is held.
    pub latest_activity: SessionActivity,
}

/// A session, as the Backend API shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BapiSession {
    /// `session`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// Who.
    pub user_id: String,
    /// Where.
    pub client_id: String,
    /// Who acts in the user's place.
    pub actor: Option<Value>,
    /// How it stands.
    pub status: Word,
    /// The active organization.
    pub last_active_organization_id: Option<String>,
    /// When it was last used.
    pub last_active_at: i64,
    /// Where it is held.
    pub latest_activity: Option<SessionActivity>,
    /// The end of its maximum lifetime.
    pub expire_at: i64,
    /// When it is given up if left alone.
    pub abandon_at: i64,
    /// What must be done first.
    pub tasks: Option<Vec<SessionTask>>,
    /// When it last changed.
    pub updated_at: i64,
    /// When it began.
    pub created_at: i64,
}
