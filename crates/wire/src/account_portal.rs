//! The Account Portal, as clients ask about it.

use crate::Word;
use serde::{Deserialize, Serialize};

/// `/v1/account_portal`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPortal {
    /// `account_portal`
    pub object: Word,
    /// Whether the instance may have one.
    pub allowed: bool,
    /// Whether it has one.
    pub enabled: bool,
    /// Whether its pages link to each other.
    pub internal_linking: bool,
    /// Where people go after signing in.
    pub after_sign_in_url: String,
    /// Where people go after signing up.
    pub after_sign_up_url: String,
    /// Where people go after joining the waitlist.
    pub after_join_waitlist_url: String,
    /// Where people go after making an organization.
    pub after_create_organization_url: String,
    /// Where people go after leaving an organization.
    pub after_leave_organization_url: String,
    /// Where the logo leads.
    pub logo_link_url: String,
    /// Its looks.
    pub customization: PortalCustomization,
}

/// The looks of the Account Portal; `null` is the components' own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortalCustomization {
    /// `auto`, `dark` or `light`.
    pub appearance: Option<Word>,
    /// Behind the card, when dark.
    pub background_color_dark: Option<String>,
    /// Behind the card, when light.
    pub background_color_light: Option<String>,
    /// Of buttons, when dark.
    pub primary_color_dark: Option<String>,
    /// Of buttons, when light.
    pub primary_color_light: Option<String>,
}
