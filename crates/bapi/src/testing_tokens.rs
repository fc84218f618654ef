//! Testing tokens: what end-to-end tests show to be let past bot protection.

use crate::answer::{Answer, json};
use crate::caller::Caller;

/// Makes a token.
pub(crate) async fn create_testing_token(Caller { service, ctx }: Caller) -> Answer {
    let (token, expires_at) = service.create_testing_token(&ctx).await?;
    Ok(json(&verger_views::testing_token(token, expires_at)))
}
