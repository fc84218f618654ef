//! Answers that went well.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use verger_wire::Paginated;

pub(crate) use verger_http::Reply as Answer;

/// 200 with this body.
pub(crate) fn json<T: Serialize>(body: &T) -> Response {
    verger_http::json(StatusCode::OK, body)
}

/// What is left of a resource that was deleted.
pub(crate) fn deleted(object: &'static str, id: &str) -> Response {
    json(&verger_views::deleted(object, id))
}

/// One page of a list: a bare array, or with the total beside it for whoever asked `paginated=true`.
pub(crate) fn list<T: Serialize>(data: Vec<T>, total_count: i64, paginated: bool) -> Response {
    if paginated { json(&Paginated { data, total_count }) } else { json(&data) }
}
