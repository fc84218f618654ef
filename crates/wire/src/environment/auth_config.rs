//! How people sign in.

use crate::Word;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How people sign in. The first six attributes and the lists are what older SDKs read; newer ones read `user_settings`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthConfig {
    /// `auth_config`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// `on`, `off` or `required`.
    pub first_name: Word,
    /// `on`, `off` or `required`.
    pub last_name: Word,
    /// `on`, `off` or `required`.
    pub email_address: Word,
    /// `on`, `off` or `required`.
    pub phone_number: Word,
    /// `on`, `off` or `required`.
    pub username: Word,
    /// `on`, `off` or `required`.
    pub password: Word,
    /// Sets of identifiers of which a sign-up needs one.
    pub identification_requirements: Vec<Vec<Word>>,
    /// Identifiers.
    pub identification_strategies: Vec<Word>,
    /// Ways of the first factor.
    pub first_factors: Vec<Word>,
    /// Ways of the second factor.
    pub second_factors: Vec<Word>,
    /// Ways to prove an email address.
    pub email_address_verification_strategies: Vec<Word>,
    /// One session per client.
    pub single_session_mode: bool,
    /// Whether mails go through Clerk's own domain.
    pub enhanced_email_deliverability: bool,
    /// Whether test addresses take the test code.
    pub test_mode: bool,
    /// Whether development browsers live without cookies.
    pub cookieless_dev: bool,
    /// Whether development browsers travel in URLs.
    pub url_based_session_syncing: bool,
    /// When somebody claimed an instance that was made without an account.
    pub claimed_at: Option<i64>,
    /// Whether sensitive actions ask for a factor again.
    pub reverification: bool,
    /// Whether tokens are minted away from the origin.
    pub session_minter: bool,
    /// Per country: `sms` or `whatsapp`.
    pub preferred_channels: Option<BTreeMap<String, Word>>,
    /// Native apps.
    pub native_settings: NativeSettings,
}

/// Native apps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NativeSettings {
    /// `native_settings`
    pub object: Word,
    /// Whether native apps may call.
    pub api_enabled: bool,
    /// Whether a known device signs in by itself.
    pub trusted_device_sign_in_enabled: bool,
    /// Whether signing in offers that.
    pub trusted_device_enrollment_prompt_after_sign_in_enabled: bool,
    /// Whether signing up offers that.
    pub trusted_device_enrollment_prompt_after_sign_up_enabled: bool,
}
