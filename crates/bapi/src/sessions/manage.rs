//! One session: read, make (development only), revoke.

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use verger_http::Segments;

/// One session.
pub(crate) async fn get_session(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let session = service.get_session_by_id(&ctx, &id).await?;
    Ok(json(&verger_views::bapi_session(ctx.lens(), &session)))
}

/// Makes a session for a user without any sign-in. For tests: production instances refuse it.
pub(crate) async fn create_session(Caller { service, ctx }: Caller, JsonBody(mut fields): JsonBody) -> Answer {
    let user_id = fields.required_text("user_id");
    fields.ignore_if_empty("active_organization_id");
    fields.finish()?;
    let session = service.create_session(&ctx, &user_id).await?;
    Ok(json(&verger_views::bapi_session(ctx.lens(), &session)))
}

/// Revokes a session.
pub(crate) async fn revoke_session(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let session = service.revoke_session(&ctx, &id).await?;
    Ok(json(&verger_views::bapi_session(ctx.lens(), &session)))
}
