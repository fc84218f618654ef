//! `PATCH /users/{user_id}`: what is left out stays, `null` or an empty text clears, everything else is set.

use super::attributes::{ORGANIZATIONS_LIMIT, take_factors, take_password, take_unsupported};
use super::metadata::documents;
use crate::answer::{Answer, json};
use crate::body::JsonBody;
use crate::caller::Caller;
use crate::fields::Fields;
use verger_http::Segments;
use verger_model::{ApiVersion, Refusal};
use verger_service::{MetadataPatch, UserPatch};

/// Changes a user.
pub(crate) async fn update_user(
    Caller { service, ctx }: Caller,
    Segments(user_id): Segments<String>,
    JsonBody(fields): JsonBody,
) -> Answer {
    let patch = user_patch(fields, ctx.api)?;
    let profile = service.update_user(&ctx, &user_id, patch).await?;
    Ok(json(&verger_views::bapi_user(ctx.lens(), &profile)))
}

fn user_patch(mut fields: Fields, api: ApiVersion) -> Result<UserPatch, Refusal> {
    let f = &mut fields;
    let unsupported = ["primary_web3_wallet_id", "profile_image_id", "notify_primary_email_address_changed"];
    take_unsupported(f, &unsupported);
    // Since 2026-05-12 metadata has an address of its own, so that nobody replaces what they meant to merge.
    let documents = if api < ApiVersion::V2026_05_12 { documents(f) } else { MetadataPatch::default() };
    let patch = UserPatch {
        external_id: f.text_patch("external_id"),
        first_name: f.text_patch("first_name"),
        last_name: f.text_patch("last_name"),
        locale: f.text_patch("locale"),
        username: f.text_patch("username"),
        primary_email_address_id: f.text("primary_email_address_id"),
        primary_phone_number_id: f.text("primary_phone_number_id"),
        password: take_password(f),
        skip_password_checks: f.flag("skip_password_checks").unwrap_or_default(),
        sign_out_of_other_sessions: f.flag("sign_out_of_other_sessions").unwrap_or_default(),
        public_metadata: documents.public,
        private_metadata: documents.private,
        unsafe_metadata: documents.unsafe_,
        delete_self_enabled: f.flag("delete_self_enabled"),
        create_organization_enabled: f.flag("create_organization_enabled"),
        create_organizations_limit: f.integer_patch("create_organizations_limit", &ORGANIZATIONS_LIMIT),
        legal_accepted_at: f.time_patch("legal_accepted_at"),
        created_at: f.time("created_at"),
        bypass_client_trust: f.flag("bypass_client_trust"),
        second_factors: take_factors(f),
    };
    // Says that the terms need not be accepted; a change of a user never asks for that.
    f.flag("skip_legal_checks");
    fields.finish()?;
    Ok(patch)
}
