//! `/v1/clear-site-data`: forgets everything that a browser keeps of the Frontend API's host.

use axum::http::header::HeaderName;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::IntoResponse;
use verger_http::Reply;
use verger_model::Code;

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// `GET /v1/clear-site-data`. A picture on a stranger's page must not sign people out.
///
/// # Errors
/// `origin_invalid` when another site asks.
pub(crate) async fn get(headers: HeaderMap) -> Reply {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if site == Some(b"cross-site") {
        return Err(Code::OriginInvalid.into());
    }
    let mut response = StatusCode::OK.into_response();
    response.headers_mut().insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"*\""));
    Ok(response)
}
