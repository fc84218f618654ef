//! What an instance's owner decides: one document, one struct per block, defaults as a new Clerk development instance has them.
//! Everything left out of a document takes its default; a key that is not known is an error.

mod attributes;
mod bot_protection;
mod native;
mod passkeys;
mod phone;
mod protection;
mod restrictions;
mod session;
mod social;
mod verifications;

pub use attributes::{Attribute, Attributes, PasswordPolicy, PhoneAttribute};
pub use bot_protection::{BotProtection, CaptchaProvider, CaptchaWidgetType};
pub use native::{AndroidApp, NativeSettings};
pub use passkeys::PasskeySettings;
pub use phone::PhoneSettings;
pub use protection::{AttackProtection, EmailLinkProtection, EnumerationProtection, Lockout};
pub use restrictions::RestrictionSettings;
pub use session::{SessionSettings, SessionTokenFormat};
pub use social::{ClientSecret, Connection, SocialSettings, TEST_PROVIDER};
pub use verifications::VerificationSettings;

use serde::{Deserialize, Serialize};

/// The settings document of one instance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Which data a user has, and which of it identifies.
    pub attributes: Attributes,
    /// What a password must look like.
    pub password: PasswordPolicy,
    /// Ways to sign in.
    pub sign_in: SignInSettings,
    /// How users prove that an address is theirs.
    pub verifications: VerificationSettings,
    /// Accounts elsewhere that let people in.
    pub social: SocialSettings,
    /// How codes travel to phones.
    pub phone: PhoneSettings,
    /// Passkeys.
    pub passkeys: PasskeySettings,
    /// Factors asked after the first one.
    pub multi_factor: MultiFactorSettings,
    /// Who may sign up.
    pub sign_up: SignUpSettings,
    /// Who is let in.
    pub restrictions: RestrictionSettings,
    /// How long sessions live and what their tokens carry.
    pub sessions: SessionSettings,
    /// Apps on phones.
    pub native: NativeSettings,
    /// Lockout and rate limits.
    pub attack_protection: AttackProtection,
    /// Names and addresses that people see.
    pub display: DisplaySettings,
    /// What users may do themselves.
    pub actions: ActionSettings,
    /// Origins beside the instance's own that may call the Frontend API and be redirected to, as `scheme://host[:port]`.
    pub allowed_origins: Vec<String>,
    /// Which names below the instance's domain may do the same, without the domain: `app`, `www.shop`. Left out: all of them.
    /// The domain itself and the instance's own addresses always may.
    pub allowed_subdomains: Option<Vec<String>>,
    /// Whether `+clerk_test` addresses take 424242. Left out: on for development, off for production.
    pub test_mode: Option<bool>,
    /// Who mails come from.
    pub mail: MailSettings,
}

/// Ways to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignInSettings {
    /// Codes by mail as a first factor.
    pub email_code: bool,
    /// Links by mail as a first factor.
    pub email_link: bool,
    /// Codes to a phone as a first factor, where users have phone numbers.
    pub phone_code: bool,
}

impl Default for SignInSettings {
    fn default() -> Self {
        Self { email_code: true, email_link: false, phone_code: true }
    }
}

impl SignInSettings {
    /// Whether a mail alone can sign in.
    pub const fn by_mail(&self) -> bool {
        self.email_code || self.email_link
    }
}

/// Factors asked after the first one. Users set them up for themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MultiFactorSettings {
    /// Codes of an authenticator app.
    pub authenticator_app: bool,
    /// Codes to a phone that the user keeps for that.
    pub phone_code: bool,
    /// Backup codes, beside another factor.
    pub backup_codes: bool,
    /// Whether every user must have a second factor.
    pub required: bool,
}

impl MultiFactorSettings {
    /// Whether users can set up a second factor at all. Backup codes alone are none.
    pub const fn is_offered(&self) -> bool {
        self.authenticator_app || self.phone_code
    }
}

/// Who may sign up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUpMode {
    /// Everybody.
    #[default]
    Public,
    /// Nobody without an invitation.
    Restricted,
    /// Nobody before being let off the waitlist.
    Waitlist,
}

impl SignUpMode {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Restricted => "restricted",
            Self::Waitlist => "waitlist",
        }
    }
}

/// Sign-up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SignUpSettings {
    /// Who may sign up.
    pub mode: SignUpMode,
    /// The terms must be accepted.
    pub legal_consent: bool,
}

/// Names and addresses that people see. Addresses left out are the Account Portal's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DisplaySettings {
    /// The application's name; the name it was created under when left out.
    pub application_name: Option<String>,
    /// Where the application lives: where people go after signing in when nothing else says so.
    pub home_url: Option<String>,
    /// The application's own sign-in page.
    pub sign_in_url: Option<String>,
    /// The application's own sign-up page.
    pub sign_up_url: Option<String>,
    /// Where to write for help.
    pub support_email: Option<String>,
    /// The privacy policy.
    pub privacy_policy_url: Option<String>,
    /// The terms of service.
    pub terms_url: Option<String>,
}

/// What users may do themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActionSettings {
    /// Delete their account.
    pub delete_self: bool,
}

impl Default for ActionSettings {
    fn default() -> Self {
        Self { delete_self: true }
    }
}

/// Who mails come from. Left out: the server's own sender, with the application's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// The name beside the address.
    pub from_name: Option<String>,
    /// The address.
    pub from_address: Option<String>,
}

/// Why a settings document was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidSettings(pub String);

impl Settings {
    /// Whether a phone number can be a second factor.
    pub const fn offers_phone_second_factor(&self) -> bool {
        self.multi_factor.phone_code && self.attributes.phone_number.enabled
    }

    /// Reads a document; whatever is left out takes its default.
    ///
    /// # Errors
    /// One sentence about the first thing that is wrong: a syntax error, an unknown key, or a rule across blocks.
    pub fn from_json(text: &str) -> Result<Self, InvalidSettings> {
        let settings: Self = serde_json::from_str(text).map_err(|err| InvalidSettings(err.to_string()))?;
        settings.check()?;
        Ok(settings)
    }

    /// The rules that go across blocks.
    ///
    /// # Errors
    /// One sentence about the first rule that is broken.
    pub fn check(&self) -> Result<(), InvalidSettings> {
        let fail = |text: &str| Err(InvalidSettings(text.to_owned()));
        let a = &self.attributes;
        let mail_sign_in = a.email_address.enabled && (a.password.enabled || self.sign_in.by_mail());
        let phone_sign_in = a.phone_number.enabled && (a.password.enabled || self.sign_in.phone_code);
        let name_sign_in = a.password.enabled && a.username.enabled;
        if !mail_sign_in && !phone_sign_in && !name_sign_in && !self.social.lets_in() {
            return fail("nobody could sign in: switch on an identifier and a way to prove it");
        }
        if a.email_address.enabled && !self.verifications.by_mail() {
            return fail(
                "email addresses could not be proved: switch on verifications.email_code or verifications.email_link",
            );
        }
        self.social.check()?;
        self.native.check()?;
        self.attack_protection.bot_protection.check()?;
        if self.multi_factor.required && !self.multi_factor.is_offered() {
            return fail("multi_factor.required needs a factor to set up: switch on multi_factor.authenticator_app");
        }
        if self.multi_factor.phone_code && !a.phone_number.enabled {
            return fail("multi_factor.phone_code needs attributes.phone_number.enabled");
        }
        if let Err(why) = self.phone.check() {
            return fail(why);
        }
        self.password.check()?;
        if self.attack_protection.lockout.max_attempts < 5 {
            return fail("attack_protection.lockout.max_attempts must be at least 5");
        }
        if self.sessions.maximum_lifetime_seconds.is_none() && self.sessions.inactivity_timeout_seconds.is_none() {
            return fail("sessions needs maximum_lifetime_seconds or inactivity_timeout_seconds");
        }
        let mut subdomains = self.allowed_subdomains.iter().flatten();
        if let Some(name) = subdomains.find(|name| !is_subdomain(name)) {
            return fail(&format!("allowed_subdomains: {name} is no lower-case name below the domain"));
        }
        let bad_origin = self.allowed_origins.iter().find(|origin| !is_origin(origin));
        bad_origin.map_or(Ok(()), |origin| fail(&format!("allowed_origins: {origin} is not scheme://host[:port]")))
    }
}

fn is_origin(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        url.has_host() && url.path().trim_matches('/').is_empty() && url.query().is_none() && !text.ends_with('/')
    })
}

/// One label or several, as browsers write them.
fn is_subdomain(text: &str) -> bool {
    let is_label = |label: &str| {
        let plain = label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        plain && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_document_is_the_defaults() {
        assert_eq!(Settings::from_json("{}"), Ok(Settings::default()));
    }

    #[test]
    fn what_is_written_is_read_back() {
        let settings = Settings { allowed_origins: vec!["https://app.example.com".into()], ..Settings::default() };
        let text = serde_json::to_string(&settings).unwrap();
        assert_eq!(Settings::from_json(&text), Ok(settings));
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let err = Settings::from_json(r#"{"sign_in":{"telepathy":true}}"#).unwrap_err();
        assert!(err.0.contains("telepathy"), "{err}");
    }

    #[test]
    fn settings_that_let_nobody_in_are_refused() {
        let text = r#"{"attributes":{"email_address":{"enabled":false}}}"#;
        assert!(Settings::from_json(text).is_err());
    }

    #[test]
    fn a_password_policy_makes_sense() {
        for text in [
            r#"{"min_length":12,"max_length":200,"min_zxcvbn_strength":4,"show_zxcvbn":true}"#,
            r#"{"disable_hibp":false,"enforce_hibp_on_sign_in":true,"hibp_range_url":"http://10.0.0.1:8080/range"}"#,
        ] {
            assert!(Settings::from_json(&format!(r#"{{"password":{text}}}"#)).is_ok(), "{text}");
        }
        for text in [
            r#"{"min_length":7}"#,
            r#"{"min_length":80}"#,
            r#"{"max_length":5000}"#,
            r#"{"min_zxcvbn_strength":5}"#,
            r#"{"min_zxcvbn_strength":-1}"#,
            r#"{"allowed_special_characters":""}"#,
            r#"{"allowed_special_characters":"€"}"#,
            r#"{"enforce_hibp_on_sign_in":true}"#,
            r#"{"hibp_range_url":"api.pwnedpasswords.com"}"#,
            r#"{"hibp_range_url":"file:///etc/passwd"}"#,
        ] {
            assert!(Settings::from_json(&format!(r#"{{"password":{text}}}"#)).is_err(), "{text}");
        }
    }

    #[test]
    fn an_allowed_subdomain_is_a_name() {
        assert!(Settings::from_json(r#"{"allowed_subdomains":["app","www.shop","xn--bcher-kva"]}"#).is_ok());
        for text in ["", "App", "*", "app.", ".app", "-app", "https://app", "bücher"] {
            assert!(Settings::from_json(&format!(r#"{{"allowed_subdomains":["{text}"]}}"#)).is_err(), "{text}");
        }
    }

    #[test]
    fn codes_to_a_phone_need_phone_numbers() {
        assert!(Settings::from_json(r#"{"multi_factor":{"phone_code":true}}"#).is_err());
        let text = r#"{"attributes":{"phone_number":{"enabled":true}},"multi_factor":{"phone_code":true}}"#;
        assert!(Settings::from_json(text).is_ok());
        let alone =
            r#"{"attributes":{"email_address":{"enabled":false},"password":{},"phone_number":{"enabled":true}}}"#;
        assert!(Settings::from_json(alone).is_ok());
    }

    #[test]
    fn a_preferred_channel_is_one_of_the_channels() {
        for phone in [
            r#"{"channels":[]}"#,
            r#"{"preferred_channels":{"US":"whatsapp"}}"#,
            r#"{"preferred_channels":{"us":"sms"}}"#,
        ] {
            assert!(Settings::from_json(&format!(r#"{{"phone":{phone}}}"#)).is_err(), "{phone}");
        }
    }

    #[test]
    fn an_allowed_origin_is_an_origin() {
        for text in ["app.example.com", "https://app.example.com/", "https://app.example.com/x"] {
            assert!(Settings::from_json(&format!(r#"{{"allowed_origins":["{text}"]}}"#)).is_err(), "{text}");
        }
    }
}
