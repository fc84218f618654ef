//! The discovery document.

use crate::{Lens, words};
use verger_wire as wire;

/// `/.well-known/openid-configuration`: issuer, keys, and where the authorization server is.
pub fn openid_configuration(lens: Lens<'_>) -> wire::OpenIdConfiguration {
    let base = &lens.addresses.frontend_api;
    let at = |path: &str| format!("{base}{path}");
    wire::OpenIdConfiguration {
        issuer: base.clone(),
        authorization_endpoint: at("/oauth/authorize"),
        token_endpoint: at("/oauth/token"),
        revocation_endpoint: at("/oauth/token/revoke"),
        introspection_endpoint: at("/oauth/token_info"),
        userinfo_endpoint: at("/oauth/userinfo"),
        jwks_uri: at("/.well-known/jwks.json"),
        end_session_endpoint: None,
        scopes_supported: words(&["openid", "profile", "email"]),
        response_types_supported: words(&["code"]),
        response_modes_supported: words(&["form_post", "query"]),
        grant_types_supported: words(&["authorization_code", "refresh_token"]),
        subject_types_supported: words(&["public"]),
        id_token_signing_alg_values_supported: words(&["RS256"]),
        token_endpoint_auth_methods_supported: words(&["client_secret_basic", "none", "client_secret_post"]),
        claims_supported: words(&["sub", "iss", "aud", "exp", "iat", "email", "email_verified", "name"]),
        code_challenge_methods_supported: words(&["S256"]),
        backchannel_logout_supported: false,
        frontchannel_logout_supported: false,
    }
}
