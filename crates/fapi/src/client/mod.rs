//! `/v1/client`: the browser itself.

pub(crate) mod handshake;
pub(crate) mod redirects;
pub(crate) mod reverifications;
pub(crate) mod sessions;
pub(crate) mod sign_ins;
pub(crate) mod sign_ups;

use crate::answer::{changed_client, client};
use axum::extract::State;
use verger_http::{AppState, Call, Reply};

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
