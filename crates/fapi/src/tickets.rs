//! `GET /v1/tickets/accept`: what the button of an invitation opens.

use axum::extract::State;
use verger_http::{AppState, Call, Reply, see_other};
use verger_model::{Code, Refusal};

/// Sends the browser on to the page that takes the ticket. Looking at a link uses nothing up.
pub(crate) async fn accept(State(app): State<AppState>, call: Call) -> Reply {
    let missing = || Refusal::param(Code::MissingQueryParameter, "ticket");
    let ticket = call.param("ticket").filter(|ticket| !ticket.is_empty()).ok_or_else(missing)?;
    see_other(app.service().accept_ticket(&call.ctx, &ticket).await?.as_str())
}
