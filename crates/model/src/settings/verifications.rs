//! How users prove that an address is theirs, at sign-up and in their account.

use serde::{Deserialize, Serialize};

/// The ways to prove an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VerificationSettings {
    /// Email addresses by a code.
    pub email_code: bool,
    /// Email addresses by a link. Where both are on, the components take the link.
    pub email_link: bool,
}

impl VerificationSettings {
    /// Whether an email address can be proved at all.
    pub const fn by_mail(&self) -> bool {
        self.email_code || self.email_link
    }
}

impl Default for VerificationSettings {
    fn default() -> Self {
        Self { email_code: true, email_link: false }
    }
}
