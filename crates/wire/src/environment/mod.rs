//! `/v1/environment`: what an instance offers, as clerk-js and the components read it. One struct per block.

mod auth_config;
mod display_config;
mod organization_settings;
mod user_settings;

pub use auth_config::{AuthConfig, NativeSettings};
pub use display_config::{DisplayConfig, Image, Theme, ThemeAccounts, ThemeButtons, ThemeGeneral};
pub use organization_settings::{
    OrganizationActions, OrganizationCreationDefaults, OrganizationDomains, OrganizationSettings, OrganizationSlug,
};
pub use user_settings::{
    Actions, AttackProtection, Attribute, Attributes, EmailLinkSettings, EnterpriseSso, PasskeySettings,
    PasswordSettings, Restrictions, SecondFactorSettings, SignInSettings, SignUpMfa, SignUpSettings, SocialProvider,
    UserLockout, UserSettings, UsernameSettings,
};

use crate::Word;
use serde::{Deserialize, Serialize};

/// A switch in a block of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enabled {
    /// On or off.
    pub enabled: bool,
}

/// The whole document. Not wrapped in an envelope.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Environment {
    /// `environment`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// How people sign in.
    pub auth_config: AuthConfig,
    /// Names, addresses and looks.
    pub display_config: DisplayConfig,
    /// Which data users have.
    pub user_settings: UserSettings,
    /// Organizations.
    pub organization_settings: OrganizationSettings,
    /// Protection of native apps.
    pub fraud_settings: FraudSettings,
    /// Billing. clerk-js refuses the document when a part of this block is missing.
    pub commerce_settings: CommerceSettings,
    /// API keys of users and organizations.
    pub api_keys_settings: ApiKeysSettings,
    /// Scripts against bots.
    pub protect_config: ProtectConfig,
    /// Whether clerk-js logs more.
    pub client_debug_mode: bool,
    /// Whether cookies of clerk-js are partitioned by site.
    pub partitioned_cookies: bool,
    /// Whether the server refuses writes for now.
    pub maintenance_mode: bool,
}

/// Protection of native apps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FraudSettings {
    /// `fraud_settings`
    pub object: Word,
    /// Native apps.
    pub native: FraudNative,
}

/// Protection of native apps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FraudNative {
    /// `disabled`, `onboarding` or `enforced`.
    pub device_attestation_mode: Word,
}

/// Billing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommerceSettings {
    /// Whether there is billing at all: read up to 2025-03-12.
    #[serde(default)]
    pub enabled: bool,
    /// Billing.
    pub billing: Billing,
}

/// Billing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Billing {
    /// Whether there is billing at all.
    #[serde(default)]
    pub enabled: bool,
    /// The payment provider's key.
    pub stripe_publishable_key: Option<String>,
    /// Whether a trial needs a card.
    #[serde(default)]
    pub free_trial_requires_payment_method: bool,
    /// Plans of users.
    pub user: BillingPayer,
    /// Plans of organizations.
    pub organization: BillingPayer,
    /// Whether users have plans that cost: the older name.
    #[serde(default)]
    pub has_paid_user_plans: bool,
    /// Whether organizations have plans that cost: the older name.
    #[serde(default)]
    pub has_paid_org_plans: bool,
}

/// Billing of one kind of payer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingPayer {
    /// Whether they are billed.
    pub enabled: bool,
    /// Whether there are plans that cost.
    pub has_paid_plans: bool,
}

/// API keys of users and organizations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeysSettings {
    /// Whether there are any.
    pub enabled: bool,
    /// Whether users have them.
    pub user_api_keys_enabled: bool,
    /// Whether organizations have them.
    pub orgs_api_keys_enabled: bool,
}

/// An element that clerk-js puts into the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProtectLoader {
    /// The element's name.
    #[serde(rename = "type")]
    pub kind: Word,
    /// `head` or `body`.
    pub target: Word,
    /// Its attributes.
    pub attributes: ProtectLoaderAttributes,
}

/// The attributes of a script.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProtectLoaderAttributes {
    /// Where it lies.
    pub src: String,
}

/// Scripts against bots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProtectConfig {
    /// `protect_config`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// Scripts that clerk-js puts into the page.
    pub loaders: Vec<ProtectLoader>,
    /// Tokens made before are to be fetched anew.
    pub tokens_invalid_before: Option<i64>,
}
