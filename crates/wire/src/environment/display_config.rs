//! Names, addresses and looks.

use crate::Word;
use serde::{Deserialize, Serialize};

/// Names, addresses and looks. Addresses are absolute: the last resort of an app that names none itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplayConfig {
    /// `display_config`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// `development` or `production`.
    pub instance_environment_type: Word,
    /// The application's name.
    pub application_name: String,
    /// Looks.
    pub theme: Theme,
    /// `password` or `otp`: which factor is shown first.
    pub preferred_sign_in_strategy: Word,
    /// The logo; empty without one.
    pub logo_image_url: String,
    /// The tab's picture; empty without one.
    pub favicon_image_url: String,
    /// The logo.
    pub logo_image: Option<Image>,
    /// The tab's picture.
    pub favicon_image: Option<Image>,
    /// The logo: the older name.
    pub logo_url: Option<String>,
    /// The tab's picture: the older name.
    pub favicon_url: Option<String>,
    /// Where the logo leads.
    pub logo_link_url: String,
    /// The application.
    pub home_url: String,
    /// Signing in.
    pub sign_in_url: String,
    /// Signing up.
    pub sign_up_url: String,
    /// The user's own page.
    pub user_profile_url: String,
    /// The waitlist.
    pub waitlist_url: String,
    /// Agreeing to share data with another application.
    pub oauth_consent_url: String,
    /// The organization's page.
    pub organization_profile_url: String,
    /// Making an organization.
    pub create_organization_url: String,
    /// After signing in.
    pub after_sign_in_url: String,
    /// After signing up.
    pub after_sign_up_url: String,
    /// After signing out of one of several sessions.
    pub after_sign_out_one_url: String,
    /// After signing out of all sessions.
    pub after_sign_out_all_url: String,
    /// After changing to another session.
    pub after_switch_session_url: String,
    /// After joining the waitlist.
    pub after_join_waitlist_url: String,
    /// After leaving an organization.
    pub after_leave_organization_url: String,
    /// After making an organization.
    pub after_create_organization_url: String,
    /// Where to write for help.
    pub support_email: Option<String>,
    /// Whether the components say who made them.
    pub branded: bool,
    /// Whether accounts elsewhere come first.
    pub experimental_force_oauth_first: bool,
    /// The major of clerk-js in the Account Portal.
    pub clerk_js_version: Option<String>,
    /// Whether the components warn of a development instance.
    pub show_devmode_warning: bool,
    /// Google's key for its own prompt.
    pub google_one_tap_client_id: Option<String>,
    /// Help.
    pub help_url: Option<String>,
    /// The privacy policy.
    pub privacy_policy_url: Option<String>,
    /// The terms of service.
    pub terms_url: Option<String>,
    /// Key of the visible captcha.
    pub captcha_public_key: Option<String>,
    /// `smart`, `invisible` or none.
    pub captcha_widget_type: Option<Word>,
    /// Key of the invisible captcha.
    pub captcha_public_key_invisible: Option<String>,
    /// Whose captcha.
    pub captcha_provider: Option<Word>,
    /// Providers that need no captcha.
    pub captcha_oauth_bypass: Vec<Word>,
    /// Whether the captcha is asked now and then.
    pub captcha_heartbeat: bool,
    /// How often.
    pub captcha_heartbeat_interval_ms: i64,
}

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// `image`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub public_url: String,
}

/// Looks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Theme {
    /// Buttons.
    pub buttons: ThemeButtons,
    /// Everything.
    pub general: ThemeGeneral,
    /// The Account Portal.
    pub accounts: ThemeAccounts,
}

/// Looks of buttons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeButtons {
    /// Colour of the text.
    pub font_color: Word,
    /// Font.
    pub font_family: Word,
    /// Weight of the text.
    pub font_weight: Word,
}

/// Looks of everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeGeneral {
    /// The main colour.
    pub color: Word,
    /// Room inside.
    pub padding: Word,
    /// Shadow of a card.
    pub box_shadow: Word,
    /// Colour of the text.
    pub font_color: Word,
    /// Font.
    pub font_family: Word,
    /// Corners.
    pub border_radius: Word,
    /// Colour behind.
    pub background_color: Word,
    /// Weight of labels.
    pub label_font_weight: Word,
}

/// Looks of the Account Portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThemeAccounts {
    /// Colour behind.
    pub background_color: Word,
}
