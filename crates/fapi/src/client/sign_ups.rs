//! `/v1/client/sign_ups`: attempts to make an account.

use super::redirects_of;
use crate::answer::{changed, shown};
use crate::captcha::answer_of;
use axum::extract::State;
use verger_http::{AppState, Call, Failure, Form, Reply, Segments};
use verger_service::{PrepareVerification, SignUpInput, SignUpState};

/// `POST /v1/client/sign_ups`
pub(crate) async fn create(State(app): State<AppState>, call: Call, form: Form) -> Reply {
    let input = input(&call, form)?;
    let visitor = call.visitor(&app).await?;
    changed(&call, &app.service().create_sign_up(&call.ctx, visitor, input).await?, SignUpState::render)
}

/// `PATCH /v1/client/sign_ups/{id}`
pub(crate) async fn update(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    form: Form,
) -> Reply {
    let input = input(&call, form)?;
    let visitor = call.visitor(&app).await?;
    changed(&call, &app.service().update_sign_up(&call.ctx, visitor, &id, input).await?, SignUpState::render)
}

/// `GET /v1/client/sign_ups/{id}`
pub(crate) async fn get(State(app): State<AppState>, call: Call, Segments(id): Segments<String>) -> Reply {
    let visitor = call.visitor(&app).await?;
    shown(&call, &app.service().get_sign_up(&call.ctx, visitor, &id).await?, SignUpState::render)
}

/// `POST /v1/client/sign_ups/{id}/prepare_verification`
pub(crate) async fn prepare_verification(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let prepare = PrepareVerification {
        strategy: form.required("strategy"),
        channel: form.text("channel"),
        redirects: redirects_of(&mut form),
    };
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    changed(&call, &app.service().prepare_sign_up(&call.ctx, visitor, &id, prepare).await?, SignUpState::render)
}

/// `POST /v1/client/sign_ups/{id}/attempt_verification`
pub(crate) async fn attempt_verification(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let strategy = form.required("strategy");
    let code = form.text("code");
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    changed(&call, &app.service().attempt_sign_up(&call.ctx, visitor, &id, &strategy, code).await?, SignUpState::render)
}

fn input(call: &Call, mut form: Form) -> Result<SignUpInput, Failure> {
    let input = SignUpInput {
        email_address: form.text("email_address"),
        phone_number: form.text("phone_number"),
        email_address_or_phone_number: form.text("email_address_or_phone_number"),
        channel: form.text("channel"),
        username: form.text("username"),
        first_name: form.text("first_name"),
        last_name: form.text("last_name"),
        locale: form.text("locale"),
        ticket: form.text("ticket"),
        strategy: form.text("strategy"),
        password: form.secret("password"),
        unsafe_metadata: form.object("unsafe_metadata"),
        legal_accepted: form.flag("legal_accepted"),
        redirects: redirects_of(&mut form),
        transfer: form.flag("transfer").unwrap_or(false),
        captcha: answer_of(call, &mut form),
    };
    form.finish()?;
    Ok(input)
}
