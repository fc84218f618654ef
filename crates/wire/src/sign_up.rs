//! A sign-up attempt.

use crate::{Object, Verification, Word};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The challenge for an identifier of a sign-up, and what to do next about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpVerification {
    /// The challenge; strategy `null` while none was asked.
    #[serde(flatten)]
    pub verification: Verification,
    /// `needs_prepare`, `needs_attempt`, or empty.
    pub next_action: Word,
    /// How the identifier can be proved.
    pub supported_strategies: Vec<Word>,
}

/// The challenges of a sign-up, by identifier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignUpVerifications {
    /// Of the email address.
    pub email_address: Option<SignUpVerification>,
    /// Of the phone number.
    pub phone_number: Option<SignUpVerification>,
    /// Of the wallet.
    pub web3_wallet: Option<SignUpVerification>,
    /// Of the account elsewhere.
    pub external_account: Option<Verification>,
}

/// A sign-up attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignUp {
    /// `sign_up_attempt`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub status: Word,
    /// Everything that must be given.
    pub required_fields: Vec<Word>,
    /// Everything that may be given.
    pub optional_fields: Vec<Word>,
    /// Required and not given yet.
    pub missing_fields: Vec<Word>,
    /// Given and not proved yet.
    pub unverified_fields: Vec<Word>,
    /// The challenges.
    pub verifications: SignUpVerifications,
    /// Username.
    pub username: Option<String>,
    /// Email address.
    pub email_address: Option<String>,
    /// Phone number.
    pub phone_number: Option<String>,
    /// Wallet address.
    pub web3_wallet: Option<String>,
    /// Whether a password was given: the name in the specification.
    pub password_enabled: bool,
    /// Whether a password was given: the name that clerk-js reads.
    #[serde(default)]
    pub has_password: bool,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Becomes the user's `unsafe_metadata`.
    #[serde(default)]
    pub unsafe_metadata: Object,
    /// Becomes the user's `public_metadata`.
    #[serde(default)]
    pub public_metadata: Object,
    /// Whether the application's backend must still agree.
    pub custom_action: bool,
    /// Becomes the user's `external_id`.
    pub external_id: Option<String>,
    /// The session that came of it.
    pub created_session_id: Option<String>,
    /// The user that came of it.
    pub created_user_id: Option<String>,
    /// Until when it can be finished.
    pub abandon_at: i64,
    /// When the terms were accepted.
    pub legal_accepted_at: Option<i64>,
    /// Preferred language.
    pub locale: Option<String>,
    /// How the account elsewhere was reached.
    pub external_account_strategy: Option<Word>,
    /// The account elsewhere.
    pub external_account: Option<Value>,
}
