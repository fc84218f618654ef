//! `/v1/client/sign_ins`: attempts to sign in.

use super::redirects_of;
use crate::answer::{changed, shown};
use axum::extract::State;
use verger_http::{AppState, Call, Failure, Form, Reply, Segments};
use verger_model::Secret;
use verger_service::{FactorAnswer, PrepareFactor, ResetPassword, SignInInput, SignInState};

/// `POST /v1/client/sign_ins`
pub(crate) async fn create(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let input = SignInInput {
        identifier: form.text("identifier"),
        strategy: form.text("strategy"),
        ticket: form.text("ticket"),
        email_address_id: form.text("email_address_id"),
        phone_number_id: form.text("phone_number_id"),
        channel: form.text("channel"),
        locale: form.text("locale"),
        password: form.secret("password"),
        redirects: redirects_of(&mut form),
        transfer: form.flag("transfer").unwrap_or(false),
    };
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    changed(&call, &app.service().create_sign_in(&call.ctx, visitor, input).await?, SignInState::render)
}

/// `GET /v1/client/sign_ins/{id}`
pub(crate) async fn get(State(app): State<AppState>, call: Call, Segments(id): Segments<String>) -> Reply {
    let visitor = call.visitor(&app).await?;
    shown(&call, &app.service().get_sign_in(&call.ctx, visitor, &id).await?, SignInState::render)
}

/// `POST /v1/client/sign_ins/{id}/prepare_first_factor`
pub(crate) async fn prepare_first_factor(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    form: Form,
) -> Reply {
    let prepare = factor(form)?;
    let visitor = call.visitor(&app).await?;
    changed(&call, &app.service().prepare_first_factor(&call.ctx, visitor, &id, prepare).await?, SignInState::render)
}

/// `POST /v1/client/sign_ins/{id}/attempt_first_factor`
pub(crate) async fn attempt_first_factor(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let answer = FactorAnswer {
        strategy: form.required("strategy"),
        code: form.text("code"),
        password: form.secret("password"),
        public_key_credential: form.text("public_key_credential"),
        ticket: form.text("ticket"),
    };
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    changed(&call, &app.service().attempt_first_factor(&call.ctx, visitor, &id, answer).await?, SignInState::render)
}

/// `POST /v1/client/sign_ins/{id}/prepare_second_factor`
pub(crate) async fn prepare_second_factor(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    form: Form,
) -> Reply {
    let prepare = factor(form)?;
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().prepare_second_factor(&call.ctx, visitor, &id, prepare).await?;
    changed(&call, &outcome, SignInState::render)
}

/// `POST /v1/client/sign_ins/{id}/attempt_second_factor`
pub(crate) async fn attempt_second_factor(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let (strategy, code) = (form.required("strategy"), form.text("code"));
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().attempt_second_factor(&call.ctx, visitor, &id, &strategy, code).await?;
    changed(&call, &outcome, SignInState::render)
}

/// `POST /v1/client/sign_ins/{id}/reset_password`
pub(crate) async fn reset_password(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let reset = ResetPassword {
        password: Secret::new(form.required("password")),
        sign_out_of_other_sessions: form.flag("sign_out_of_other_sessions").unwrap_or(true),
    };
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    changed(&call, &app.service().reset_password(&call.ctx, visitor, &id, reset).await?, SignInState::render)
}

/// Which challenge a request asks for.
pub(super) fn factor(mut form: Form) -> Result<PrepareFactor, Failure> {
    let prepare = PrepareFactor {
        strategy: form.required("strategy"),
        email_address_id: form.text("email_address_id"),
        phone_number_id: form.text("phone_number_id"),
        channel: form.text("channel"),
        redirects: redirects_of(&mut form),
    };
    form.finish()?;
    Ok(prepare)
}
