//! `/v1/dev_browser`: a browser of a development instance, known by a token in the query where cookies do not reach.

use crate::answer::bare;
use axum::extract::State;
use verger_http::{AppState, Call, Reply};

/// `POST /v1/dev_browser`
pub(crate) async fn create(State(app): State<AppState>, call: Call) -> Reply {
    let (browser, token) = app.service().create_dev_browser(&call.ctx).await?;
    bare(&verger_views::dev_browser(call.ctx.lens(), &browser, &token))
}
