//! `/v1/environment`. Everything is derived from the settings and the addresses; whatever this server does not have yet is
//! there and off, because clerk-js falls back to defaults of its own for what is missing.

mod auth_config;
pub(crate) mod display_config;
mod user_settings;

use crate::{Lens, word};
use verger_wire as wire;
use verger_wire::environment as env;

/// The whole document of the instance.
pub fn environment(lens: Lens<'_>) -> wire::Environment {
    wire::Environment {
        object: word("environment"),
        id: id_of(lens, "env"),
        auth_config: auth_config::auth_config(lens),
        display_config: display_config::display_config(lens),
        user_settings: user_settings::user_settings(lens),
        organization_settings: organizations_off(),
        fraud_settings: env::FraudSettings {
            object: word("fraud_settings"),
            native: env::FraudNative { device_attestation_mode: word("disabled") },
        },
        commerce_settings: env::CommerceSettings::default(),
        api_keys_settings: env::ApiKeysSettings::default(),
        protect_config: env::ProtectConfig {
            object: word("protect_config"),
            id: id_of(lens, "protect"),
            loaders: loaders(lens),
            tokens_invalid_before: None,
        },
        client_debug_mode: false,
        partitioned_cookies: false,
        maintenance_mode: false,
    }
}

/// The scripts that clerk-js puts into the page: the widget of our own, so that it finds one when a sign-up needs a proof.
fn loaders(lens: Lens<'_>) -> Vec<env::ProtectLoader> {
    if !lens.instance.settings.attack_protection.bot_protection.asks_for_work() {
        return Vec::new();
    }
    let src = format!("{}/v1/captcha/proof_of_work.js", lens.addresses.frontend_api);
    let attributes = env::ProtectLoaderAttributes { src };
    vec![env::ProtectLoader { kind: word("script"), target: word("head"), attributes }]
}

/// The id of a block: there is one of each per instance, so it shares the instance's.
fn id_of(lens: Lens<'_>, prefix: &str) -> String {
    let id = lens.instance.id.as_str();
    format!("{prefix}_{}", id.split_once('_').map_or(id, |(_, suffix)| suffix))
}

fn organizations_off() -> env::OrganizationSettings {
    env::OrganizationSettings {
        enabled: false,
        max_allowed_memberships: 5,
        force_organization_selection: false,
        actions: env::OrganizationActions { admin_delete: true },
        domains: env::OrganizationDomains {
            enabled: false,
            enrollment_modes: Vec::new(),
            default_role: Some(word("org:member")),
        },
        slug: env::OrganizationSlug { disabled: true },
        creator_role: word("org:admin"),
        organization_creation_defaults: env::OrganizationCreationDefaults { enabled: false },
    }
}
