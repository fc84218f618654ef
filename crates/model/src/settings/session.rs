//! How long sessions live and what their tokens carry.

use serde::{Deserialize, Serialize};

/// Which organization claims a session token carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionTokenFormat {
    /// `o`, `v: 2`.
    #[default]
    V2,
    /// `org_id` and its kin.
    V1,
    /// Both.
    Both,
}

/// Sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionSettings {
    /// One session per client: signing in while signed in is refused.
    pub single_session: bool,
    /// What is dear (passwords, identifiers, second factors, other devices, the account itself) asks for a factor proved less
    /// than ten minutes ago.
    pub reverification: bool,
    /// A session ends this long after it began.
    pub maximum_lifetime_seconds: Option<i64>,
    /// A session ends when unused for this long.
    pub inactivity_timeout_seconds: Option<i64>,
    /// How long a session token is good for. 60 unless a test wants to see one expire.
    pub token_lifetime_seconds: i64,
    /// Claims of session tokens.
    pub token_format: SessionTokenFormat,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            single_session: true,
            reverification: true,
            maximum_lifetime_seconds: Some(7 * 24 * 60 * 60),
            inactivity_timeout_seconds: None,
            token_lifetime_seconds: 60,
            token_format: SessionTokenFormat::V2,
        }
    }
}
