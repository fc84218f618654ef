//! `/v1/proxy-health`: whether the application's own proxy carries requests as it must. The door has judged its secret key before.

use axum::http::{HeaderMap, HeaderName, StatusCode};
use serde_json::json as object;
use verger_http::{Call, Reply, json};
use verger_model::{Code, Refusal};

const PROXY_URL: HeaderName = HeaderName::from_static("clerk-proxy-url");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// `GET /v1/proxy-health`
pub(crate) async fn get(headers: HeaderMap, call: Call) -> Reply {
    let missing = || Refusal::param(Code::MissingQueryParameter, "domain_id");
    call.param("domain_id").filter(|id| !id.is_empty()).ok_or_else(missing)?;
    if !headers.contains_key(PROXY_URL) {
        return Ok(unhealthy("the request did not come through a proxy: there is no Clerk-Proxy-Url"));
    }
    match headers.get(FORWARDED_FOR).and_then(|value| value.to_str().ok()).filter(|text| !text.is_empty()) {
        Some(address) => Ok(json(StatusCode::OK, &object!({ "status": "healthy", "x_forwarded_for": address }))),
        None => Ok(unhealthy("the proxy does not say whom it stands for: there is no X-Forwarded-For")),
    }
}

fn unhealthy(message: &str) -> axum::response::Response {
    json(StatusCode::SERVICE_UNAVAILABLE, &object!({ "status": "unhealthy", "message": message }))
}
