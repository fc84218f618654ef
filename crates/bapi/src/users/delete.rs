//! `DELETE /users/{user_id}`.

use crate::answer::{Answer, deleted};
use crate::caller::Caller;
use verger_http::Segments;

/// Deletes a user with everything that is theirs.
pub(crate) async fn delete_user(Caller { service, ctx }: Caller, Segments(user_id): Segments<String>) -> Answer {
    let id = service.delete_user(&ctx, &user_id).await?;
    Ok(deleted("user", id.as_str()))
}
