//! What is left to users to sign in with when one of their things goes. One question, asked before anything goes.

use crate::ctx::Ctx;
use verger_model::identification::IdentificationKind;
use verger_model::user::Profile;
use verger_model::{ExternalAccountId, IdentificationId, PasskeyId};

/// What goes.
#[derive(Clone, Copy)]
pub(crate) enum Going<'a> {
    /// An address or a number. One that becomes a second factor goes as a first one.
    Identification(&'a IdentificationId),
    /// An account elsewhere.
    Account(&'a ExternalAccountId),
    /// The password.
    Password,
    /// A passkey.
    Passkey(&'a PasskeyId),
}

/// Whether the user can still be named, and prove it, without it.
pub(crate) fn has_another_way_in(ctx: &Ctx, profile: &Profile, going: Going<'_>) -> bool {
    let instance = &ctx.tenant.instance;
    let (settings, a) = (&instance.settings, &instance.settings.attributes);
    let stays = |id: &IdentificationId| !matches!(going, Going::Identification(it) if it == id);
    let has = |kind| profile.of_kind(kind).any(|it| it.is_first_factor() && stays(&it.id));
    let has_address = a.email_address.enabled && has(IdentificationKind::EmailAddress);
    let has_number = a.phone_number.enabled && has(IdentificationKind::PhoneNumber);
    let has_name = a.username.enabled && profile.user.username.is_some();

    let has_password = a.password.enabled && profile.user.password_enabled() && !matches!(going, Going::Password);
    let by_password = has_password && (has_address || has_number || has_name);
    let by_code = (has_address && settings.sign_in.by_mail()) || (has_number && settings.sign_in.phone_code);
    let by_account = profile.external_accounts.iter().any(|it| {
        let connection = instance.social_connection(it.provider, &ctx.tenant.addresses);
        let goes = matches!(going, Going::Account(id) if *id == it.id);
        it.verified && !goes && connection.is_some_and(|it| it.authenticatable)
    });
    // A passkey says by itself whose it is.
    let by_passkey = settings.passkeys.enabled
        && profile.passkeys.iter().any(|it| !matches!(going, Going::Passkey(id) if *id == it.id));
    by_password || by_code || by_account || by_passkey
}
