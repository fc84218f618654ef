//! Email addresses of users, as the application's backend keeps them: no mail is sent, nothing needs to be proved.

use crate::answer::{Answer, deleted, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use verger_http::Segments;
use verger_service::{EmailAddressPatch, NewEmailAddress};

/// Adds an address to a user.
pub(crate) async fn create_email_address(Caller { service, ctx }: Caller, JsonBody(mut fields): JsonBody) -> Answer {
    let new = NewEmailAddress {
        user_id: fields.required_text("user_id"),
        email_address: fields.required_text("email_address"),
        verified: fields.flag("verified"),
        primary: fields.flag("primary"),
    };
    fields.ignore_if_empty("notify_primary_email_address_changed");
    fields.finish()?;
    let address = service.create_email_address(&ctx, new).await?;
    Ok(json(&verger_views::email_address(ctx.lens(), &address, &[])))
}

/// One address.
pub(crate) async fn get_email_address(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let address = service.get_email_address(&ctx, &id).await?;
    Ok(json(&verger_views::email_address(ctx.lens(), &address, &[])))
}

/// Marks an address as verified or not, or makes it the primary one.
pub(crate) async fn update_email_address(
    Caller { service, ctx }: Caller,
    Segments(id): Segments<String>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    let patch = EmailAddressPatch { verified: fields.flag("verified"), primary: fields.flag("primary") };
    fields.ignore_if_empty("notify_primary_email_address_changed");
    fields.finish()?;
    let address = service.update_email_address(&ctx, &id, patch).await?;
    Ok(json(&verger_views::email_address(ctx.lens(), &address, &[])))
}

/// Takes an address from its user.
pub(crate) async fn delete_email_address(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let id = service.delete_email_address(&ctx, &id).await?;
    Ok(deleted("email_address", id.as_str()))
}
