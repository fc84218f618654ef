//! The Account Portal. Every instance has one, and it leads where the environment says.

use crate::environment::display_config::display_config;
use crate::{Lens, word};
use verger_wire as wire;

/// The portal and where it leads.
pub fn account_portal(lens: Lens<'_>) -> wire::AccountPortal {
    let display = display_config(lens);
    wire::AccountPortal {
        object: word("account_portal"),
        allowed: true,
        enabled: true,
        internal_linking: true,
        after_sign_in_url: display.after_sign_in_url,
        after_sign_up_url: display.after_sign_up_url,
        after_join_waitlist_url: display.after_join_waitlist_url,
        after_create_organization_url: display.after_create_organization_url,
        after_leave_organization_url: display.after_leave_organization_url,
        logo_link_url: display.logo_link_url,
        customization: wire::PortalCustomization::default(),
    }
}
