//! `POST /sessions/{session_id}/verify`: deprecated and gone from the newest descriptions, but older SDKs still call it.

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use verger_http::Segments;

/// The session, if the token is one of its own, good now, and the session can be used.
pub(crate) async fn verify_session(
    Caller { service, ctx }: Caller,
    Segments(id): Segments<String>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    let token = fields.required_text("token");
    fields.finish()?;
    let session = service.verify_session(&ctx, &id, &token).await?;
    Ok(json(&verger_views::bapi_session(ctx.lens(), &session)))
}
