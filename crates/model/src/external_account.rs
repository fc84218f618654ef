//! Accounts of users at other providers, and what such a provider tells about somebody.

use crate::refusal::Code;
use crate::{ExternalAccountId, Millis, Provider, SessionId, UserId, VerificationId};
use serde::{Deserialize, Serialize};

/// How long somebody may take at a provider.
pub const FLOW_LIFETIME: Millis = Millis::from_mins(10);

/// What a provider told about somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// `iss` of the ID token, or the provider's name where it has none.
    pub issuer: String,
    /// The provider's own id of the person: the only thing they are known by.
    pub subject: String,
    /// Email address, normalised.
    pub email_address: Option<String>,
    /// Whether the provider says that the address was proved; `None` when it does not say.
    pub email_verified: Option<bool>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// The name they go by there.
    pub username: Option<String>,
    /// Their picture.
    pub image_url: Option<String>,
}

/// What a provider gave to act in a person's name.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderTokens {
    /// The access token.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// The ID token as it came.
    pub id_token: Option<String>,
    /// When the access token ends, in Unix seconds.
    pub expires_at: Option<i64>,
    /// What it is good for, parted by spaces.
    pub scope: String,
}

/// An account of a user at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalAccount {
    /// Its id.
    pub id: ExternalAccountId,
    /// Whose it is.
    pub user_id: UserId,
    /// Where it is.
    pub provider: Provider,
    /// What the provider told last. Without a subject nobody was there yet.
    pub identity: Identity,
    /// Scopes that were granted, parted by spaces.
    pub approved_scopes: String,
    /// Whether its owner was there.
    pub verified: bool,
    /// Why connecting it failed last.
    pub error: Option<VerificationError>,
    /// Until when its owner may take to connect it.
    pub expire_at: Millis,
    /// What the provider gave, sealed.
    pub sealed_tokens: Option<Vec<u8>>,
    /// When it was connected.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}

/// Why somebody did not come back from a provider the way they wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerificationError {
    /// The code.
    pub code: Code,
    /// The session that is there already.
    pub session_id: Option<SessionId>,
}

impl From<Code> for VerificationError {
    fn from(code: Code) -> Self {
        Self { code, session_id: None }
    }
}

impl VerificationError {
    /// The stored text.
    pub fn to_text(&self) -> String {
        match &self.session_id {
            Some(id) => format!("{} {id}", self.code.as_str()),
            None => self.code.as_str().to_owned(),
        }
    }

    /// Reads the stored text.
    pub fn parse(text: &str) -> Option<Self> {
        let (code, session) = text.split_once(' ').unzip();
        let code = code.unwrap_or(text);
        let code = Code::ALL.iter().copied().find(|it| it.as_str() == code)?;
        Some(Self { code, session_id: session.map(str::parse).transpose().ok()? })
    }
}

/// What a detour to a provider is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowAim {
    /// A sign-in.
    SignIn,
    /// A sign-up.
    SignUp,
    /// Connecting an account to the signed-in user.
    Connect,
}

impl FlowAim {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::SignUp => "sign_up",
            Self::Connect => "connect",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::SignIn, Self::SignUp, Self::Connect].into_iter().find(|aim| aim.as_str() == text)
    }
}

/// A detour to a provider. It comes back once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthFlow {
    /// The challenge it answers.
    pub verification_id: VerificationId,
    /// SHA-256 of `state`.
    pub state_hash: String,
    /// On which client it began.
    pub client_id: crate::ClientId,
    /// Whether it began in a development browser, which may come back without the cookie.
    pub dev_browser: bool,
    /// Where to.
    pub provider: Provider,
    /// What for.
    pub aim: FlowAim,
    /// The attempt or the account it is for.
    pub target_id: String,
    /// Where people come back to while something is left to do.
    pub redirect_url: String,
    /// Where they come back to when nothing is.
    pub complete_url: String,
    /// Nonce and PKCE verifier on the way there; identity and tokens once they are back. Sealed.
    pub sealed: Vec<u8>,
    /// Until when it can come back.
    pub expire_at: Millis,
    /// When it began.
    pub created_at: Millis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_read_back() {
        let plain = VerificationError::from(Code::ExternalAccountNotFound);
        assert_eq!(VerificationError::parse(&plain.to_text()), Some(plain));
        let there = VerificationError {
            code: Code::IdentifierAlreadySignedIn,
            session_id: Some("sess_1".parse().expect("an id")),
        };
        assert_eq!(VerificationError::parse(&there.to_text()), Some(there));
        assert_eq!(VerificationError::parse("no_such_code"), None);
    }
}
