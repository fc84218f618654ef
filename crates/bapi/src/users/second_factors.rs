//! Second factors of users, as the application's backend sees to them.

use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use verger_http::Segments;
use verger_service::SecondFactorProof;
use verger_wire::{TotpVerified, UserReference};

/// Whether this is a right code of the user's authenticator app, or a backup code, which is then used up.
pub(crate) async fn verify_totp(
    Caller { service, ctx }: Caller,
    Segments(user_id): Segments<String>,
    JsonBody(mut fields): JsonBody,
) -> Answer {
    let code = fields.required_text("code");
    fields.finish()?;
    let code_type = match service.verify_totp(&ctx, &user_id, &code).await? {
        SecondFactorProof::Totp => "totp",
        SecondFactorProof::BackupCode => "backup_code",
    };
    Ok(json(&TotpVerified { verified: true, code_type: code_type.into() }))
}

/// Takes every second factor from a user.
pub(crate) async fn disable_mfa(Caller { service, ctx }: Caller, Segments(user_id): Segments<String>) -> Answer {
    let user_id = service.disable_mfa(&ctx, &user_id).await?;
    Ok(json(&UserReference { user_id: user_id.to_string() }))
}

/// Takes the authenticator app from a user.
pub(crate) async fn delete_totp(Caller { service, ctx }: Caller, Segments(user_id): Segments<String>) -> Answer {
    let user_id = service.remove_totp(&ctx, &user_id).await?;
    Ok(json(&UserReference { user_id: user_id.to_string() }))
}

/// Takes the backup codes from a user.
pub(crate) async fn delete_backup_code(Caller { service, ctx }: Caller, Segments(user_id): Segments<String>) -> Answer {
    let user_id = service.remove_backup_codes(&ctx, &user_id).await?;
    Ok(json(&UserReference { user_id: user_id.to_string() }))
}
