//! `/v1/environment`: what the components need to know about the instance.

use crate::answer::bare;
use verger_http::{Call, Reply};

/// `GET /v1/environment`
pub(crate) async fn get(call: Call) -> Reply {
    bare(&verger_views::environment(call.ctx.lens()))
}

/// `PATCH /v1/environment`: what clerk-js sends instead for development instances, so that the server learns the app's origin.
/// It is trusted by rule here, not by having called, so nothing is kept.
pub(crate) async fn update(call: Call) -> Reply {
    get(call).await
}
