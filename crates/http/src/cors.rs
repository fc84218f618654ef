//! Which pages may read answers. The browser asks with credentials, so the origin is echoed, never starred.

use crate::origin::Origin;
use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS,
    ORIGIN, VARY,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

/// What clerk-js reads from answers of another origin.
const EXPOSED: HeaderValue =
    HeaderValue::from_static("Retry-After, X-Country, Authorization, Clerk-Db-Jwt, X-Clerk-Trace-Id");

/// The value to echo, for an origin that may read.
pub(crate) fn echo(origin: Option<&Origin>, headers: &HeaderMap) -> Option<HeaderValue> {
    origin.filter(|origin| origin.trust.is_served())?;
    headers.get(ORIGIN).cloned()
}

/// The answer to a preflight.
pub(crate) fn preflight(allowed: bool, asked: &HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    if !allowed {
        return response;
    }
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE"));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    if let Some(names) = asked.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    response
}

/// Writes the headers of an answer. Caches must tell origins apart even where none may read.
pub(crate) fn apply(echo: Option<HeaderValue>, headers: &mut HeaderMap) {
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    let Some(origin) = echo else { return };
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
}
