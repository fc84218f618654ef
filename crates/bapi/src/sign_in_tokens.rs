//! Sign-in tokens: tickets that stand for the first factor of one sign-in.

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use std::ops::RangeInclusive;
use verger_http::Segments;
use verger_service::NewSignInToken;

/// How long a token may be usable, in seconds.
const LIFETIMES: RangeInclusive<i64> = 1..=315_360_000;

/// Makes a token for a user.
pub(crate) async fn create_sign_in_token(Caller { service, ctx }: Caller, JsonBody(mut fields): JsonBody) -> Answer {
    let new = NewSignInToken {
        user_id: fields.required_text("user_id"),
        expires_in_seconds: fields.integer("expires_in_seconds", &LIFETIMES),
    };
    fields.ignore_if_empty("org_id");
    fields.finish()?;
    let (made, ticket, _) = service.create_sign_in_token(&ctx, new).await?;
    Ok(json(&verger_views::sign_in_token(ctx.lens(), &made, Some(&ticket))))
}

/// Takes a token back that was not used yet.
pub(crate) async fn revoke_sign_in_token(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let revoked = service.revoke_sign_in_token(&ctx, &id).await?;
    Ok(json(&verger_views::sign_in_token(ctx.lens(), &revoked, None)))
}
