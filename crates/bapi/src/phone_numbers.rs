//! Phone numbers of users, as the application's backend keeps them: nothing is sent, nothing needs to be proved.

use crate::answer::{Answer, deleted, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use verger_http::Segments;
use verger_service::{NewPhoneNumber, PhoneNumberPatch};

/// Adds a number to a user.
pub(crate) async fn create_phone_number(Caller { service, ctx }: Caller, JsonBody(mut fields): JsonBody) -> Answer {
    let new = NewPhoneNumber {
        user_id: fields.required_text("user_id"),
        phone_number: fields.required_text("phone_number"),
        verified: fields.flag("verified"),
        primary: fields.flag("primary"),
        reserved_for_second_factor: fields.flag("reserved_for_second_factor"),
    };
    fields.finish()?;
    let number = service.create_phone_number(&ctx, new).await?;
    Ok(json(&verger_views::phone_number(ctx.lens(), &number)))
}

/// One number.
pub(crate) async fn get_phone_number(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let number = service.get_phone_number(&ctx, &id).await?;
    Ok(json(&verger_views::phone_number(ctx.lens(), &number)))
}

/// Marks a number as verified or not, makes it the primary one or a second factor.
pub(crate) async fn update_phone_number(
    Caller { service, ctx }: Caller,
    Segments(id): Segments<String>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    let patch = PhoneNumberPatch {
        verified: fields.flag("verified"),
        primary: fields.flag("primary"),
        reserved_for_second_factor: fields.flag("reserved_for_second_factor"),
    };
    fields.finish()?;
    let number = service.update_phone_number(&ctx, &id, patch).await?;
    Ok(json(&verger_views::phone_number(ctx.lens(), &number)))
}

/// Takes a number from its user.
pub(crate) async fn delete_phone_number(Caller { service, ctx }: Caller, Segments(id): Segments<String>) -> Answer {
    let id = service.delete_phone_number(&ctx, &id).await?;
    Ok(deleted("phone_number", id.as_str()))
}
