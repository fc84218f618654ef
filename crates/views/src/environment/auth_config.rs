//! How people sign in, mostly for older SDKs.

use super::id_of;
use crate::sign_in::supported_identifiers;
use crate::sign_up::mail_verifications;
use crate::{Lens, strategy_word, word, words};
use std::collections::BTreeMap;
use verger_model::Strategy;
use verger_model::settings::{Attribute, Settings};
use verger_wire::Word;
use verger_wire::environment as env;

pub(super) fn auth_config(lens: Lens<'_>) -> env::AuthConfig {
    let settings = &lens.instance.settings;
    let a = &settings.attributes;
    env::AuthConfig {
        object: word("auth_config"),
        id: id_of(lens, "aac"),
        first_name: state(a.first_name),
        last_name: state(a.last_name),
        email_address: state(a.email_address),
        phone_number: state(a.phone_number.attribute()),
        username: state(a.username),
        password: state(a.password),
        identification_requirements: required_identifiers(settings),
        identification_strategies: words(&supported_identifiers(settings)),
        first_factors: first_factors(settings),
        second_factors: second_factors(settings),
        email_address_verification_strategies: mail_verifications(settings),
        single_session_mode: settings.sessions.single_session,
        enhanced_email_deliverability: false,
        test_mode: lens.instance.test_mode(),
        cookieless_dev: false,
        url_based_session_syncing: lens.instance.is_development(),
        claimed_at: None,
        // The password form asks for the current password only when this is off.
        reverification: settings.sessions.reverification,
        session_minter: false,
        preferred_channels: preferred_channels(settings),
        native_settings: env::NativeSettings {
            object: word("native_settings"),
            api_enabled: settings.native.api_enabled,
            trusted_device_sign_in_enabled: false,
            trusted_device_enrollment_prompt_after_sign_in_enabled: false,
            trusted_device_enrollment_prompt_after_sign_up_enabled: false,
        },
    }
}

const fn state(attribute: Attribute) -> Word {
    match (attribute.enabled, attribute.required) {
        (false, _) => word("off"),
        (true, false) => word("on"),
        (true, true) => word("required"),
    }
}

/// Each required identifier is a set of one: all of them are needed.
fn required_identifiers(settings: &Settings) -> Vec<Vec<Word>> {
    let a = &settings.attributes;
    [("email_address", a.email_address), ("phone_number", a.phone_number.attribute()), ("username", a.username)]
        .into_iter()
        .filter(|(_, attribute)| attribute.enabled && attribute.required)
        .map(|(name, _)| vec![word(name)])
        .collect()
}

fn second_factors(settings: &Settings) -> Vec<Word> {
    let offered = &settings.multi_factor;
    [
        (Strategy::Totp, offered.authenticator_app),
        (Strategy::PhoneCode, settings.offers_phone_second_factor()),
        (Strategy::BackupCode, offered.backup_codes),
    ]
    .into_iter()
    .filter(|(_, is_on)| *is_on)
    .map(|(strategy, _)| strategy_word(strategy))
    .collect()
}

/// By country; `None` where no country has a preference.
fn preferred_channels(settings: &Settings) -> Option<BTreeMap<String, Word>> {
    let preferred = &settings.phone.preferred_channels;
    let shown = || preferred.iter().map(|(country, channel)| (country.clone(), word(channel.as_str()))).collect();
    (!preferred.is_empty()).then(shown)
}

fn first_factors(settings: &Settings) -> Vec<Word> {
    let a = &settings.attributes;
    let (mail, phone) = (a.email_address.enabled, a.phone_number.enabled);
    [
        (Strategy::EmailCode, mail && settings.sign_in.email_code),
        (Strategy::EmailLink, mail && settings.sign_in.email_link),
        (Strategy::PhoneCode, phone && settings.sign_in.phone_code),
        (Strategy::Password, a.password.enabled),
        (Strategy::ResetPasswordEmailCode, mail && a.password.enabled),
        (Strategy::ResetPasswordPhoneCode, phone && a.password.enabled),
        (Strategy::Passkey, settings.passkeys.enabled),
        (Strategy::Ticket, true),
    ]
    .into_iter()
    .filter(|(_, is_on)| *is_on)
    .map(|(strategy, _)| strategy_word(strategy))
    .collect()
}
