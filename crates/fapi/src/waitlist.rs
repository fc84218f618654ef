//! `POST /v1/waitlist`.

use crate::answer::bare;
use axum::extract::State;
use verger_http::{AppState, Call, Form, Reply};

/// Somebody asks to be let in: a bare answer, the same whether they were there or not.
pub(crate) async fn join(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let email_address = form.required("email_address");
    form.finish()?;
    bare(&verger_views::waitlist_place(&app.service().join_waitlist(&call.ctx, &email_address).await?))
}
