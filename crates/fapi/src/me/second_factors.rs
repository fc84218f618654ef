//! `/v1/me/totp` and `/v1/me/backup_codes`: second factors that users set up for themselves.

use crate::answer::changed;
use axum::extract::State;
use verger_http::{AppState, Call, Form, Reply};
use verger_service::{Ctx, EnrolledTotp};
use verger_views::TotpSecrets;
use verger_wire::Totp;

fn render(enrolled: &EnrolledTotp, _: &Ctx) -> Totp {
    let (secret, uri) = enrolled.shared.as_ref().map(|(secret, uri)| (secret, uri)).unzip();
    let backup_codes = enrolled.backup_codes.as_ref().map(|set| set.codes.as_slice());
    verger_views::totp(&enrolled.totp, TotpSecrets { secret, uri, backup_codes })
}

/// `POST /v1/me/totp`
pub(crate) async fn create_totp(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().create_totp(&call.ctx, visitor, call.acting_session.as_deref()).await?;
    changed(&call, &outcome, render)
}

/// `POST /v1/me/totp/attempt_verification`
pub(crate) async fn attempt_totp(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let code = form.required("code");
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().attempt_totp(&call.ctx, visitor, call.acting_session.as_deref(), &code).await?;
    changed(&call, &outcome, render)
}

/// `DELETE /v1/me/totp`
pub(crate) async fn delete_totp(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().delete_totp(&call.ctx, visitor, call.acting_session.as_deref()).await?;
    changed(&call, &outcome, |id, _| verger_views::deleted("totp", id.as_str()))
}

/// `POST /v1/me/backup_codes`
pub(crate) async fn create_backup_codes(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().create_backup_codes(&call.ctx, visitor, call.acting_session.as_deref()).await?;
    changed(&call, &outcome, |set, _| verger_views::backup_codes(&set.id, &set.codes, set.created_at))
}
