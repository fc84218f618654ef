//! `/v1/me/sessions`: the user's devices.

use crate::answer::{bare, changed};
use axum::extract::State;
use verger_http::{AppState, Call, Reply, Segments};
use verger_service::LiveSession;

/// `GET /v1/me/sessions`: a bare list.
pub(crate) async fn sessions(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    let sessions = app.service().my_active_sessions(&call.ctx, visitor, call.acting_session.as_deref()).await?;
    bare(&sessions.iter().map(|session| session.render(&call.ctx)).collect::<Vec<_>>())
}

/// `GET /v1/me/sessions/active`: a bare list, with what is known about each device.
pub(crate) async fn active_sessions(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    let sessions = app.service().my_active_sessions(&call.ctx, visitor, call.acting_session.as_deref()).await?;
    bare(&sessions.iter().map(|session| session.render_with_activity(&call.ctx)).collect::<Vec<_>>())
}

/// `POST /v1/me/sessions/{id}/revoke`
pub(crate) async fn revoke_session(State(app): State<AppState>, call: Call, Segments(id): Segments<String>) -> Reply {
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    changed(&call, &app.service().revoke_my_session(&call.ctx, visitor, acting, &id).await?, LiveSession::render)
}
