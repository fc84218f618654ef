//! `/v1/me/passkeys`: passkeys that users make and look after.

use crate::answer::{changed, shown};
use axum::extract::State;
use verger_http::{AppState, Call, Form, Reply, Segments};
use verger_model::{Code, Refusal, Strategy};
use verger_service::{Ctx, PasskeyState};
use verger_wire::Passkey;

fn render(state: &PasskeyState, ctx: &Ctx) -> Passkey {
    verger_views::passkey(ctx.lens(), &state.passkey, state.challenge.as_ref())
}

/// `POST /v1/me/passkeys`
pub(crate) async fn create_passkey(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    changed(&call, &app.service().create_passkey(&call.ctx, visitor, call.acting_session.as_deref()).await?, render)
}

/// `POST /v1/me/passkeys/{id}/attempt_verification`
pub(crate) async fn attempt_passkey_verification(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let strategy = form.required("strategy");
    let answer = form.required("public_key_credential");
    form.finish()?;
    if strategy != Strategy::Passkey.as_str() {
        return Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into());
    }
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    let outcome = app.service().attempt_passkey_verification(&call.ctx, visitor, acting, &id, &answer).await?;
    changed(&call, &outcome, render)
}

/// `GET /v1/me/passkeys/{id}`
pub(crate) async fn get_passkey(State(app): State<AppState>, call: Call, Segments(id): Segments<String>) -> Reply {
    let visitor = call.visitor(&app).await?;
    shown(&call, &app.service().get_passkey(&call.ctx, visitor, call.acting_session.as_deref(), &id).await?, render)
}

/// `PATCH /v1/me/passkeys/{id}`
pub(crate) async fn rename_passkey(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let name = form.text("name");
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    let outcome = app.service().rename_passkey(&call.ctx, visitor, acting, &id, name.as_deref()).await?;
    changed(&call, &outcome, render)
}

/// `DELETE /v1/me/passkeys/{id}`
pub(crate) async fn delete_passkey(State(app): State<AppState>, call: Call, Segments(id): Segments<String>) -> Reply {
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().delete_passkey(&call.ctx, visitor, call.acting_session.as_deref(), &id).await?;
    changed(&call, &outcome, |id, _| verger_views::deleted("passkey", id.as_str()))
}
