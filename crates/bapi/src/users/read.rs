//! `GET /users/{user_id}`.

use crate::answer::{Answer, json};
use crate::caller::Caller;
use verger_http::Segments;

/// One user.
pub(crate) async fn get_user(Caller { service, ctx }: Caller, Segments(user_id): Segments<String>) -> Answer {
    let profile = service.get_user(&ctx, &user_id).await?;
    Ok(json(&verger_views::bapi_user(ctx.lens(), &profile)))
}
