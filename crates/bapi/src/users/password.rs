//! `POST /users/{user_id}/verify_password`.

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use verger_http::Segments;
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
