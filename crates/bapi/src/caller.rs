//! Who is asking: the holder of an instance's secret key. A handler that names the caller cannot be reached without one.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::sync::Arc;
use verger_http::{AppState, Call, Failure};
use verger_service::{Ctx, Service};

/// The use cases, and the circumstances in which they are asked for.
pub(crate) struct Caller {
    /// The use cases.
    pub(crate) service: Arc<Service>,
    /// Whose users, when, in which shape.
    pub(crate) ctx: Ctx,
}

impl FromRequestParts<AppState> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Failure> {
        let call = Call::from_request_parts(parts, state).await?;
        Ok(Self { service: state.shared_service(), ctx: call.ctx })
    }
}
