//! The envelope of answers: the resource under `response`, and under `client` the whole client as it stands now, by which
//! clerk-js replaces what it holds.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use verger_http::{Call, Reply, json, set_client_cookies, set_client_token};
use verger_service::{ClientState, CookieChange, Ctx, Outcome};
use verger_wire::Envelope;

/// An answer without envelope.
pub(crate) fn bare<T: Serialize>(body: &T) -> Reply {
    Ok(json(StatusCode::OK, body))
}

/// The answer to a read: no cookie changes.
pub(crate) fn shown<T, W: Serialize>(call: &Call, outcome: &Outcome<T>, render: impl FnOnce(&T, &Ctx) -> W) -> Reply {
    let client = outcome.state.as_ref().map(|state| state.render(&call.ctx));
    bare(&Envelope { response: render(&outcome.value, &call.ctx), client })
}

/// The answer to a change, with the cookies that follow from it.
pub(crate) fn changed<T, W: Serialize>(call: &Call, outcome: &Outcome<T>, render: impl FnOnce(&T, &Ctx) -> W) -> Reply {
    let mut response = shown(call, outcome, render)?;
    set_cookies(call, &mut response, &outcome.cookie, outcome.state.as_ref());
    Ok(response)
}

/// The answer about the client itself: it is the resource, so it is not repeated beside it.
pub(crate) fn client(call: &Call, state: Option<&ClientState>) -> Reply {
    bare(&Envelope { response: state.map(|state| state.render(&call.ctx)), client: None })
}

/// The same after a change.
pub(crate) fn changed_client<T>(call: &Call, outcome: &Outcome<T>) -> Reply {
    let mut response = client(call, outcome.state.as_ref())?;
    set_cookies(call, &mut response, &outcome.cookie, outcome.state.as_ref());
    Ok(response)
}

/// Writes `__client` and `__client_uat`, or the client token of a native app. A client that is gone has nobody signed in.
pub(crate) fn set_cookies(call: &Call, response: &mut Response, cookie: &CookieChange, state: Option<&ClientState>) {
    if call.is_native {
        return set_client_token(response.headers_mut(), cookie);
    }
    let gone = *cookie == CookieChange::Clear;
    let uat = state.map(ClientState::uat).or(gone.then_some(0));
    set_client_cookies(response.headers_mut(), &call.ctx.tenant, cookie, uat);
}
