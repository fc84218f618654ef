//! `/v1/client/handshake`: the redirect by which an app's server learns who is signed in.

use crate::answer::set_cookies;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::SET_COOKIE;
use verger_http::{AppState, Call, Reply, redirect};
use verger_model::Code;
use verger_service::HandshakeRequest;

/// `GET /v1/client/handshake`
pub(crate) async fn handshake(State(app): State<AppState>, call: Call) -> Reply {
    let request = HandshakeRequest {
        redirect_url: call.param("redirect_url").ok_or(Code::InvalidHandshake)?,
        format: call.param("format"),
        session_hint: call.param("__session").filter(|token| !token.is_empty()),
        dev_browser_token: call.presented.dev_browser.clone(),
    };
    let visitor = app.service().visitor_of_redirect(&call.ctx, &call.presented).await?;
    let reply = app.service().handshake(&call.ctx, visitor, request).await?;
    let mut response = redirect(&reply.location)?;
    set_cookies(&call, &mut response, &reply.cookie, None);
    for line in reply.set_cookies {
        let line = HeaderValue::try_from(line).map_err(verger_service::Error::internal)?;
        response.headers_mut().append(SET_COOKIE, line);
    }
    Ok(response)
}
