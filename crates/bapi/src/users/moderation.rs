//! Ban and lock: one user by address, or up to fifty users by body.

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use crate::fields::Fields;
use verger_http::Segments;
use verger_model::user::Profile;
use verger_model::{Code, Refusal};
use verger_service::Ctx;

/// The most users that one request bans.
const MAX_USERS: usize = 50;

/// Bans a user: every session is revoked, no new one begins.
pub(crate) async fn ban_user(Caller { service, ctx }: Caller, Segments(user_id): Segments<String>) -> Answer {
    Ok(one(&ctx, &service.ban_user(&ctx, &user_id).await?))
}

/// Lifts a ban.
pub(crate) async fn unban_user(Caller { service, ctx }: Caller, Segments(user_id): Segments<String>) -> Answer {
    Ok(one(&ctx, &service.unban_user(&ctx, &user_id).await?))
}

/// Locks a user for as long as the instance's lockout lasts; sessions stay.
pub(crate) async fn lock_user(Caller { service, ctx }: Caller, Segments(user_id): Segments<String>) -> Answer {
    Ok(one(&ctx, &service.lock_user(&ctx, &user_id).await?))
}

/// Ends a lock and forgets the failures that led to it.
pub(crate) async fn unlock_user(Caller { service, ctx }: Caller, Segments(user_id): Segments<String>) -> Answer {
    Ok(one(&ctx, &service.unlock_user(&ctx, &user_id).await?))
}

/// Bans several users. All are looked up first, so that an unknown one leaves the others as they were.
pub(crate) async fn users_ban(Caller { service, ctx }: Caller, JsonBody(fields): JsonBody) -> Answer {
    let mut banned = Vec::new();
    let ids = user_ids(fields)?;
    for id in &ids {
        service.get_user(&ctx, id).await?;
    }
    for id in &ids {
        banned.push(service.ban_user(&ctx, id).await?);
    }
    Ok(many(&ctx, &banned))
}

/// Lifts the bans of several users, as [`users_ban`] sets them.
pub(crate) async fn users_unban(Caller { service, ctx }: Caller, JsonBody(fields): JsonBody) -> Answer {
    let mut unbanned = Vec::new();
    let ids = user_ids(fields)?;
    for id in &ids {
        service.get_user(&ctx, id).await?;
    }
    for id in &ids {
        unbanned.push(service.unban_user(&ctx, id).await?);
    }
    Ok(many(&ctx, &unbanned))
}

fn user_ids(mut fields: Fields) -> Result<Vec<String>, Refusal> {
    let named = fields.has("user_ids");
    let ids = fields.texts("user_ids");
    match ids.len() {
        0 if !named => fields.refuse(Code::FormParamMissing, "user_ids"),
        0 => fields.refuse_once(Code::FormParamNil, "user_ids"),
        1..=MAX_USERS => {}
        _ => fields.refuse(Code::FormParamArraySizeExceeded, "user_ids"),
    }
    fields.finish()?;
    Ok(ids)
}

fn one(ctx: &Ctx, profile: &Profile) -> axum::response::Response {
    json(&verger_views::bapi_user(ctx.lens(), profile))
}

fn many(ctx: &Ctx, profiles: &[Profile]) -> axum::response::Response {
    let users: Vec<_> = profiles.iter().map(|profile| verger_views::bapi_user(ctx.lens(), profile)).collect();
    json(&users)
}
