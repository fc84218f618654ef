//! `/v1/verify`: the address in mails. Opening it proves an address, and leads back to the page that asked.

use crate::answer::set_cookies;
use axum::extract::State;
use axum::http::header::{ACCEPT, REFERRER_POLICY};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::IntoResponse;
use verger_http::{AppState, Call, Reply, see_other};
use verger_model::{Code, Refusal};
use verger_service::Error;

/// `GET /v1/verify`: people are sent on with the verdict, programs are told a refusal as it is.
pub(crate) async fn get(State(app): State<AppState>, method: Method, headers: HeaderMap, call: Call) -> Reply {
    let token = call.param("token").filter(|token| !token.is_empty());
    let token = token.ok_or_else(|| Refusal::param(Code::MissingQueryParameter, "token"))?;
    if method == Method::HEAD || is_prefetch(&headers) {
        return Ok(StatusCode::OK.into_response());
    }
    let visitor = app.service().visitor_of_redirect(&call.ctx, &call.presented).await?;
    let outcome = match app.service().open_email_link(&call.ctx, visitor, &token).await {
        Err(Error::Refused(_)) if is_navigation(&headers) => return see_other(&unknown_link(&call)),
        other => other?,
    };
    if let Some(refusal) = outcome.value.refusal.clone().filter(|_| !is_navigation(&headers)) {
        return Err(refusal.into());
    }
    let mut response = see_other(&outcome.value.location())?;
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    set_cookies(&call, &mut response, &outcome.cookie, outcome.state.as_ref());
    Ok(response)
}

/// The page that says so when nothing in a link can be trusted, not even where it leads to.
fn unknown_link(call: &Call) -> String {
    format!("{}/verify?__clerk_status=failed", call.ctx.tenant.addresses.portal)
}

/// A browser that looks ahead has not opened anything yet.
pub(crate) fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose"]
        .iter()
        .filter_map(|name| headers.get(*name)?.to_str().ok())
        .any(|value| value.to_ascii_lowercase().contains("prefetch"))
}

fn is_navigation(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text("sec-fetch-mode") == "navigate" || text(ACCEPT.as_str()).contains("text/html")
}
