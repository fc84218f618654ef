//! Bodies. The content type is exactly `application/json`: the JavaScript backend SDK compares it literally and hands out text
//! instead of data when a charset follows.

use crate::failure::Failure;
use crate::trace::TraceId;
use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use verger_model::{Code, Refusal};
use verger_service::Error;

/// How faults of ours are answered on a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultAnswer {
    /// 503 with `Retry-After`: where SDKs judge a session by the answer, and a 500 would sign people out.
    Unavailable,
    /// 500.
    Internal,
}

/// A JSON answer.
pub fn json<T: Serialize>(status: StatusCode, body: &T) -> Response {
    let Ok(bytes) = serde_json::to_vec(body) else {
        return Failure::from(Error::internal("a body did not serialise")).into_response();
    };
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// A temporary redirect that no cache keeps.
///
/// # Errors
/// `invalid_redirect_url` for an address that cannot stand in a header.
pub fn redirect(location: &str) -> Result<Response, Failure> {
    sent_to(StatusCode::TEMPORARY_REDIRECT, location)
}

/// A redirect after something was done: whatever the method was, the next request is a GET.
///
/// # Errors
/// `invalid_redirect_url` for an address that cannot stand in a header.
pub fn see_other(location: &str) -> Result<Response, Failure> {
    sent_to(StatusCode::SEE_OTHER, location)
}

fn sent_to(status: StatusCode, location: &str) -> Result<Response, Failure> {
    let location = HeaderValue::from_str(location).map_err(|_| Code::InvalidRedirectUrl)?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The answer to a failure: the only place that writes error bodies.
pub(crate) fn error(failure: &Failure, trace: &TraceId, faults: FaultAnswer) -> Response {
    match failure.error() {
        Error::Refused(refusal) => refused(refusal, trace),
        Error::Fault(_) if faults == FaultAnswer::Internal => refused(&Code::InternalClerkError.into(), trace),
        Error::Fault(_) => refused(&Refusal::new(Code::ServiceUnavailable).retry_after(trace.jitter_secs()), trace),
    }
}

fn refused(refusal: &Refusal, trace: &TraceId) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json(status, &verger_views::errors(refusal, trace.as_str()));
    if let Some(secs) = refusal.retry_after_secs() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(secs.max(1)));
    }
    response
}
