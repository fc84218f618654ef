//! `GET /v1/tickets/accept`: what the button of an invitation opens, and the address of an actor token.

use crate::answer::set_cookies;
use crate::verify::is_prefetch;
use axum::extract::State;
use axum::http::header::REFERRER_POLICY;
use axum::http::{HeaderMap, HeaderValue, Method};
use verger_http::{AppState, Call, Reply, see_other};
use verger_model::{Code, Refusal};

/// Sends the browser on to the page that takes the ticket, which is not used up by that.
pub(crate) async fn accept(State(app): State<AppState>, method: Method, headers: HeaderMap, call: Call) -> Reply {
    let missing = || Refusal::param(Code::MissingQueryParameter, "ticket");
    let ticket = call.param("ticket").filter(|ticket| !ticket.is_empty()).ok_or_else(missing)?;
    if method == Method::HEAD || is_prefetch(&headers) {
        return see_other(app.service().ticket_page(&call.ctx, &ticket).await?.as_str());
    }
    let visitor = app.service().visitor_of_redirect(&call.ctx, &call.presented).await?;
    let outcome = app.service().accept_ticket(&call.ctx, visitor, &ticket).await?;
    let mut response = see_other(outcome.value.as_str())?;
    response.headers_mut().insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    set_cookies(&call, &mut response, &outcome.cookie, outcome.state.as_ref());
    Ok(response)
}
