//! A sign-up attempt: what was given, what is missing, what must still be proved.

use crate::metadata::Metadata;
use crate::settings::{Attribute, Settings};
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

    /// What is asked, missing and unproved under these settings.
    pub fn requirements(&self, settings: &Settings) -> Requirements {
        let a = &settings.attributes;
        let fields: [(&'static str, Attribute, bool); 6] = [
            ("email_address", a.email_address, self.email_address.is_some()),
            ("phone_number", a.phone_number, self.phone_number.is_some()),
            ("username", a.username, self.username.is_some()),
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
        if settings.sign_up.legal_consent {
            requirements.required.push("legal_accepted");
            if self.legal_accepted_at.is_none() {
                requirements.missing.push("legal_accepted");
            }
        }
        if self.email_address.is_some() && !self.email_verified {
            requirements.unverified.push("email_address");
        }
        requirements
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
}
