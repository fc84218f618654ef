//! `POST /users/{user_id}/verify_password`, `/remove_password`, `/password/set_compromised` and `/password/unset_compromised`.

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use verger_http::Segments;
use verger_views::bapi_user;
use verger_wire::PasswordVerified;

/// Whether this is the user's password. Counts neither as a sign-in nor as a failure of one.
pub(crate) async fn verify_password(
    Caller { service, ctx }: Caller,
    Segments(user_id): Segments<String>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    let password = fields.required_secret("password");
    fields.finish()?;
    service.verify_password(&ctx, &user_id, &password).await?;
    Ok(json(&PasswordVerified { verified: true }))
}

/// Takes a user's password away.
pub(crate) async fn remove_user_password(
    Caller { service, ctx }: Caller,
    Segments(user_id): Segments<String>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    let sign_out = fields.flag("sign_out_of_other_sessions").unwrap_or_default();
    fields.finish()?;
    let profile = service.remove_user_password(&ctx, &user_id, sign_out).await?;
    Ok(json(&bapi_user(ctx.lens(), &profile)))
}

/// A user's password must be set anew.
pub(crate) async fn set_user_password_compromised(
    Caller { service, ctx }: Caller,
    Segments(user_id): Segments<String>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    let revoke_all_sessions = fields.flag("revoke_all_sessions").unwrap_or_default();
    fields.finish()?;
    let profile = service.set_password_compromised(&ctx, &user_id, revoke_all_sessions).await?;
    Ok(json(&bapi_user(ctx.lens(), &profile)))
}

/// A user's password is good as it is.
pub(crate) async fn unset_user_password_compromised(
    Caller { service, ctx }: Caller,
    Segments(user_id): Segments<String>,
    JsonBody(fields): JsonBody,
) -> Answer {
    fields.finish()?;
    let profile = service.unset_password_compromised(&ctx, &user_id).await?;
    Ok(json(&bapi_user(ctx.lens(), &profile)))
}
