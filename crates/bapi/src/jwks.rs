//! The keys under which session tokens of the caller's instance verify.

use crate::answer::{Answer, json};
use crate::caller::Caller;

/// The same set that the Frontend API publishes.
pub(crate) async fn get_jwks(Caller { ctx, .. }: Caller) -> Answer {
    Ok(json(&ctx.tenant.jwks()))
}
