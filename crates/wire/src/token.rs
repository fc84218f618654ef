//! Tokens and the answers that carry them.

use crate::Word;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A signed token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// `token`
    #[serde(default = "token_word")]
    pub object: Word,
    /// The compact form.
    pub jwt: String,
}

fn token_word() -> Word {
    Word::Borrowed("token")
}

/// The claims of a session token, in the order of their names. Times are Unix seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionClaims {
    /// Who acts in the user's place; left out if nobody does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Value>,
    /// The origin of the app that asked; left out if unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub azp: Option<String>,
    /// Until when it is good.
    pub exp: i64,
    /// Minutes since each factor was proved, `-1` where it never was.
    pub fva: [i64; 2],
    /// When it was made.
    pub iat: i64,
    /// The Frontend API's base address.
    pub iss: String,
    /// Unique per token.
    #[serde(default)]
    pub jti: String,
    /// From when it is good.
    pub nbf: i64,
    /// Which session.
    pub sid: String,
    /// `active` or `pending`.
    #[serde(default)]
    pub sts: Word,
    /// Which user.
    pub sub: String,
    /// `2` in the format with compact organization claims; left out in the older one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v: Option<u8>,
}

/// The claims of a handshake token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandshakeClaims {
    /// `Set-Cookie` directives for the app's own host.
    pub handshake: Vec<String>,
}

/// What a handshake nonce stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandshakePayload {
    /// `Set-Cookie` directives for the app's own host.
    pub directives: Vec<String>,
}

/// The answer of a refresh that asked for cookies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cookies {
    /// `cookies`
    pub object: Word,
    /// `Set-Cookie` directives for the app's own host.
    pub cookies: Vec<String>,
}

/// A sign-in token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInToken {
    /// `sign_in_token`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// `pending`, `accepted` or `revoked`.
    pub status: Word,
    /// Whom it signs in.
    pub user_id: String,
    /// The ticket; left out after the first showing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// A sign-in page that takes the ticket.
    pub url: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

/// An actor token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActorToken {
    /// `actor_token`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// `pending`, `accepted` or `revoked`.
    pub status: Word,
    /// In whose place.
    pub user_id: String,
    /// Who acts.
    pub actor: Value,
    /// The ticket; left out after the first showing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// An address that signs everybody out of the browser and goes on with the ticket; left out with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

/// A testing token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestingToken {
    /// `testing_token`
    pub object: Word,
    /// Goes into the query as `__clerk_testing_token`.
    pub token: String,
    /// Until when it is good, in Unix seconds.
    pub expires_at: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claims() -> SessionClaims {
        SessionClaims {
            act: None,
            azp: None,
            exp: 160,
            fva: [0, -1],
            iat: 100,
            iss: "http://localhost:4000".into(),
            jti: "67cd6e0dc215292d55e8".into(),
            nbf: 90,
            sid: "sess_1".into(),
            sts: "active".into(),
            sub: "user_1".into(),
            v: None,
        }
    }

    #[test]
    fn a_claim_that_is_not_made_is_left_out() {
        let written = serde_json::to_value(claims()).unwrap();
        let names: Vec<_> = written.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["exp", "fva", "iat", "iss", "jti", "nbf", "sid", "sts", "sub"]);
    }

    #[test]
    fn claims_of_others_do_not_disturb() {
        let mut written = serde_json::to_value(claims()).unwrap();
        written["o"] = json!({"id": "org_1"});
        assert_eq!(serde_json::from_value::<SessionClaims>(written).unwrap(), claims());
    }
}
