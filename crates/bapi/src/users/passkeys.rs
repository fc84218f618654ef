//! Passkeys of users, as the application's backend sees to them.

use crate::answer::{Answer, json};
use crate::caller::Caller;
use verger_http::Segments;

/// Takes a passkey from a user.
pub(crate) async fn delete_passkey(
    Caller { service, ctx }: Caller,
    Segments((user_id, passkey_id)): Segments<(String, String)>,
) -> Answer {
    let id = service.remove_passkey(&ctx, &user_id, &passkey_id).await?;
    Ok(json(&verger_views::deleted("passkey", id.as_str())))
}
