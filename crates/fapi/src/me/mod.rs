//! `/v1/me`: what signed-in users do with their own account.

mod email_addresses;
mod external_accounts;
mod organizations;
mod passkeys;
mod password;
mod phone_numbers;
mod second_factors;
mod sessions;

pub(crate) use email_addresses::{
    attempt_email_address, create_email_address, delete_email_address, email_address, email_addresses,
    prepare_email_address,
};
pub(crate) use external_accounts::{connect_account, disconnect_account, forget_account_tokens, reauthorize_account};
pub(crate) use organizations::no_organizations;
pub(crate) use passkeys::{attempt_passkey_verification, create_passkey, delete_passkey, get_passkey, rename_passkey};
pub(crate) use password::{change_password, remove_password};
pub(crate) use phone_numbers::{
    attempt_phone_number, create_phone_number, delete_phone_number, get_phone_number, list_phone_numbers,
    prepare_phone_number, update_phone_number,
};
pub(crate) use second_factors::{attempt_totp, create_backup_codes, create_totp, delete_totp};
pub(crate) use sessions::{active_sessions, revoke_session, sessions};

use crate::answer::{changed, shown};
use axum::extract::State;
use verger_http::{AppState, Call, Form, Reply};
use verger_model::user::Profile;
use verger_model::{ApiVersion, Code};
use verger_service::{Ctx, MePatch};
use verger_wire::User;

/// From this version on `unsafe_metadata` has an address of its own.
const METADATA_APART: ApiVersion = ApiVersion::V2026_05_12;

fn render(profile: &Profile, ctx: &Ctx) -> User {
    verger_views::user(ctx.lens(), profile)
}

/// `GET /v1/me`
pub(crate) async fn get(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    shown(&call, &app.service().me(&call.ctx, visitor, call.acting_session.as_deref()).await?, render)
}

/// `PATCH /v1/me`
pub(crate) async fn update(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    if form.secret("password").is_some() {
        return Err(Code::UpdatingUserPasswordDeprecated.into());
    }
    for attribute in ["email_address", "phone_number"] {
        form.forbid(attribute);
    }
    let replaces_metadata = call.ctx.api < METADATA_APART;
    let patch = MePatch {
        first_name: form.patch("first_name"),
        last_name: form.patch("last_name"),
        username: form.patch("username"),
        primary_email_address_id: form.text("primary_email_address_id").filter(|id| !id.is_empty()),
        primary_phone_number_id: form.text("primary_phone_number_id").filter(|id| !id.is_empty()),
        unsafe_metadata: if replaces_metadata { form.object("unsafe_metadata") } else { None },
    };
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    changed(&call, &app.service().update_me(&call.ctx, visitor, call.acting_session.as_deref(), patch).await?, render)
}

/// `PATCH /v1/me/metadata`
pub(crate) async fn patch_metadata(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let document = form.required_object("unsafe_metadata");
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    let acting = call.acting_session.as_deref();
    changed(&call, &app.service().patch_my_metadata(&call.ctx, visitor, acting, document).await?, render)
}

/// `DELETE /v1/me`
pub(crate) async fn delete(State(app): State<AppState>, call: Call) -> Reply {
    let visitor = call.visitor(&app).await?;
    let outcome = app.service().delete_me(&call.ctx, visitor, call.acting_session.as_deref()).await?;
    changed(&call, &outcome, |id, _| verger_views::deleted("user", id.as_str()))
}
