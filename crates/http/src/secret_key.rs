//! The secret key that a backend shows.

use crate::state::AppState;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use std::sync::Arc;
use verger_model::{Code, Refusal, Secret};
use verger_service::{Error, Tenant};

/// The tenant that the key in `Authorization` opens.
///
/// # Errors
/// `authentication_invalid` without the header, `authorization_header_format_invalid` for anything but one bearer token,
/// `clerk_key_invalid` for a key that opens nothing.
pub(crate) async fn tenant(state: &AppState, headers: &HeaderMap) -> Result<Arc<Tenant>, Error> {
    let key = bearer(headers)?;
    state.service().tenant_by_secret_key(&key).await?.ok_or_else(|| Code::ClerkKeyInvalid.into())
}

fn bearer(headers: &HeaderMap) -> Result<Secret<String>, Refusal> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    let value = sent.next().ok_or(Code::AuthenticationInvalid)?;
    if sent.next().is_some() {
        return Err(Code::MultipleAuthorizationHeaderValuesForbidden.into());
    }
    let text = value.to_str().map_err(|_| Code::AuthorizationHeaderFormatInvalid)?;
    let (scheme, key) = text.split_once(' ').ok_or(Code::AuthorizationHeaderFormatInvalid)?;
    let key = key.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || key.is_empty() || key.contains(' ') {
        return Err(Code::AuthorizationHeaderFormatInvalid.into());
    }
    Ok(Secret::from(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn read(values: &[&'static str]) -> Result<String, Code> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }
        bearer(&headers).map(|key| key.expose().clone()).map_err(|refusal| refusal.code())
    }

    #[test]
    fn a_bearer_token_is_read() {
        assert_eq!(read(&["Bearer sk_test_x"]), Ok("sk_test_x".into()));
        assert_eq!(read(&["bearer  sk_test_x"]), Ok("sk_test_x".into()));
    }

    #[test]
    fn anything_else_is_refused() {
        assert_eq!(read(&[]), Err(Code::AuthenticationInvalid));
        for text in ["Token x", "sk_test_x", "Bearer ", "Bearer a b", "Basic eDp5"] {
            assert_eq!(read(&[text]), Err(Code::AuthorizationHeaderFormatInvalid), "{text}");
        }
        assert_eq!(read(&["Bearer a", "Bearer b"]), Err(Code::MultipleAuthorizationHeaderValuesForbidden));
    }
}
