//! Passkeys as a way to sign in.

use serde::{Deserialize, Serialize};

/// Passkeys: off until the owner switches them on, and then offered in every place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasskeySettings {
    /// Users can have them and sign in with them.
    pub enabled: bool,
    /// The browser offers them by itself in the field of the identifier.
    pub allow_autofill: bool,
    /// The sign-in form has a button for them.
    pub show_sign_in_button: bool,
    /// Whoever signs in with one is not asked for a second factor: a passkey is one and says so itself.
    pub satisfies_second_factor: bool,
}

impl Default for PasskeySettings {
    fn default() -> Self {
        Self { enabled: false, allow_autofill: true, show_sign_in_button: true, satisfies_second_factor: true }
    }
}
