//! `/v1/client/sessions`: who is signed in on this browser, and their tokens.

use crate::answer::{bare, changed, changed_client, shown};
use axum::extract::State;
use verger_http::{AppState, Call, Form, Reply, Segments};
use verger_service::{LiveSession, Touch};

/// `DELETE /v1/client/sessions`: signs everybody out; client and cookie stay.
pub(crate) async fn remove_all(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    changed_client(&call, &app.service().sign_out_all(&call.ctx, visitor).await?)
}

/// `GET /v1/client/sessions/{id}`
pub(crate) async fn get(State(app): State<AppState>, call: Call, Segments(id): Segments<String>) -> Reply {
    let visitor = call.visitor_with(&app, &id).await?;
    shown(&call, &app.service().get_session(&call.ctx, visitor, &id).await?, LiveSession::render)
}

/// `POST /v1/client/sessions/{id}/touch`. Nothing about the form is refused: clerk-js takes a 422 here for a sign-out.
pub(crate) async fn touch(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let touch = Touch { active_organization_id: form.patch("active_organization_id"), intent: form.text("intent") };
    let visitor = call.visitor_with(&app, &id).await?;
    changed(&call, &app.service().touch_session(&call.ctx, visitor, &id, touch).await?, LiveSession::render)
}

/// `POST /v1/client/sessions/{id}/end`
pub(crate) async fn end(State(app): State<AppState>, call: Call, Segments(id): Segments<String>) -> Reply {
    let visitor = call.visitor_with(&app, &id).await?;
    changed(&call, &app.service().end_session(&call.ctx, visitor, &id).await?, LiveSession::render)
}

/// `POST /v1/client/sessions/{id}/remove`
pub(crate) async fn remove(State(app): State<AppState>, call: Call, Segments(id): Segments<String>) -> Reply {
    let visitor = call.visitor_with(&app, &id).await?;
    changed(&call, &app.service().remove_session(&call.ctx, visitor, &id).await?, LiveSession::render)
}

/// `POST /v1/client/sessions/{id}/tokens`. As with `touch`, nothing about the form is refused.
pub(crate) async fn create_token(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let organization = form.patch("organization_id");
    let visitor = call.visitor_with(&app, &id).await?;
    let jwt = app.service().session_token(&call.ctx, visitor, &id, organization).await?;
    bare(&verger_views::token(jwt))
}

/// `POST /v1/client/sessions/{id}/tokens/{template}`
pub(crate) async fn create_template_token(
    State(app): State<AppState>,
    call: Call,
    Segments((id, template)): Segments<(String, String)>,
) -> Reply {
    let visitor = call.visitor_with(&app, &id).await?;
    let jwt = app.service().session_template_token(&call.ctx, visitor, &id, &template).await?;
    bare(&verger_views::token(jwt))
}
