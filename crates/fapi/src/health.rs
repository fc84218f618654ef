//! `/v1/health`: whether this process can serve.

use axum::extract::State;
use axum::http::StatusCode;
use serde_json::json as object;
use verger_http::{AppState, Reply, json};

/// `GET /v1/health`
pub(crate) async fn get(State(app): State<AppState>) -> Reply {
    let message = if app.is_shutting_down() {
        "shutting down"
    } else if app.service().ping().await.is_err() {
        "the database does not answer"
    } else {
        return Ok(json(StatusCode::OK, &object!({"status": "healthy"})));
    };
    Ok(json(StatusCode::SERVICE_UNAVAILABLE, &object!({"status": "unhealthy", "message": message})))
}
