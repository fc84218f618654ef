//! Users.

use crate::avatar::image_url;
use crate::passkey::made_passkey;
use crate::{Lens, email_address, external_account, phone_number, word};
use verger_model::Millis;
use verger_model::user::Profile;
use verger_wire as wire;

/// A user, as they see themselves.
pub fn user(lens: Lens<'_>, profile: &Profile) -> wire::User {
    wire::User { organization_memberships: Some(Vec::new()), ..without_memberships(lens, profile) }
}

/// A user, as the backend sees them.
pub fn bapi_user(lens: Lens<'_>, profile: &Profile) -> wire::BapiUser {
    let user = without_memberships(lens, profile);
    wire::BapiUser {
        // To the day here, to the moment in the Frontend API: so the specification.
        user: wire::User { last_active_at: profile.user.last_active_at.map(day), ..user },
        private_metadata: profile.user.private_metadata.clone(),
        locale: profile.user.locale.clone(),
        bypass_client_trust: profile.user.bypass_client_trust,
        requires_password_reset: profile.user.requires_password_reset,
    }
}

fn without_memberships(lens: Lens<'_>, profile: &Profile) -> wire::User {
    let user = &profile.user;
    let lockout = &lens.instance.settings.attack_protection.lockout;
    let image_url = image_url(lens, profile);
    wire::User {
        id: user.id.to_string(),
        object: word("user"),
        external_id: user.external_id.clone(),
        username: user.username.clone(),
        first_name: user.first_name.clone(),
        last_name: user.last_name.clone(),
        profile_image_url: Some(image_url.clone()),
        image_url,
        has_image: false,
        primary_email_address_id: user.primary_email_address_id.as_ref().map(ToString::to_string),
        primary_phone_number_id: user.primary_phone_number_id.as_ref().map(ToString::to_string),
        primary_web3_wallet_id: None,
        password_enabled: user.password_enabled(),
        two_factor_enabled: profile.two_factor_enabled(),
        totp_enabled: user.totp_enabled,
        backup_code_enabled: user.backup_code_enabled,
        email_addresses: profile
            .email_addresses()
            .map(|it| email_address(lens, it, &profile.external_accounts))
            .collect(),
        phone_numbers: profile.phone_numbers().map(|it| phone_number(lens, it)).collect(),
        web3_wallets: Vec::new(),
        passkeys: profile.passkeys.iter().map(made_passkey).collect(),
        external_accounts: profile.external_accounts.iter().map(|it| external_account(lens, it, None)).collect(),
        saml_accounts: Vec::new(),
        enterprise_accounts: Vec::new(),
        organization_memberships: None,
        password_last_updated_at: user.password_last_updated_at.map(|at| at.0),
        public_metadata: user.public_metadata.clone(),
        unsafe_metadata: user.unsafe_metadata.clone(),
        last_sign_in_at: user.last_sign_in_at.map(|at| at.0),
        banned: user.banned,
        locked: user.is_locked(lens.now),
        deprovisioned: false,
        lockout_expires_in_seconds: user.lockout_expires_in_seconds(lens.now),
        verification_attempts_remaining: lockout
            .enabled
            .then(|| user.verification_attempts_remaining(lockout, lens.now)),
        created_at: user.created_at.0,
        updated_at: user.updated_at.0,
        delete_self_enabled: user.delete_self_enabled,
        create_organization_enabled: user.create_organization_enabled,
        create_organizations_limit: user.create_organizations_limit,
        last_active_at: user.last_active_at.map(|at| at.0),
        mfa_enabled_at: user.mfa_enabled_at.map(|at| at.0),
        mfa_disabled_at: user.mfa_disabled_at.map(|at| at.0),
        legal_accepted_at: user.legal_accepted_at.map(|at| at.0),
        timezone: None,
    }
}

/// The midnight (UTC) before.
const fn day(at: Millis) -> i64 {
    at.0 - at.0.rem_euclid(Millis::from_days(1).0)
}
