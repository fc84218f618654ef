//! Which data a user has, and what a password must look like.

use serde::{Deserialize, Serialize};

/// One attribute: whether users have it, and whether they must.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attribute {
    /// Users can have it.
    pub enabled: bool,
    /// Users must have it.
    pub required: bool,
}

impl Attribute {
    const REQUIRED: Self = Self { enabled: true, required: true };
    const OPTIONAL: Self = Self { enabled: true, required: false };
    const OFF: Self = Self { enabled: false, required: false };
}

/// A phone number as an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhoneAttribute {
    /// Users can have it.
    pub enabled: bool,
    /// Users must have it.
    pub required: bool,
    /// Whether a sign-up must prove it.
    pub verify_at_sign_up: bool,
}

impl Default for PhoneAttribute {
    fn default() -> Self {
        Self { enabled: false, required: false, verify_at_sign_up: true }
    }
}

impl PhoneAttribute {
    /// Whether users have it, and whether they must.
    pub const fn attribute(self) -> Attribute {
        Attribute { enabled: self.enabled, required: self.required }
    }
}

/// The attributes of this instance's users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Attributes {
    /// Email address, verified by code at sign-up.
    pub email_address: Attribute,
    /// Phone number, proved by code.
    pub phone_number: PhoneAttribute,
    /// Username.
    pub username: Attribute,
    /// First name.
    pub first_name: Attribute,
    /// Last name.
    pub last_name: Attribute,
    /// Password.
    pub password: Attribute,
}

impl Default for Attributes {
    fn default() -> Self {
        Self {
            email_address: Attribute::REQUIRED,
            phone_number: PhoneAttribute::default(),
            username: Attribute::OFF,
            first_name: Attribute::OPTIONAL,
            last_name: Attribute::OPTIONAL,
            password: Attribute::REQUIRED,
        }
    }
}

/// What a password must look like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordPolicy {
    /// Fewest characters; 8 at least.
    pub min_length: usize,
    /// Most characters.
    pub max_length: usize,
    /// Needs an upper-case letter.
    pub require_uppercase: bool,
    /// Needs a lower-case letter.
    pub require_lowercase: bool,
    /// Needs a digit.
    pub require_numbers: bool,
    /// Needs a special character.
    pub require_special_char: bool,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            min_length: 8,
            max_length: 72,
            require_uppercase: false,
            require_lowercase: false,
            require_numbers: false,
            require_special_char: false,
        }
    }
}
