//! A client: one browser or device, with the sessions and the attempts that live on it.

use crate::{ClientId, Millis, SessionId, SignInId, SignUpId, Strategy};

/// For how long the previous rotating token is still taken after a rotation.
pub const ROTATION_GRACE: Millis = Millis::from_secs(60);
/// How long a client cookie lives (browsers cap at 400 days).
pub const COOKIE_LIFETIME: Millis = Millis::from_days(400);

/// A browser or device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its id.
    pub id: ClientId,
    /// SHA-256 of the rotating token that its cookie must carry.
    pub rotating_token_hash: String,
    /// SHA-256 of the token before the last rotation.
    pub previous_token_hash: Option<String>,
    /// When the token was last rotated.
    pub rotated_at: Millis,
    /// The attempt that can be changed.
    pub sign_in_id: Option<SignInId>,
    /// The attempt that can be changed.
    pub sign_up_id: Option<SignUpId>,
    /// The session that was used last.
    pub last_active_session_id: Option<SessionId>,
    /// How somebody last signed in here.
    pub last_authentication_strategy: Option<Strategy>,
    /// When it was first seen.
    pub created_at: Millis,
    /// When a session last joined, left, or changed its status. Drives `__client_uat`; never bumped by anything else.
    pub updated_at: Millis,
    /// Guard against lost updates.
    pub version: i64,
}

/// How much a presented rotating token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieTrust {
    /// The current token: everything.
    Current,
    /// The token before the last rotation, within the grace: only sessions made before that rotation.
    Previous,
}

impl Client {
    /// Judges the hash of a presented rotating token. `None`: the cookie is worth nothing.
    pub fn judge(&self, presented_hash: &str, now: Millis) -> Option<CookieTrust> {
        if presented_hash == self.rotating_token_hash {
            return Some(CookieTrust::Current);
        }
        let in_grace = now < self.rotated_at + ROTATION_GRACE;
        let is_previous = self.previous_token_hash.as_deref() == Some(presented_hash);
        (in_grace && is_previous).then_some(CookieTrust::Previous)
    }

    /// Puts a new rotating token in the place of the current one.
    pub fn rotate(&mut self, token_hash: String, now: Millis) {
        self.previous_token_hash = Some(std::mem::replace(&mut self.rotating_token_hash, token_hash));
        self.rotated_at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client() -> Client {
        Client {
            id: "client_1".parse().expect("an id"),
            rotating_token_hash: "a".into(),
            previous_token_hash: None,
            rotated_at: Millis(0),
            sign_in_id: None,
            sign_up_id: None,
            last_active_session_id: None,
            last_authentication_strategy: None,
            created_at: Millis(0),
            updated_at: Millis(0),
            version: 1,
        }
    }

    #[test]
    fn the_previous_token_is_good_for_a_minute() {
        let mut client = client();
        client.rotate("b".into(), Millis(1000));
        assert_eq!(client.judge("b", Millis(1000)), Some(CookieTrust::Current));
        assert_eq!(client.judge("a", Millis(60_999)), Some(CookieTrust::Previous));
        assert_eq!(client.judge("a", Millis(61_000)), None);
    }

    #[test]
    fn an_older_token_is_worth_nothing() {
        let mut client = client();
        client.rotate("b".into(), Millis(1000));
        client.rotate("c".into(), Millis(2000));
        assert_eq!(client.judge("a", Millis(2001)), None);
    }
}
