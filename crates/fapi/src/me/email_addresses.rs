//! `/v1/me/email_addresses`: addresses that users give to themselves.

use crate::answer::{bare, changed, shown};
use axum::extract::State;
use verger_http::{AppState, Call, Form, Reply, Segments};
use verger_model::identification::Identification;
use verger_service::{Ctx, OAuthRedirects, PrepareVerification};
use verger_wire::EmailAddress;

fn render(address: &Identification, ctx: &Ctx) -> EmailAddress {
    verger_views::email_address(ctx.lens(), address, &[])
}

/// `GET /v1/me/email_addresses`: a bare list.
pub(crate) async fn email_addresses(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    let found = app.service().my_email_addresses(&call.ctx, visitor, call.acting_session.as_deref()).await?;
    bare(&found.iter().map(|address| render(address, &call.ctx)).collect::<Vec<_>>())
}

/// `POST /v1/me/email_addresses`
pub(crate) async fn create_email_address(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let text = form.required("email_address");
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    changed(&call, &app.service().add_my_email_address(&call.ctx, visitor, acting, &text).await?, render)
}

/// `GET /v1/me/email_addresses/{id}`
pub(crate) async fn email_address(State(app): State<AppState>, call: Call, Segments(id): Segments<String>) -> Reply {
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    shown(&call, &app.service().my_email_address(&call.ctx, visitor, acting, &id).await?, render)
}

/// `DELETE /v1/me/email_addresses/{id}`
pub(crate) async fn delete_email_address(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
) -> Reply {
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    let outcome = app.service().delete_my_email_address(&call.ctx, visitor, acting, &id).await?;
    changed(&call, &outcome, |id, _| verger_views::deleted("email_address", id.as_str()))
}

/// `POST /v1/me/email_addresses/{id}/prepare_verification`
pub(crate) async fn prepare_email_address(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let redirects = OAuthRedirects { redirect_url: form.text("redirect_url"), ..OAuthRedirects::default() };
    let prepare = PrepareVerification { strategy: form.required("strategy"), channel: None, redirects };
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    let outcome = app.service().prepare_my_email_address(&call.ctx, visitor, acting, &id, prepare).await?;
    changed(&call, &outcome, render)
}

/// `POST /v1/me/email_addresses/{id}/attempt_verification`
pub(crate) async fn attempt_email_address(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let code = form.required("code");
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    let outcome = app.service().attempt_my_email_address(&call.ctx, visitor, acting, &id, &code).await?;
    changed(&call, &outcome, render)
}
