//! Names, addresses and looks.

use super::id_of;
use crate::{Lens, word};
use std::borrow::Cow;
use verger_model::settings::{BotProtection, CaptchaProvider};
use verger_wire::environment as env;

/// The major of clerk-js that the Account Portal loads.
const PORTAL_CLERK_JS: &str = "6";

/// What stands for a public key where this server asks for work: clerk-js starts no widget without one.
const WORK_KEY: &str = "proof-of-work";

pub(crate) fn display_config(lens: Lens<'_>) -> env::DisplayConfig {
    let display = &lens.instance.settings.display;
    let bots = &lens.instance.settings.attack_protection.bot_protection;
    let captcha = captcha_keys(bots);
    let page = |path: &str| format!("{}{path}", lens.addresses.portal);
    let home_url = display.home_url.clone().unwrap_or_else(|| page(""));
    let sign_in_url = display.sign_in_url.clone().unwrap_or_else(|| page("/sign-in"));
    // Without an application to go to, people land on a page that exists: their own.
    let after = display.home_url.clone().unwrap_or_else(|| page("/user"));
    let has_password = lens.instance.settings.attributes.password.enabled;
    env::DisplayConfig {
        object: word("display_config"),
        id: id_of(lens, "display_config"),
        instance_environment_type: word(lens.instance.environment.as_str()),
        application_name: lens.instance.display_name().to_owned(),
        theme: theme(),
        preferred_sign_in_strategy: word(if has_password { "password" } else { "otp" }),
        logo_image_url: String::new(),
        favicon_image_url: String::new(),
        logo_image: None,
        favicon_image: None,
        logo_url: None,
        favicon_url: None,
        logo_link_url: home_url.clone(),
        sign_up_url: display.sign_up_url.clone().unwrap_or_else(|| page("/sign-up")),
        user_profile_url: page("/user"),
        waitlist_url: page("/waitlist"),
        oauth_consent_url: page("/oauth-consent"),
        organization_profile_url: page("/organization"),
        create_organization_url: page("/create-organization"),
        after_sign_in_url: after.clone(),
        after_sign_up_url: after.clone(),
        after_sign_out_one_url: page("/sign-in/choose"),
        after_sign_out_all_url: sign_in_url.clone(),
        after_switch_session_url: after,
        after_join_waitlist_url: home_url.clone(),
        after_leave_organization_url: home_url.clone(),
        after_create_organization_url: home_url.clone(),
        home_url,
        sign_in_url,
        support_email: display.support_email.clone(),
        branded: false,
        experimental_force_oauth_first: false,
        clerk_js_version: Some(PORTAL_CLERK_JS.to_owned()),
        show_devmode_warning: false,
        google_one_tap_client_id: None,
        help_url: None,
        privacy_policy_url: display.privacy_policy_url.clone(),
        terms_url: display.terms_url.clone(),
        captcha_public_key: captcha.as_ref().map(|(visible, _)| visible.clone()),
        captcha_widget_type: captcha.is_some().then(|| word(bots.widget_type.as_str())),
        captcha_public_key_invisible: captcha.map(|(_, invisible)| invisible),
        // The widget of our own answers to the same calls, so clerk-js is told of no other provider.
        captcha_provider: Some(word("turnstile")),
        captcha_oauth_bypass: bots.oauth_bypass.iter().filter(|_| bots.enabled).cloned().map(Cow::Owned).collect(),
        captcha_heartbeat: false,
        captcha_heartbeat_interval_ms: 600_000,
    }
}

/// The public keys of the visible and the invisible widget, where proofs are asked for.
fn captcha_keys(bots: &BotProtection) -> Option<(String, String)> {
    let visible = match bots.provider {
        CaptchaProvider::ProofOfWork => Some(WORK_KEY.to_owned()),
        CaptchaProvider::Turnstile => bots.site_key.clone(),
    };
    let visible = visible.filter(|_| bots.enabled)?;
    let invisible = match bots.provider {
        CaptchaProvider::ProofOfWork => None,
        CaptchaProvider::Turnstile => bots.invisible_site_key.clone(),
    };
    Some((visible.clone(), invisible.unwrap_or(visible)))
}

/// Looks of our own. The components of today take their looks from the app; older ones read these.
fn theme() -> env::Theme {
    env::Theme {
        buttons: env::ThemeButtons {
            font_color: word("#ffffff"),
            font_family: word("system-ui, sans-serif"),
            font_weight: word("600"),
        },
        general: env::ThemeGeneral {
            color: word("#2f3037"),
            padding: word("1em"),
            box_shadow: word("0 2px 8px rgba(0, 0, 0, 0.2)"),
            font_color: word("#151515"),
            font_family: word("system-ui, sans-serif"),
            border_radius: word("0.5em"),
            background_color: word("#ffffff"),
            label_font_weight: word("600"),
        },
        accounts: env::ThemeAccounts { background_color: word("#ffffff") },
    }
}
