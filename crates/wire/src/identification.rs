//! Email addresses and phone numbers.

use crate::{Verification, Word};
use serde::{Deserialize, Serialize};

/// Another way in that the same proof covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentificationLink {
    /// Which kind.
    #[serde(rename = "type")]
    pub kind: Word,
    /// Its id.
    pub id: String,
}

/// An email address of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailAddress {
    /// Its id.
    pub id: String,
    /// `email_address`
    pub object: Word,
    /// The address.
    pub email_address: String,
    /// Whether it is held for the user without proof.
    pub reserved: bool,
    /// How it was proved, or what was tried last; `null`: nothing was tried.
    pub verification: Option<Verification>,
    /// Other ways in that the same proof covers.
    pub linked_to: Vec<IdentificationLink>,
    /// Whether a company's sign-on governs the address.
    #[serde(default)]
    pub matches_sso_connection: bool,
    /// When it was added.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

/// A phone number of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhoneNumber {
    /// Its id.
    pub id: String,
    /// `phone_number`
    pub object: Word,
    /// The number in E.164.
    pub phone_number: String,
    /// Whether codes to it are a second factor.
    #[serde(default)]
    pub reserved_for_second_factor: bool,
    /// Whether it is the second factor that is offered first.
    #[serde(default)]
    pub default_second_factor: bool,
    /// Whether it is held for the user without proof.
    pub reserved: bool,
    /// How it was proved, or what was tried last; `null`: nothing was tried.
    pub verification: Option<Verification>,
    /// Other ways in that the same proof covers.
    pub linked_to: Vec<IdentificationLink>,
    /// Backup codes that were made along, the one time they are shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup_codes: Option<Vec<String>>,
    /// When it was added.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}
