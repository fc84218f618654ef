//! Tokens of a session, minted for the application's backend.

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use std::ops::RangeInclusive;
use verger_http::Segments;

/// How long a token may live, in seconds.
const LIFETIMES: RangeInclusive<i64> = 30..=315_360_000;

/// A session token, with the usual lifetime or one of the caller's choice.
pub(crate) async fn create_session_token(
    Caller { service, ctx }: Caller,
    Segments(id): Segments<String>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    let lifetime = fields.integer("expires_in_seconds", &LIFETIMES);
    fields.finish()?;
    let jwt = service.session_token_for(&ctx, &id, lifetime).await?;
    Ok(json(&verger_views::token(jwt)))
}

/// A token from a JWT template.
pub(crate) async fn create_session_token_from_template(
    Caller { service, ctx }: Caller,
    Segments((id, template)): Segments<(String, String)>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    fields.integer("expires_in_seconds", &LIFETIMES);
    fields.finish()?;
    let jwt = service.template_token_for(&ctx, &id, &template).await?;
    Ok(json(&verger_views::token(jwt)))
}
