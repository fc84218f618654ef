//! Which data a user has, and what a password must look like.

use super::InvalidSettings;
use serde::{Deserialize, Serialize};
use url::Url;

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
    /// What counts as a special character.
    pub allowed_special_characters: String,
    /// Whether forms judge the strength of a new password while it is typed.
    pub show_zxcvbn: bool,
    /// The least strength that is taken, 0 (any) to 4.
    pub min_zxcvbn_strength: u8,
    /// Whether new passwords are not looked up among leaked ones.
    pub disable_hibp: bool,
    /// Whether passwords are looked up at sign-in too.
    pub enforce_hibp_on_sign_in: bool,
    /// Where leaked passwords are looked up: the first five digits of the password's SHA-1 go behind it.
    pub hibp_range_url: String,
}

impl PasswordPolicy {
    /// The special characters of a new instance.
    pub const SPECIAL_CHARACTERS: &str = "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~";
    /// The public service that knows leaked passwords.
    pub const HIBP_RANGE_URL: &str = "https://api.pwnedpasswords.com/range/";

    /// Refuses bounds that no password fits, and an address that cannot be asked.
    pub(super) fn check(&self) -> Result<(), InvalidSettings> {
        let fail = |text: &str| Err(InvalidSettings(text.to_owned()));
        if !(8..=self.max_length).contains(&self.min_length) || self.max_length > 4096 {
            return fail("password.min_length must be at least 8 and password.max_length at most 4096");
        }
        if self.min_zxcvbn_strength > 4 {
            return fail("password.min_zxcvbn_strength goes from 0 to 4");
        }
        if self.allowed_special_characters.is_empty() || !self.allowed_special_characters.is_ascii() {
            return fail("password.allowed_special_characters must be characters of ASCII, one at least");
        }
        if self.enforce_hibp_on_sign_in && self.disable_hibp {
            return fail("password.enforce_hibp_on_sign_in needs password.disable_hibp to be false");
        }
        if Url::parse(&self.hibp_range_url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
            return Ok(());
        }
        fail("password.hibp_range_url is no http or https address")
    }
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
            allowed_special_characters: Self::SPECIAL_CHARACTERS.to_owned(),
            show_zxcvbn: false,
            min_zxcvbn_strength: 0,
            disable_hibp: true,
            enforce_hibp_on_sign_in: false,
            hibp_range_url: Self::HIBP_RANGE_URL.to_owned(),
        }
    }
}
