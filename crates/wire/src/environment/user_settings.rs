//! Which data users have, and what they may do.

use crate::Word;
use crate::environment::Enabled;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which data users have, and what they may do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserSettings {
    /// Attributes.
    pub attributes: Attributes,
    /// Providers of accounts elsewhere, by strategy.
    pub social: BTreeMap<String, SocialProvider>,
    /// Companies' sign-on: the older name.
    pub saml: EnterpriseSso,
    /// Companies' sign-on.
    pub enterprise_sso: EnterpriseSso,
    /// Signing in.
    pub sign_in: SignInSettings,
    /// Signing up.
    pub sign_up: SignUpSettings,
    /// Who may sign up.
    pub restrictions: Restrictions,
    /// Passwords.
    pub password_settings: PasswordSettings,
    /// Usernames.
    pub username_settings: UsernameSettings,
    /// What users may do themselves.
    pub actions: Actions,
    /// Protection against guessing.
    pub attack_protection: AttackProtection,
    /// Passkeys.
    pub passkey_settings: PasskeySettings,
}

/// A provider of accounts elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SocialProvider {
    /// Whether people can use it.
    pub enabled: bool,
    /// Whether people must have an account there.
    pub required: bool,
    /// Whether it lets people in.
    pub authenticatable: bool,
    /// Whether addresses with a `+` part are turned away.
    pub block_email_subaddresses: bool,
    /// `oauth_` and its name.
    pub strategy: String,
    /// Whether the components hide its button.
    pub not_selectable: bool,
    /// Whether it should not be used any more.
    pub deprecated: bool,
    /// What people see.
    pub name: String,
    /// Its picture.
    pub logo_url: Option<String>,
}

/// Every attribute that clerk-js knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    /// Email address.
    pub email_address: Attribute,
    /// Phone number.
    pub phone_number: Attribute,
    /// Username.
    pub username: Attribute,
    /// Wallet.
    pub web3_wallet: Attribute,
    /// First name.
    pub first_name: Attribute,
    /// Last name.
    pub last_name: Attribute,
    /// Password.
    pub password: Attribute,
    /// Authenticator app.
    pub authenticator_app: Attribute,
    /// Ticket.
    pub ticket: Attribute,
    /// Backup code.
    pub backup_code: Attribute,
    /// Passkey.
    pub passkey: Attribute,
}

/// One attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: Word,
    /// Users can have it.
    pub enabled: bool,
    /// Users must have it.
    pub required: bool,
    /// Users cannot change it.
    pub immutable: bool,
    /// It names a user who signs in.
    pub used_for_first_factor: bool,
    /// Ways of the first factor that it gives.
    pub first_factors: Vec<Word>,
    /// It is a second factor.
    pub used_for_second_factor: bool,
    /// Ways of the second factor that it gives.
    pub second_factors: Vec<Word>,
    /// Ways to prove it.
    pub verifications: Vec<Word>,
    /// Whether a sign-up must prove it.
    pub verify_at_sign_up: bool,
    /// How codes travel to it; phone numbers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<Word>>,
}

/// Companies' sign-on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnterpriseSso {
    /// Whether there is any.
    pub enabled: bool,
    /// Whether organizations set it up themselves.
    #[serde(default)]
    pub self_serve_sso: bool,
}

/// Signing in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInSettings {
    /// The second factor.
    pub second_factor: SecondFactorSettings,
}

/// The second factor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondFactorSettings {
    /// Everybody needs one.
    pub required: bool,
    /// Users can have one.
    #[serde(default)]
    pub enabled: bool,
}

/// Signing up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpSettings {
    /// Whether there is a captcha.
    pub captcha_enabled: bool,
    /// `smart` or `invisible`.
    pub captcha_widget_type: Word,
    /// Whether the application's backend must agree.
    pub custom_action_required: bool,
    /// Whether fields can come one after the other.
    pub progressive: bool,
    /// `public`, `restricted` or `waitlist`.
    pub mode: Word,
    /// Whether the terms must be accepted.
    pub legal_consent_enabled: bool,
    /// Whether only listed identifiers are let in.
    pub allowlist_only: bool,
    /// The second factor of new users.
    pub mfa: SignUpMfa,
}

/// The second factor of new users.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpMfa {
    /// Whether they need one.
    pub required: bool,
}

/// Who may sign up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restrictions {
    /// Only listed identifiers.
    pub allowlist: Enabled,
    /// No listed identifiers.
    pub blocklist: Enabled,
    /// The lists do not hold for signing in.
    pub allowlist_blocklist_disabled_on_sign_in: Enabled,
    /// No addresses with a plus sign.
    pub block_email_subaddresses: Enabled,
    /// No throw-away addresses.
    pub block_disposable_email_domains: Enabled,
    /// Gmail addresses that differ in dots are one address: read up to 2025-03-12.
    #[serde(default)]
    pub ignore_dots_for_gmail_addresses: Enabled,
}

/// Passwords.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordSettings {
    /// Whether known leaks are not asked.
    pub disable_hibp: bool,
    /// Whether changing one asks for no factor again.
    pub disable_password_reverification: bool,
    /// Fewest characters.
    pub min_length: usize,
    /// Most characters.
    pub max_length: usize,
    /// Needs a special character.
    pub require_special_char: bool,
    /// Needs a digit.
    pub require_numbers: bool,
    /// Needs an upper-case letter.
    pub require_uppercase: bool,
    /// Needs a lower-case letter.
    pub require_lowercase: bool,
    /// Whether the form judges the strength.
    pub show_zxcvbn: bool,
    /// The least strength, 0 to 4.
    pub min_zxcvbn_strength: i64,
    /// Whether known leaks are asked when signing in.
    pub enforce_hibp_on_sign_in: bool,
    /// What counts as a special character.
    pub allowed_special_characters: Word,
}

/// Usernames.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsernameSettings {
    /// Fewest characters.
    pub min_length: usize,
    /// Most characters.
    pub max_length: usize,
    /// Whether more than letters, digits, underscores and hyphens is taken.
    pub allow_extended_special_characters: bool,
    /// Whether digits alone are taken.
    pub allow_numeric_usernames: bool,
}

/// What users may do themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actions {
    /// Delete their account.
    pub delete_self: bool,
    /// Make organizations.
    pub create_organization: bool,
    /// How many.
    pub create_organizations_limit: Option<i64>,
}

/// Protection against guessing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttackProtection {
    /// Lockout.
    pub user_lockout: UserLockout,
    /// Whether addresses are hidden from visitors who did not type them.
    pub pii: Enabled,
    /// Links by mail.
    pub email_link: EmailLinkSettings,
    /// Whether answers hide who has an account.
    pub enumeration_protection: Enabled,
}

/// Lockout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserLockout {
    /// Whether users are locked out at all.
    pub enabled: bool,
    /// The failure that locks.
    pub max_attempts: i64,
    /// How long a lock lasts.
    pub duration_in_minutes: i64,
}

/// Links by mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailLinkSettings {
    /// Whether the same browser must open them.
    pub require_same_client: bool,
}

/// Passkeys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeySettings {
    /// Whether the browser offers them by itself.
    pub allow_autofill: bool,
    /// Whether there is a button.
    pub show_sign_in_button: bool,
    /// Whether one stands for both factors.
    pub satisfies_second_factor: bool,
}
