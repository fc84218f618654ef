//! `/v1/avatars/{id}.svg`: pictures of those who uploaded none. The address says all that is in the picture, so it can be kept
//! forever.

use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use verger_http::{Call, Failure, Segments};
use verger_model::Code;

/// `GET /v1/avatars/{id}.svg?initials=…`
pub(crate) async fn get(call: Call, Segments(file): Segments<String>) -> Result<Response, Failure> {
    let seed = file.strip_suffix(".svg").ok_or(Code::ResourceNotFound)?;
    let initials = call.param("initials").unwrap_or_default();
    let mut response = verger_views::avatar_svg(&initials, seed).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'"));
    Ok(response)
}
