//! A sign-up attempt: what was given, what is missing, what must still be proved.

use crate::metadata::Metadata;
use crate::settings::{Attribute, Attributes, Settings};
use crate::{ClientId, Millis, SessionId, SignUpId, UserId, VerificationId};

pub use crate::sign_in::ATTEMPT_LIFETIME;

/// Where an attempt stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUpStatus {
    /// Something is missing or not proved.
    MissingRequirements,
    /// The account was made.
    Complete,
}

impl SignUpStatus {
    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingRequirements => "missing_requirements",
            Self::Complete => "complete",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::MissingRequirements, Self::Complete].into_iter().find(|status| status.as_str() == text)
    }
}

/// An attempt to make an account on one client. The password digest is kept apart, like a user's.
#[derive(Clone, Debug, PartialEq)]
pub struct SignUp {
    /// Its id.
    pub id: SignUpId,
    /// On which client.
    pub client_id: ClientId,
    /// Where it stands.
    pub status: SignUpStatus,
    /// Email address, normalised.
    pub email_address: Option<String>,
    /// The challenge for the email address that was asked last.
    pub email_verification_id: Option<VerificationId>,
    /// Whether the email address is proved.
    pub email_verified: bool,
    /// The challenge of an account elsewhere.
    pub external_verification_id: Option<VerificationId>,
    /// Whether that account is proved; it stands for a password.
    pub external_verified: bool,
    /// Phone number in E.164.
    pub phone_number: Option<String>,
    /// The challenge for the phone number that was asked last.
    pub phone_verification_id: Option<VerificationId>,
    /// Whether the phone number is proved.
    pub phone_verified: bool,
    /// Username as typed.
    pub username: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Preferred language, BCP 47.
    pub locale: Option<String>,
    /// Whether a password was given (its digest is stored beside).
    pub password_enabled: bool,
    /// Becomes the user's `unsafe_metadata`.
    pub unsafe_metadata: Metadata,
    /// When the terms were accepted.
    pub legal_accepted_at: Option<Millis>,
    /// The user that came of it.
    pub created_user_id: Option<UserId>,
    /// The session that came of it.
    pub created_session_id: Option<SessionId>,
    /// Until when it can be finished.
    pub abandon_at: Millis,
    /// When it began.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
    /// Guard against lost updates.
    pub version: i64,
}

/// What an instance asks of a sign-up, by Clerk's field names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Everything that must be given.
    pub required: Vec<&'static str>,
    /// Everything that may be given.
    pub optional: Vec<&'static str>,
    /// Required and not given yet.
    pub missing: Vec<&'static str>,
    /// Given and not proved yet.
    pub unverified: Vec<&'static str>,
}

impl Requirements {
    /// Whether the account can be made.
    pub fn are_met(&self) -> bool {
        self.missing.is_empty() && self.unverified.is_empty()
    }
}

impl SignUp {
    /// A new, empty attempt.
    pub fn new(id: SignUpId, client_id: ClientId, now: Millis) -> Self {
        Self {
            id,
            client_id,
            status: SignUpStatus::MissingRequirements,
            email_address: None,
            email_verification_id: None,
            email_verified: false,
            external_verification_id: None,
            external_verified: false,
            phone_number: None,
            phone_verification_id: None,
            phone_verified: false,
            username: None,
            first_name: None,
            last_name: None,
            locale: None,
            password_enabled: false,
            unsafe_metadata: Metadata::new(),
            legal_accepted_at: None,
            created_user_id: None,
            created_session_id: None,
            abandon_at: now + ATTEMPT_LIFETIME,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// Whether it can no longer be finished.
    pub fn is_abandoned(&self, now: Millis) -> bool {
        self.status != SignUpStatus::Complete && self.abandon_at <= now
    }

    /// Gives the email address; another one than before must be proved anew.
    pub fn set_email_address(&mut self, address: String) {
        if self.email_address.as_ref() == Some(&address) {
            return;
        }
        self.email_address = Some(address);
        self.email_verified = false;
        self.email_verification_id = None;
    }

    /// Gives the phone number; another one than before must be proved anew.
    pub fn set_phone_number(&mut self, number: Option<String>) {
        if self.phone_number == number {
            return;
        }
        self.phone_number = number;
        self.phone_verified = false;
        self.phone_verification_id = None;
    }

    /// What is asked, missing and unproved under these settings.
    pub fn requirements(&self, settings: &Settings) -> Requirements {
        let a = &settings.attributes;
        // An account elsewhere is a name to come back by.
        let by_need = if self.external_verified { None } else { needed_identifier(a) };
        let needs = |name: &str, attribute: Attribute| Attribute {
            required: attribute.required || by_need == Some(name),
            ..attribute
        };
        let fields: [(&'static str, Attribute, bool); 6] = [
            ("email_address", needs("email_address", a.email_address), self.email_address.is_some()),
            ("phone_number", needs("phone_number", a.phone_number.attribute()), self.phone_number.is_some()),
            ("username", needs("username", a.username), self.username.is_some()),
            ("first_name", a.first_name, self.first_name.is_some()),
            ("last_name", a.last_name, self.last_name.is_some()),
            ("password", a.password, self.password_enabled || self.external_verified),
        ];
        let mut requirements = Requirements::default();
        for (name, attribute, given) in fields {
            if !attribute.enabled {
                continue;
            }
            if attribute.required {
                requirements.required.push(name);
                if !given {
                    requirements.missing.push(name);
                }
            } else {
                requirements.optional.push(name);
            }
        }
        if by_need == Some(EITHER) {
            requirements.required.push(EITHER);
            if self.email_address.is_none() && self.phone_number.is_none() {
                requirements.missing.push(EITHER);
            }
        }
        if settings.sign_up.legal_consent {
            requirements.required.push("legal_accepted");
            if self.legal_accepted_at.is_none() {
                requirements.missing.push("legal_accepted");
            }
        }
        if self.email_address.is_some() && !self.email_verified {
            requirements.unverified.push("email_address");
        }
        if self.phone_number.is_some() && !self.phone_verified && a.phone_number.verify_at_sign_up {
            requirements.unverified.push("phone_number");
        }
        requirements
    }
}

/// Stands for whichever of the two is given.
const EITHER: &str = "email_address_or_phone_number";

/// What names the user where no identifier is required by itself: nobody signs up without a name to come back by. With a
/// password it is the email address.
fn needed_identifier(a: &Attributes) -> Option<&'static str> {
    let (email, phone, username) = (a.email_address, a.phone_number.attribute(), a.username);
    if [email, phone, username].iter().any(|it| it.enabled && it.required) {
        return None;
    }
    let has_password = a.password.enabled && a.password.required;
    match (email.enabled, phone.enabled) {
        (true, true) if !has_password => Some(EITHER),
        (true, _) => Some("email_address"),
        (false, true) => Some("phone_number"),
        (false, false) => username.enabled.then_some("username"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt() -> SignUp {
        SignUp::new("sua_1".parse().expect("an id"), "client_1".parse().expect("an id"), Millis(0))
    }

    #[test]
    fn an_empty_attempt_misses_what_is_required() {
        let asked = attempt().requirements(&Settings::default());
        assert_eq!(asked.required, ["email_address", "password"]);
        assert_eq!(asked.missing, ["email_address", "password"]);
        assert_eq!(asked.optional, ["first_name", "last_name"]);
        assert!(!asked.are_met());
    }

    #[test]
    fn a_given_address_must_be_proved() {
        let mut attempt = attempt();
        attempt.set_email_address("jane@example.com".into());
        attempt.password_enabled = true;
        assert_eq!(attempt.requirements(&Settings::default()).unverified, ["email_address"]);
        attempt.email_verified = true;
        assert!(attempt.requirements(&Settings::default()).are_met());
    }

    #[test]
    fn another_address_must_be_proved_anew() {
        let mut attempt = attempt();
        attempt.set_email_address("jane@example.com".into());
        attempt.email_verified = true;
        attempt.set_email_address("jane@example.com".into());
        assert!(attempt.email_verified);
        attempt.set_email_address("eve@example.com".into());
        assert!(!attempt.email_verified);
    }

    /// Settings with these two optional and no password.
    fn either() -> Settings {
        let mut settings = Settings::default();
        settings.attributes.email_address = Attribute { enabled: true, required: false };
        settings.attributes.phone_number.enabled = true;
        settings.attributes.password = Attribute::default();
        settings
    }

    #[test]
    fn a_given_number_must_be_proved_where_the_instance_says_so() {
        let (mut attempt, mut settings) = (attempt(), either());
        attempt.set_phone_number(Some("+12015550100".into()));
        assert_eq!(attempt.requirements(&settings).unverified, ["phone_number"]);
        settings.attributes.phone_number.verify_at_sign_up = false;
        assert!(attempt.requirements(&settings).are_met());
    }

    #[test]
    fn another_number_must_be_proved_anew() {
        let mut attempt = attempt();
        attempt.set_phone_number(Some("+12015550100".into()));
        attempt.phone_verified = true;
        attempt.set_phone_number(Some("+12015550100".into()));
        assert!(attempt.phone_verified);
        attempt.set_phone_number(Some("+12015550101".into()));
        assert!(!attempt.phone_verified);
    }

    #[test]
    fn where_neither_is_required_one_of_both_is() {
        let asked = attempt().requirements(&either());
        assert_eq!((asked.required, asked.missing), (vec![EITHER], vec![EITHER]));
        let mut attempt = attempt();
        attempt.set_phone_number(Some("+12015550100".into()));
        assert!(attempt.requirements(&either()).missing.is_empty());
    }

    #[test]
    fn who_comes_from_elsewhere_needs_neither() {
        let mut attempt = attempt();
        attempt.external_verified = true;
        assert!(attempt.requirements(&either()).are_met());
    }

    #[test]
    fn a_password_needs_the_address_beside_it() {
        let mut settings = either();
        settings.attributes.password = Attribute { enabled: true, required: true };
        assert_eq!(attempt().requirements(&settings).missing, ["email_address", "password"]);
    }
}
