//! The OpenID Connect discovery document.

use crate::Word;
use serde::{Deserialize, Serialize};

/// `/.well-known/openid-configuration`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIdConfiguration {
    /// The Frontend API's base address: `iss` of its tokens.
    pub issuer: String,
    /// Where users agree.
    pub authorization_endpoint: String,
    /// Where codes become tokens.
    pub token_endpoint: String,
    /// Where tokens are taken back.
    pub revocation_endpoint: String,
    /// Where tokens are looked up.
    pub introspection_endpoint: String,
    /// Where the claims about a user are.
    pub userinfo_endpoint: String,
    /// Where the verification keys are.
    pub jwks_uri: String,
    /// Where users sign out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_session_endpoint: Option<String>,
    /// Scopes.
    pub scopes_supported: Vec<Word>,
    /// Response types.
    pub response_types_supported: Vec<Word>,
    /// Response modes.
    pub response_modes_supported: Vec<Word>,
    /// Grant types.
    pub grant_types_supported: Vec<Word>,
    /// Subject types.
    pub subject_types_supported: Vec<Word>,
    /// How ID tokens are signed.
    pub id_token_signing_alg_values_supported: Vec<Word>,
    /// How clients prove who they are.
    pub token_endpoint_auth_methods_supported: Vec<Word>,
    /// Claims.
    pub claims_supported: Vec<Word>,
    /// Ways of the code challenge.
    pub code_challenge_methods_supported: Vec<Word>,
    /// Whether applications are told of a sign-out from behind.
    pub backchannel_logout_supported: bool,
    /// Whether applications are told of a sign-out in the browser.
    pub frontchannel_logout_supported: bool,
}
