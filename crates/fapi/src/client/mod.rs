//! `/v1/client`: the browser itself.

pub(crate) mod handshake;
pub(crate) mod redirects;
pub(crate) mod reverifications;
pub(crate) mod sessions;
pub(crate) mod sign_ins;
pub(crate) mod sign_ups;

use crate::answer::{changed_client, client};
use axum::extract::State;
use verger_http::{AppState, Call, Form, Reply};
use verger_service::OAuthRedirects;

/// Where a form wants to come back to from a provider, and what it asks there.
pub(crate) fn redirects_of(form: &mut Form) -> OAuthRedirects {
    OAuthRedirects {
        redirect_url: form.text("redirect_url"),
        action_complete_redirect_url: form.text("action_complete_redirect_url"),
        oidc_prompt: form.text("oidc_prompt").filter(|text| !text.is_empty()),
        oidc_login_hint: form.text("oidc_login_hint").filter(|text| !text.is_empty()),
        additional_scopes: form.texts("additional_scope"),
    }
}

/// `GET /v1/client`
pub(crate) async fn get(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    let state = app.service().get_client(&call.ctx, visitor).await?;
    client(&call, state.as_ref())
}

/// `PUT /v1/client`, `POST /v1/client`: the client, made if there is none.
pub(crate) async fn put(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    changed_client(&call, &app.service().open_client(&call.ctx, visitor).await?)
}

/// `DELETE /v1/client`
pub(crate) async fn delete(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    changed_client(&call, &app.service().delete_client(&call.ctx, visitor).await?)
}
