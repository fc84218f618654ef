//! Sign-in attempts, and the ways that are open to the user they name.

use crate::avatar::image_url;
use crate::{Lens, strategy_word, verification, word};
use verger_model::identification::{Identification, IdentificationKind};
use verger_model::settings::Settings;
use verger_model::sign_in::{SignIn, SignInStatus};
use verger_model::user::Profile;
use verger_model::verification::Verification;
use verger_model::{Strategy, phone};
use verger_wire as wire;

/// An attempt with what is shown beside it.
#[derive(Clone, Copy, Debug)]
pub struct SignInParts<'a> {
    /// The attempt.
    pub sign_in: &'a SignIn,
    /// The challenge of the first factor that was asked last.
    pub verification: Option<&'a Verification>,
    /// The challenge of the second factor that was asked last.
    pub second_verification: Option<&'a Verification>,
    /// Whom it names.
    pub profile: Option<&'a Profile>,
}

/// A sign-in attempt. Without a profile it names nobody.
pub fn sign_in(lens: Lens<'_>, parts: &SignInParts<'_>) -> wire::SignIn {
    let attempt = parts.sign_in;
    let is_named = attempt.status != SignInStatus::NeedsIdentifier;
    let profile = parts.profile.filter(|_| is_named);
    wire::SignIn {
        object: word("sign_in_attempt"),
        id: attempt.id.to_string(),
        status: word(if attempt.is_abandoned(lens.now) { "abandoned" } else { attempt.status.as_str() }),
        supported_identifiers: supported_identifiers(&lens.instance.settings).into_iter().map(word).collect(),
        supported_first_factors: match attempt.undisclosed() {
            Some(identifier) => Some(undisclosed_factors(lens, attempt, identifier)),
            None => profile.map(|profile| first_factors(lens, profile, attempt.identifier.as_deref())),
        },
        supported_second_factors: profile
            .map(|profile| second_steps(lens, attempt, profile))
            .filter(|it| !it.is_empty()),
        first_factor_verification: parts.verification.map(|it| verification(lens, it)),
        second_factor_verification: parts.second_verification.map(|it| verification(lens, it)),
        identifier: attempt.identifier.clone(),
        user_data: profile.map(|profile| user_data(lens, profile)),
        created_session_id: attempt.created_session_id.as_ref().map(ToString::to_string),
        abandon_at: attempt.abandon_at.0,
        client_trust_state: (attempt.status == SignInStatus::NeedsClientTrust).then(|| word("new")),
    }
}

/// The attributes that name a user who signs in.
pub(crate) fn supported_identifiers(settings: &Settings) -> Vec<&'static str> {
    let a = &settings.attributes;
    let by_mail = a.email_address.enabled && (a.password.enabled || settings.sign_in.by_mail());
    [
        ("email_address", by_mail),
        ("phone_number", a.phone_number.enabled && (a.password.enabled || settings.sign_in.phone_code)),
        ("username", a.username.enabled && a.password.enabled),
    ]
    .into_iter()
    .filter_map(|(name, names)| names.then_some(name))
    .collect()
}

fn user_data(lens: Lens<'_>, profile: &Profile) -> wire::UserData {
    let image_url = image_url(lens, profile);
    wire::UserData {
        first_name: profile.user.first_name.clone(),
        last_name: profile.user.last_name.clone(),
        profile_image_url: Some(image_url.clone()),
        image_url,
        has_image: false,
    }
}

/// The strategies that an attempt of this user offers as its first factor.
pub fn first_factor_strategies(lens: Lens<'_>, profile: &Profile) -> Vec<wire::Word> {
    first_factors(lens, profile, None).into_iter().map(|factor| factor.strategy).collect()
}

pub(crate) fn first_factors(lens: Lens<'_>, profile: &Profile, typed: Option<&str>) -> Vec<wire::FirstFactor> {
    let settings = &lens.instance.settings;
    let has_password = settings.attributes.password.enabled && profile.user.password_enabled();
    let addresses = usable_addresses(settings, profile, typed);
    let numbers = usable_numbers(settings, profile, typed);
    let code = |strategy, it: &&Identification| by_code(strategy, profile, it, typed);
    let mut factors = Vec::new();
    if has_password {
        factors.push(wire::FirstFactor { strategy: strategy_word(Strategy::Password), ..Default::default() });
    }
    if settings.passkeys.enabled && !profile.passkeys.is_empty() {
        factors.push(wire::FirstFactor { strategy: word(Strategy::Passkey.as_str()), ..Default::default() });
    }
    if settings.sign_in.email_code {
        factors.extend(addresses.iter().map(|it| code(Strategy::EmailCode, it)));
    }
    if settings.sign_in.phone_code {
        factors.extend(numbers.iter().map(|it| code(Strategy::PhoneCode, it)));
    }
    if settings.sign_in.email_link {
        factors.extend(addresses.iter().map(|it| code(Strategy::EmailLink, it)));
    }
    if has_password {
        factors.extend(addresses.iter().map(|it| code(Strategy::ResetPasswordEmailCode, it)));
        factors.extend(numbers.iter().map(|it| code(Strategy::ResetPasswordPhoneCode, it)));
    }
    for account in profile.external_accounts.iter().filter(|it| it.verified) {
        let strategy = strategy_word(Strategy::OAuth(account.provider));
        let lets_in =
            lens.instance.social_connection(account.provider, lens.addresses).is_some_and(|it| it.authenticatable);
        if lets_in && !factors.iter().any(|factor| factor.strategy == strategy) {
            factors.push(wire::FirstFactor { strategy, ..Default::default() });
        }
    }
    factors
}

/// What can be answered now or next: second factors, or the codes that make a new device known.
fn second_steps(lens: Lens<'_>, attempt: &SignIn, profile: &Profile) -> Vec<wire::FirstFactor> {
    if attempt.status != SignInStatus::NeedsClientTrust {
        return second_factors(lens, profile);
    }
    let contacts = profile.client_trust_contacts(&lens.instance.settings);
    let factor = |it: &Identification| match it.kind {
        IdentificationKind::EmailAddress => by_code(Strategy::EmailCode, profile, it, attempt.identifier.as_deref()),
        IdentificationKind::PhoneNumber => by_code(Strategy::PhoneCode, profile, it, attempt.identifier.as_deref()),
    };
    contacts.into_iter().map(factor).collect()
}

/// The ways that the settings leave open to whoever goes by an identifier, the same for everybody and nobody.
fn undisclosed_factors(lens: Lens<'_>, attempt: &SignIn, identifier: &str) -> Vec<wire::FirstFactor> {
    let settings = &lens.instance.settings;
    let has_password = settings.attributes.password.enabled;
    let is_address = identifier.contains('@') && settings.attributes.email_address.enabled;
    let is_number = identifier.starts_with('+') && settings.attributes.phone_number.enabled;
    let id = |is_this: bool| is_this.then(|| attempt.address_alias());
    let by_code = |strategy| wire::FirstFactor {
        strategy: strategy_word(strategy),
        safe_identifier: Some(identifier.to_owned()),
        email_address_id: id(is_address),
        phone_number_id: id(!is_address),
        primary: Some(true),
        default: None,
    };
    let password = wire::FirstFactor { strategy: word(Strategy::Password.as_str()), ..Default::default() };
    let codes = [
        (Strategy::EmailCode, is_address && settings.sign_in.email_code),
        (Strategy::PhoneCode, is_number && settings.sign_in.phone_code),
        (Strategy::EmailLink, is_address && settings.sign_in.email_link),
        (Strategy::ResetPasswordEmailCode, is_address && has_password),
        (Strategy::ResetPasswordPhoneCode, is_number && has_password),
    ];
    let codes = codes.into_iter().filter(|(_, is_on)| *is_on).map(|(strategy, _)| by_code(strategy));
    has_password.then_some(password).into_iter().chain(codes).collect()
}

/// What the user can answer after the first factor. Empty: nothing is asked.
pub(crate) fn second_factors(lens: Lens<'_>, profile: &Profile) -> Vec<wire::FirstFactor> {
    let offered = &lens.instance.settings.multi_factor;
    let user = &profile.user;
    let plain = |strategy: Strategy| wire::FirstFactor { strategy: strategy_word(strategy), ..Default::default() };
    let mut factors = Vec::new();
    if offered.authenticator_app && user.totp_enabled {
        factors.push(plain(Strategy::Totp));
    }
    if lens.instance.settings.offers_phone_second_factor() {
        factors.extend(profile.second_factor_phones().into_iter().map(|it| wire::FirstFactor {
            default: Some(it.default_second_factor),
            ..by_code(Strategy::PhoneCode, profile, it, None)
        }));
    }
    if offered.backup_codes && user.backup_code_enabled {
        factors.push(plain(Strategy::BackupCode));
    }
    factors
}

/// The addresses that can get a code: the typed one first, then the primary one, then by age. clerk-js starts with the
/// first that fits.
fn usable_addresses<'a>(settings: &Settings, profile: &'a Profile, typed: Option<&str>) -> Vec<&'a Identification> {
    if !settings.attributes.email_address.enabled {
        return Vec::new();
    }
    let mut addresses: Vec<_> = profile.email_addresses().filter(|it| it.status.is_claimed()).collect();
    addresses.sort_by_key(|it| (!is_typed(it, typed), !is_primary(profile, it)));
    addresses
}

/// The same for phone numbers. One that is a second factor is none for the first.
fn usable_numbers<'a>(settings: &Settings, profile: &'a Profile, typed: Option<&str>) -> Vec<&'a Identification> {
    if !settings.attributes.phone_number.enabled {
        return Vec::new();
    }
    let mut numbers: Vec<_> = profile.phone_numbers().filter(|it| it.is_first_factor()).collect();
    numbers.sort_by_key(|it| (!is_typed(it, typed), !is_primary(profile, it)));
    numbers
}

fn by_code(strategy: Strategy, profile: &Profile, address: &Identification, typed: Option<&str>) -> wire::FirstFactor {
    // clerk-js finds the factor of the typed identifier by comparing the two texts; any other address is not the visitor's
    // to see yet.
    let safe_identifier = match typed {
        Some(typed) if is_typed(address, Some(typed)) => typed.to_owned(),
        _ if address.kind == IdentificationKind::PhoneNumber => phone::masked(&address.value),
        _ => masked(&address.value),
    };
    let id = Some(address.id.to_string());
    let (email_address_id, phone_number_id) = match address.kind {
        IdentificationKind::EmailAddress => (id, None),
        IdentificationKind::PhoneNumber => (None, id),
    };
    wire::FirstFactor {
        strategy: strategy_word(strategy),
        safe_identifier: Some(safe_identifier),
        email_address_id,
        phone_number_id,
        primary: Some(is_primary(profile, address)),
        default: None,
    }
}

fn is_typed(address: &Identification, typed: Option<&str>) -> bool {
    typed.is_some_and(|typed| typed.to_lowercase() == address.value.to_lowercase())
}

fn is_primary(profile: &Profile, address: &Identification) -> bool {
    let primary = match address.kind {
        IdentificationKind::EmailAddress => &profile.user.primary_email_address_id,
        IdentificationKind::PhoneNumber => &profile.user.primary_phone_number_id,
    };
    primary.as_ref() == Some(&address.id)
}

/// An address that its owner recognises and nobody else learns: `j***@e***.com`.
fn masked(address: &str) -> String {
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let (name, end) = domain.rsplit_once('.').unwrap_or((domain, ""));
    let dot = if end.is_empty() { "" } else { "." };
    format!("{}***@{}***{dot}{end}", first(local), first(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_address_keeps_three_hints() {
        assert_eq!(masked("jane@example.com"), "j***@e***.com");
        assert_eq!(masked("j@mail.example.co.uk"), "j***@m***.uk");
        assert_eq!(masked("émile@localhost"), "é***@l***");
    }
}
