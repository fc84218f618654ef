//! Actor tokens: tickets by which somebody acts as a user for a while.

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use crate::fields::Fields;
use serde_json::Value;
use std::ops::RangeInclusive;
use verger_http::Segments;
use verger_model::Code;
use verger_model::metadata::Metadata;
use verger_model::session::IMPERSONATION_LIFETIME;
use verger_service::NewActorToken;

/// How long a token may be usable, in seconds.
const LIFETIMES: RangeInclusive<i64> = 1..=315_360_000;

/// How long a session may last that a token begins, in seconds.
const DURATIONS: RangeInclusive<i64> = 1..=IMPERSONATION_LIFETIME.secs();

/// Makes a token for a user.
pub(crate) async fn create_actor_token(Caller { service, ctx }: Caller, JsonBody(mut fields): JsonBody) -> Answer {
    let new = NewActorToken {
        user_id: fields.required_text("user_id"),
        actor: actor(&mut fields),
        expires_in_seconds: fields.integer("expires_in_seconds", &LIFETIMES),
        session_max_duration_in_seconds: fields.integer("session_max_duration_in_seconds", &DURATIONS),
    };
    fields.finish()?;
    let (made, ticket) = service.create_actor_token(&ctx, new).await?;
    Ok(json(&verger_views::actor_token(ctx.lens(), &made, Some(&ticket))))
}

/// Takes a token back that was not used yet.
pub(crate) async fn revoke_actor_token(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let revoked = service.revoke_actor_token(&ctx, &id).await?;
    Ok(json(&verger_views::actor_token(ctx.lens(), &revoked, None)))
}

/// Who acts: an object that names them in `sub`.
fn actor(fields: &mut Fields) -> Metadata {
    if !fields.has("actor") {
        fields.refuse(Code::FormParamMissing, "actor");
        return Metadata::default();
    }
    let Some(actor) = fields.metadata("actor") else {
        fields.refuse_once(Code::FormParamNil, "actor");
        return Metadata::default();
    };
    match actor.get("sub") {
        Some(Value::String(sub)) if sub.contains('\0') => fields.refuse(Code::FormParamValueInvalid, "actor.sub"),
        Some(Value::String(sub)) if !sub.is_empty() => {}
        Some(Value::String(_) | Value::Null) => fields.refuse(Code::FormParamNil, "actor.sub"),
        Some(_) => fields.refuse(Code::FormParamTypeInvalid, "actor.sub"),
        None => fields.refuse(Code::FormParamMissing, "actor.sub"),
    }
    actor
}
