//! `/v1/me/change_password` and `/v1/me/remove_password`.

use crate::answer::changed;
use axum::extract::State;
use verger_http::{AppState, Call, Form, Reply};
use verger_model::Secret;
use verger_service::ChangePassword;

/// `POST /v1/me/change_password`
pub(crate) async fn change_password(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let change = ChangePassword {
        current_password: form.secret("current_password"),
        new_password: Secret::new(form.required("new_password")),
        sign_out_of_other_sessions: form.flag("sign_out_of_other_sessions").unwrap_or(false),
    };
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    let outcome = app.service().change_password(&call.ctx, visitor, acting, change).await?;
    changed(&call, &outcome, super::render)
}

/// `POST /v1/me/remove_password`
pub(crate) async fn remove_password(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let current = form.secret("current_password");
    let sign_out = form.flag("sign_out_of_other_sessions").unwrap_or(false);
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    let outcome = app.service().remove_password(&call.ctx, visitor, acting, current, sign_out).await?;
    changed(&call, &outcome, super::render)
}
