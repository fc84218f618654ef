//! `/v1/me/external_accounts`: accounts at other providers.

use super::render as render_user;
use crate::answer::changed;
use crate::client::redirects_of;
use axum::extract::State;
use verger_http::{AppState, Call, Form, Reply, Segments};
use verger_service::{ConnectAccount, ConnectingAccount, Ctx};
use verger_wire::ExternalAccount;

fn render(it: &ConnectingAccount, ctx: &Ctx) -> ExternalAccount {
    verger_views::external_account(ctx.lens(), &it.account, Some(&it.verification))
}

/// `POST /v1/me/external_accounts`
pub(crate) async fn connect_account(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let wish = ConnectAccount { strategy: form.required("strategy"), redirects: redirects_of(&mut form) };
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().connect_account(&call.ctx, visitor, call.acting_session.as_deref(), wish).await?;
    changed(&call, &outcome, render)
}

/// `PATCH /v1/me/external_accounts/{id}/reauthorize`
pub(crate) async fn reauthorize_account(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
    mut form: Form,
) -> Reply {
    let redirects = redirects_of(&mut form);
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    let outcome = app.service().reauthorize_account(&call.ctx, visitor, acting, (&id, redirects)).await?;
    changed(&call, &outcome, render)
}

/// `DELETE /v1/me/external_accounts/{id}`
pub(crate) async fn disconnect_account(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
) -> Reply {
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().disconnect_account(&call.ctx, visitor, call.acting_session.as_deref(), &id).await?;
    changed(&call, &outcome, |id, _| verger_views::deleted("external_account", id.as_str()))
}

/// `DELETE /v1/me/external_accounts/{id}/tokens`
pub(crate) async fn forget_account_tokens(
    State(app): State<AppState>,
    call: Call,
    Segments(id): Segments<String>,
) -> Reply {
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    changed(&call, &app.service().forget_account_tokens(&call.ctx, visitor, acting, &id).await?, render_user)
}
