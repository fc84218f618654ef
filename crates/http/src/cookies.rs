//! The cookies of the Frontend API: `__client`, which only it reads, and `__client_uat`, by which apps see that somebody signed
//! in or out.

use axum::http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use verger_model::client::COOKIE_LIFETIME;
use verger_service::{CookieChange, Tenant};

const CLIENT: &str = "__client";
/// Cookies of other apps on the same host come along too; more values than this are not tried.
const MAX_VALUES: usize = 8;
/// The longest value that is tried, in bytes.
const MAX_LENGTH: usize = 4096;

/// Every `__client` value of a request: a browser sends one per path, and cookies ignore ports.
pub(crate) fn client_values(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let values = pairs.filter(|(name, _)| *name == CLIENT).map(|(_, value)| value);
    values.filter(|value| !value.is_empty() && value.len() <= MAX_LENGTH).take(MAX_VALUES).map(str::to_owned).collect()
}

/// Adds what becomes of `__client`, and `__client_uat` (plain and suffixed) where `uat` is known: Unix seconds, 0 when nobody is
/// signed in.
pub fn set_client_cookies(headers: &mut HeaderMap, tenant: &Tenant, change: &CookieChange, uat: Option<i64>) {
    let secure = if tenant.addresses.secure { "; Secure" } else { "" };
    let lifetime = COOKIE_LIFETIME.secs();
    let client = match change {
        CookieChange::Keep => None,
        CookieChange::Set(value) => Some((value.as_str(), lifetime)),
        CookieChange::Clear => Some(("", 0)),
    };
    if let Some((value, age)) = client {
        let path = &tenant.addresses.cookie_path;
        append(headers, format!("{CLIENT}={value}; Path={path}; Max-Age={age}; HttpOnly; SameSite=Lax{secure}"));
    }
    let Some(uat) = uat else { return };
    let domain = tenant.addresses.uat_domain.as_ref().map_or(String::new(), |domain| format!("; Domain={domain}"));
    let attributes = format!("; Path=/{domain}; Max-Age={lifetime}; SameSite=Lax{secure}");
    append(headers, format!("__client_uat={uat}{attributes}"));
    append(headers, format!("__client_uat_{}={uat}{attributes}", tenant.cookie_suffix));
}

/// Tells a native app its new client token. It keeps whatever it is told last, so nothing is said when the token stays; one that is
/// gone is known by the answer.
pub fn set_client_token(headers: &mut HeaderMap, change: &CookieChange) {
    let CookieChange::Set(token) = change else { return };
    if let Ok(value) = HeaderValue::try_from(token) {
        headers.insert(AUTHORIZATION, value);
    }
}

fn append(headers: &mut HeaderMap, line: String) {
    if let Ok(value) = HeaderValue::try_from(line) {
        headers.append(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_value_is_read() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=b; __client=one; __client_uat=5;__client=two"));
        headers.append(COOKIE, HeaderValue::from_static("__client=three; __client=; __client_x=four"));
        assert_eq!(client_values(&headers), ["one", "two", "three"]);
    }

    #[test]
    fn junk_is_not_tried() {
        let mut headers = HeaderMap::new();
        let long = format!("__client={}", "x".repeat(MAX_LENGTH + 1));
        headers.append(COOKIE, HeaderValue::try_from(long).unwrap());
        headers.append(COOKIE, HeaderValue::from_bytes(b"__client=\xff").unwrap());
        assert!(client_values(&headers).is_empty());
    }
}
