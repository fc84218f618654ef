//! A sign-in attempt.

use crate::{Verification, Word};
use serde::{Deserialize, Serialize};

/// A way to prove who one is. Fields that a strategy does not have are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstFactor {
    /// Which way.
    pub strategy: Word,
    /// The address as the visitor may see it; equal to the attempt's identifier when it is the one that was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safe_identifier: Option<String>,
    /// The email address that gets the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_address_id: Option<String>,
    /// The phone number that gets the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number_id: Option<String>,
    /// Whether the address is the user's primary one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
    /// Whether it is the phone number that the second factor begins with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<bool>,
}

/// What the sign-in form shows of the user who was named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserData {
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
}

/// A sign-in attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    /// `sign_in_attempt`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub status: Word,
    /// Which attributes name a user here.
    pub supported_identifiers: Vec<Word>,
    /// The ways open to the user who is named; `null` while nobody is.
    pub supported_first_factors: Option<Vec<FirstFactor>>,
    /// The ways open for the second factor.
    pub supported_second_factors: Option<Vec<FirstFactor>>,
    /// The challenge that was asked last.
    pub first_factor_verification: Option<Verification>,
    /// The challenge of the second factor that was asked last.
    pub second_factor_verification: Option<Verification>,
    /// What the visitor typed.
    pub identifier: Option<String>,
    /// Whom it names.
    pub user_data: Option<UserData>,
    /// The session that came of it.
    pub created_session_id: Option<String>,
    /// Until when it can be finished.
    pub abandon_at: i64,
    /// Whether this device was seen before, where that is asked.
    pub client_trust_state: Option<Word>,
}
