//! `/v1/me/organization_*`: empty pages while there are no organizations. The profile component asks for memberships,
//! invitations and suggestions whether organizations are on or off.

use crate::answer::shown;
use axum::extract::State;
use serde_json::Value;
use verger_http::{AppState, Call, Reply};
use verger_wire::Paginated;

/// `GET /v1/me/organization_memberships`, `…/organization_invitations`, `…/organization_suggestions`
pub(crate) async fn no_organizations(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().me(&call.ctx, visitor, call.acting_session.as_deref()).await?;
    shown(&call, &outcome, |_, _| Paginated::<Value> { data: Vec::new(), total_count: 0 })
}
