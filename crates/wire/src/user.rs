//! Users, as they see themselves and as the backend sees them.

use crate::{EmailAddress, ExternalAccount, Object, Passkey, PhoneNumber, Word};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A user, as the Frontend API shows them to themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Their id.
    pub id: String,
    /// `user`
    pub object: Word,
    /// The id in the application's own database.
    pub external_id: Option<String>,
    /// Username.
    pub username: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Always a URL.
    pub image_url: String,
    /// Whether the user uploaded that picture.
    pub has_image: bool,
    /// The old name of `image_url`.
    pub profile_image_url: Option<String>,
    /// The email address that stands for the user.
    pub primary_email_address_id: Option<String>,
    /// The phone number that stands for the user.
    pub primary_phone_number_id: Option<String>,
    /// The wallet that stands for the user.
    pub primary_web3_wallet_id: Option<String>,
    /// Whether there is a password.
    pub password_enabled: bool,
    /// Whether signing in takes a second factor.
    pub two_factor_enabled: bool,
    /// Whether there is an authenticator app.
    pub totp_enabled: bool,
    /// Whether there are backup codes.
    pub backup_code_enabled: bool,
    /// Oldest first.
    pub email_addresses: Vec<EmailAddress>,
    /// Oldest first.
    pub phone_numbers: Vec<PhoneNumber>,
    /// Wallets.
    pub web3_wallets: Vec<Value>,
    /// Passkeys.
    pub passkeys: Vec<Passkey>,
    /// Accounts elsewhere.
    pub external_accounts: Vec<ExternalAccount>,
    /// Accounts of a company's sign-on, by their old name.
    pub saml_accounts: Vec<Value>,
    /// Accounts of a company's sign-on.
    pub enterprise_accounts: Vec<Value>,
    /// All organizations of the user; left out by the Backend API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_memberships: Option<Vec<Value>>,
    /// When the password was last set.
    pub password_last_updated_at: Option<i64>,
    /// Everybody reads it, only the backend writes it.
    pub public_metadata: Object,
    /// The user reads and writes it.
    #[serde(default)]
    pub unsafe_metadata: Object,
    /// When the user last signed in.
    pub last_sign_in_at: Option<i64>,
    /// Whether the user may not sign in at all.
    pub banned: bool,
    /// Whether the user may not sign in for a while.
    pub locked: bool,
    /// Whether a directory took the account away.
    #[serde(default)]
    pub deprovisioned: bool,
    /// Seconds until the lock ends.
    pub lockout_expires_in_seconds: Option<i64>,
    /// Wrong answers left before a lock; `null` where nobody is locked out.
    pub verification_attempts_remaining: Option<i64>,
    /// When the account was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
    /// Whether the user may delete the account.
    pub delete_self_enabled: bool,
    /// Whether the user may create organizations.
    pub create_organization_enabled: bool,
    /// How many; left out without a limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_organizations_limit: Option<i64>,
    /// When the user was last seen.
    pub last_active_at: Option<i64>,
    /// When the second factor was switched on.
    pub mfa_enabled_at: Option<i64>,
    /// When it was switched off.
    pub mfa_disabled_at: Option<i64>,
    /// When the terms were accepted.
    pub legal_accepted_at: Option<i64>,
    /// Time zone.
    #[serde(default)]
    pub timezone: Option<String>,
}

/// A user, as the Backend API shows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BapiUser {
    /// What the user sees too, without memberships; `last_active_at` to the day.
    #[serde(flatten)]
    pub user: User,
    /// Only the backend reads and writes it.
    #[serde(default)]
    pub private_metadata: Object,
    /// Preferred language.
    #[serde(default)]
    pub locale: Option<String>,
    /// Whether a new device needs no second look.
    #[serde(default)]
    pub bypass_client_trust: bool,
    /// Whether the password must be set anew.
    #[serde(default)]
    pub requires_password_reset: bool,
}
