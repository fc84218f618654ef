//! `/v1/client/sessions/{id}/verify`: proving again who one is.

use super::sign_ins::factor;
use crate::answer::changed;
use axum::extract::State;
use verger_http::{AppState, Call, Form, Reply, Segments};
use verger_service::{FactorAnswer, ReverificationState};

/// `POST …/verify`
pub(crate) async fn start(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let level = form.required("level");
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().start_reverification(&call.ctx, visitor, &id, &level).await?;
    changed(&call, &outcome, ReverificationState::render)
}

/// `POST …/verify/prepare_first_factor`
pub(crate) async fn prepare_first_factor(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    form: Form,
) -> Reply {
    let prepare = factor(form)?;
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().prepare_reverification(&call.ctx, visitor, &id, prepare).await?;
    changed(&call, &outcome, ReverificationState::render)
}

/// `POST …/verify/attempt_first_factor`
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
        ticket: None,
    };
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().attempt_reverification(&call.ctx, visitor, &id, answer).await?;
    changed(&call, &outcome, ReverificationState::render)
}

/// `POST …/verify/prepare_second_factor`
pub(crate) async fn prepare_second_factor(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    form: Form,
) -> Reply {
    let prepare = factor(form)?;
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().prepare_second_reverification(&call.ctx, visitor, &id, prepare).await?;
    changed(&call, &outcome, ReverificationState::render)
}

/// `POST …/verify/attempt_second_factor`
pub(crate) async fn attempt_second_factor(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let (strategy, code) = (form.required("strategy"), form.text("code"));
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().attempt_second_reverification(&call.ctx, visitor, &id, &strategy, code).await?;
    changed(&call, &outcome, ReverificationState::render)
}
