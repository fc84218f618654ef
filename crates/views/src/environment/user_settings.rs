//! Which data users have, and what they may do.

use crate::sign_in::supported_identifiers;
use crate::sign_up::mail_verifications;
use crate::{Lens, strategy_word, word, words};
use std::collections::BTreeMap;
use verger_model::settings::{Attribute, Connection, EnumerationProtection, PasskeySettings, PasswordPolicy, Settings};
use verger_model::{Provider, Strategy, username};
use verger_wire::environment as env;

pub(super) fn user_settings(lens: Lens<'_>) -> env::UserSettings {
    let settings = &lens.instance.settings;
    let bots = &settings.attack_protection.bot_protection;
    env::UserSettings {
        attributes: attributes(settings),
        social: social(lens),
        saml: env::EnterpriseSso::default(),
        enterprise_sso: env::EnterpriseSso::default(),
        sign_in: env::SignInSettings {
            second_factor: env::SecondFactorSettings {
                required: settings.multi_factor.required,
                enabled: settings.multi_factor.is_offered(),
            },
        },
        sign_up: env::SignUpSettings {
            captcha_enabled: bots.enabled,
            captcha_widget_type: word(if bots.enabled { bots.widget_type.as_str() } else { "smart" }),
            custom_action_required: false,
            progressive: true,
            mode: word(settings.sign_up.mode.as_str()),
            legal_consent_enabled: settings.sign_up.legal_consent,
            allowlist_only: settings.restrictions.allowlist,
            mfa: env::SignUpMfa { required: settings.multi_factor.required },
        },
        restrictions: restrictions(settings),
        password_settings: password_settings(&settings.password),
        username_settings: env::UsernameSettings {
            min_length: *username::LENGTH.start(),
            max_length: *username::LENGTH.end(),
            allow_extended_special_characters: false,
            allow_numeric_usernames: false,
        },
        actions: env::Actions {
            delete_self: settings.actions.delete_self,
            create_organization: false,
            create_organizations_limit: None,
        },
        attack_protection: attack_protection(lens),
        passkey_settings: passkey_settings(&settings.passkeys),
    }
}

fn restrictions(settings: &Settings) -> env::Restrictions {
    let on = &settings.restrictions;
    let enabled = |enabled| env::Enabled { enabled };
    env::Restrictions {
        allowlist: enabled(on.allowlist),
        blocklist: enabled(on.blocklist),
        // Who has an account keeps it, whatever the lists say later.
        allowlist_blocklist_disabled_on_sign_in: enabled(true),
        block_email_subaddresses: enabled(on.block_email_subaddresses),
        block_disposable_email_domains: enabled(on.block_disposable_email_domains),
        ignore_dots_for_gmail_addresses: enabled(false),
    }
}

fn social(lens: Lens<'_>) -> BTreeMap<String, env::SocialProvider> {
    let connections = lens.instance.social_connections(lens.addresses);
    let shown =
        |(provider, it): (Provider, Connection)| (provider.strategy().to_owned(), social_provider(lens, provider, &it));
    connections.into_iter().map(shown).collect()
}

fn social_provider(lens: Lens<'_>, provider: Provider, connection: &Connection) -> env::SocialProvider {
    let icon = || format!("{}/v1/provider_icons/{}.svg", lens.addresses.frontend_api, provider.name());
    env::SocialProvider {
        enabled: true,
        required: false,
        authenticatable: connection.authenticatable,
        block_email_subaddresses: connection.block_email_subaddresses,
        strategy: provider.strategy().to_owned(),
        not_selectable: false,
        deprecated: false,
        name: connection.label(provider),
        logo_url: Some(connection.logo_url.clone().unwrap_or_else(icon)),
    }
}

fn attributes(settings: &Settings) -> env::Attributes {
    let a = &settings.attributes;
    let mail = a.email_address.enabled;
    let identifiers = supported_identifiers(settings);
    let of = |name: &'static str, on: Attribute| env::Attribute {
        enabled: on.enabled,
        required: on.enabled && on.required,
        used_for_first_factor: identifiers.contains(&name),
        ..absent(name)
    };
    let offered =
        [(Strategy::EmailCode, settings.sign_in.email_code), (Strategy::EmailLink, settings.sign_in.email_link)];
    let mails = offered.into_iter().filter(|(_, is_on)| mail && *is_on);
    env::Attributes {
        email_address: env::Attribute {
            first_factors: mails.map(|(strategy, _)| strategy_word(strategy)).collect(),
            verifications: if mail { mail_verifications(settings) } else { Vec::new() },
            verify_at_sign_up: mail,
            ..of("email_address", a.email_address)
        },
        phone_number: phone_number(settings, of("phone_number", a.phone_number.attribute())),
        username: of("username", a.username),
        web3_wallet: absent("web3_wallet"),
        first_name: of("first_name", a.first_name),
        last_name: of("last_name", a.last_name),
        password: of("password", a.password),
        authenticator_app: second_factor("authenticator_app", Strategy::Totp, settings.multi_factor.authenticator_app),
        ticket: env::Attribute {
            enabled: true,
            first_factors: words(&[Strategy::Ticket.as_str()]),
            ..absent("ticket")
        },
        backup_code: second_factor("backup_code", Strategy::BackupCode, settings.multi_factor.backup_codes),
        passkey: passkey(settings.passkeys.enabled),
    }
}

/// The form asks these without asking whether there are passkeys at all.
fn passkey_settings(passkeys: &PasskeySettings) -> env::PasskeySettings {
    env::PasskeySettings {
        allow_autofill: passkeys.enabled && passkeys.allow_autofill,
        show_sign_in_button: passkeys.enabled && passkeys.show_sign_in_button,
        satisfies_second_factor: passkeys.enabled && passkeys.satisfies_second_factor,
    }
}

fn passkey(is_on: bool) -> env::Attribute {
    let strategies = if is_on { words(&[Strategy::Passkey.as_str()]) } else { Vec::new() };
    env::Attribute {
        enabled: is_on,
        used_for_first_factor: is_on,
        first_factors: strategies.clone(),
        verifications: strategies,
        ..absent("passkey")
    }
}

fn phone_number(settings: &Settings, shown: env::Attribute) -> env::Attribute {
    let on = settings.attributes.phone_number;
    if !on.enabled {
        return shown;
    }
    let codes = |is_on: bool| if is_on { words(&[Strategy::PhoneCode.as_str()]) } else { Vec::new() };
    env::Attribute {
        first_factors: codes(settings.sign_in.phone_code),
        used_for_second_factor: settings.offers_phone_second_factor(),
        second_factors: codes(settings.offers_phone_second_factor()),
        verifications: codes(true),
        verify_at_sign_up: on.verify_at_sign_up,
        channels: Some(settings.phone.channels.iter().map(|channel| word(channel.as_str())).collect()),
        ..shown
    }
}

fn second_factor(name: &'static str, strategy: Strategy, is_on: bool) -> env::Attribute {
    if !is_on {
        return absent(name);
    }
    env::Attribute {
        enabled: true,
        used_for_second_factor: true,
        second_factors: vec![strategy_word(strategy)],
        ..absent(name)
    }
}

fn absent(name: &'static str) -> env::Attribute {
    env::Attribute {
        name: word(name),
        enabled: false,
        required: false,
        immutable: false,
        used_for_first_factor: false,
        first_factors: Vec::new(),
        used_for_second_factor: false,
        second_factors: Vec::new(),
        verifications: Vec::new(),
        verify_at_sign_up: false,
        channels: None,
    }
}

fn password_settings(policy: &PasswordPolicy) -> env::PasswordSettings {
    env::PasswordSettings {
        disable_hibp: policy.disable_hibp,
        disable_password_reverification: true,
        min_length: policy.min_length,
        max_length: policy.max_length,
        require_special_char: policy.require_special_char,
        require_numbers: policy.require_numbers,
        require_uppercase: policy.require_uppercase,
        require_lowercase: policy.require_lowercase,
        show_zxcvbn: policy.show_zxcvbn,
        min_zxcvbn_strength: i64::from(policy.min_zxcvbn_strength),
        enforce_hibp_on_sign_in: policy.enforce_hibp_on_sign_in,
        allowed_special_characters: policy.allowed_special_characters.clone().into(),
    }
}

fn attack_protection(lens: Lens<'_>) -> env::AttackProtection {
    let settings = &lens.instance.settings;
    let hides_accounts = lens.instance.enumeration_protection() == EnumerationProtection::Strict;
    let lockout = &settings.attack_protection.lockout;
    env::AttackProtection {
        user_lockout: env::UserLockout {
            enabled: lockout.enabled,
            max_attempts: lockout.max_attempts,
            duration_in_minutes: lockout.duration_in_minutes,
        },
        pii: env::Enabled { enabled: true },
        email_link: env::EmailLinkSettings {
            require_same_client: settings.attack_protection.email_link.require_same_client,
        },
        enumeration_protection: env::Enabled { enabled: hides_accounts },
    }
}
