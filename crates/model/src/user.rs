//! A user and everything that is known about them without a secret.

use crate::external_account::ExternalAccount;
use crate::identification::{Identification, IdentificationKind, IdentificationStatus};
use crate::metadata::Metadata;
use crate::passkey::Passkey;
use crate::settings::{Lockout, Settings};
use crate::{IdentificationId, Millis, UserId};

/// The longest first or last name, in characters.
pub const NAME_MAX: usize = 256;

/// A user. The password digest is kept apart, so that whoever reads a user never holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct User {
    /// Their id.
    pub id: UserId,
    /// The id that the application's own database gives them; unique per instance.
    pub external_id: Option<String>,
    /// As they wrote it; unique in lower case.
    pub username: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Preferred language, BCP 47.
    pub locale: Option<String>,
    /// The email address that stands for the user.
    pub primary_email_address_id: Option<IdentificationId>,
    /// The phone number that stands for the user.
    pub primary_phone_number_id: Option<IdentificationId>,
    /// Everybody reads it, only the backend writes it.
    pub public_metadata: Metadata,
    /// Only the backend reads and writes it.
    pub private_metadata: Metadata,
    /// The user reads and writes it.
    pub unsafe_metadata: Metadata,
    /// Whether the user may not sign in at all.
    pub banned: bool,
    /// Until when the user may not sign in, after too many wrong answers or by order.
    pub locked_until: Option<Millis>,
    /// Wrong answers since the last right one.
    pub failed_attempts: i64,
    /// When the password was last set; `None`: there is none.
    pub password_last_updated_at: Option<Millis>,
    /// Whether the password must be set anew, because somebody else may know it. The store writes it apart from the rest.
    pub requires_password_reset: bool,
    /// Whether an authenticator app is the user's second factor.
    pub totp_enabled: bool,
    /// Whether a phone number of the user is a second factor. Follows from the identifications, and is kept here because every
    /// sign-in asks.
    pub phone_second_factor: bool,
    /// Whether the user has backup codes.
    pub backup_code_enabled: bool,
    /// Whether the user has passkeys. The store keeps it in step with them.
    pub has_passkeys: bool,
    /// When the first second factor was set up, while there is one.
    pub mfa_enabled_at: Option<Millis>,
    /// When the last second factor was given up.
    pub mfa_disabled_at: Option<Millis>,
    /// Whether the user may delete the account.
    pub delete_self_enabled: bool,
    /// Whether the user may create organizations.
    pub create_organization_enabled: bool,
    /// How many organizations the user may create; `None`: no limit of their own.
    pub create_organizations_limit: Option<i64>,
    /// Whether a new device needs no second look.
    pub bypass_client_trust: bool,
    /// When the terms were accepted.
    pub legal_accepted_at: Option<Millis>,
    /// When the user last signed in.
    pub last_sign_in_at: Option<Millis>,
    /// When the user was last seen.
    pub last_active_at: Option<Millis>,
    /// When the account was made.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
    /// Guard against lost updates.
    pub version: i64,
}

impl User {
    /// A user with nothing but an id.
    pub fn new(id: UserId, now: Millis) -> Self {
        Self {
            id,
            external_id: None,
            username: None,
            first_name: None,
            last_name: None,
            locale: None,
            primary_email_address_id: None,
            primary_phone_number_id: None,
            public_metadata: Metadata::new(),
            private_metadata: Metadata::new(),
            unsafe_metadata: Metadata::new(),
            banned: false,
            locked_until: None,
            failed_attempts: 0,
            password_last_updated_at: None,
            requires_password_reset: false,
            totp_enabled: false,
            phone_second_factor: false,
            backup_code_enabled: false,
            has_passkeys: false,
            mfa_enabled_at: None,
            mfa_disabled_at: None,
            delete_self_enabled: true,
            create_organization_enabled: true,
            create_organizations_limit: None,
            bypass_client_trust: false,
            legal_accepted_at: None,
            last_sign_in_at: None,
            last_active_at: None,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// Whether the user set up a factor that is asked after the first one. Backup codes only stand in for such a factor.
    pub const fn two_factor_enabled(&self) -> bool {
        self.totp_enabled || self.phone_second_factor
    }

    /// Whether the user has a password.
    pub const fn password_enabled(&self) -> bool {
        self.password_last_updated_at.is_some()
    }

    /// Whether the user is locked out at `now`.
    pub fn is_locked(&self, now: Millis) -> bool {
        self.locked_until.is_some_and(|until| now < until)
    }

    /// Whole seconds until the lock ends, rounded up.
    pub fn lockout_expires_in_seconds(&self, now: Millis) -> Option<i64> {
        self.locked_until.filter(|until| now < *until).map(|until| ((until - now).0 + 999) / 1000)
    }

    /// Counts a wrong answer. A lock that has run out starts the count anew.
    pub fn count_failure(&mut self, lockout: &Lockout, now: Millis) {
        if self.locked_until.is_some() && !self.is_locked(now) {
            self.forget_failures();
        }
        self.failed_attempts += 1;
        if lockout.enabled && self.failed_attempts >= lockout.max_attempts {
            self.locked_until = Some(now + Millis::from_mins(lockout.duration_in_minutes));
        }
    }

    /// A right answer: the count starts anew.
    pub fn forget_failures(&mut self) {
        self.failed_attempts = 0;
        self.locked_until = None;
    }

    /// How many wrong answers are left before a lock.
    pub fn verification_attempts_remaining(&self, lockout: &Lockout, now: Millis) -> i64 {
        if self.is_locked(now) {
            return 0;
        }
        let counted = if self.locked_until.is_some() { 0 } else { self.failed_attempts };
        (lockout.max_attempts - counted).max(0)
    }
}

/// A user together with their email addresses and phone numbers, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The user.
    pub user: User,
    /// Everything they are known by.
    pub identifications: Vec<Identification>,
    /// Their accounts elsewhere, oldest first.
    pub external_accounts: Vec<ExternalAccount>,
    /// Their passkeys, oldest first.
    pub passkeys: Vec<Passkey>,
}

impl Profile {
    /// See [`User::two_factor_enabled`].
    pub const fn two_factor_enabled(&self) -> bool {
        self.user.two_factor_enabled()
    }

    /// The identifications of one kind, oldest first.
    pub fn of_kind(&self, kind: IdentificationKind) -> impl Iterator<Item = &Identification> {
        self.identifications.iter().filter(move |it| it.kind == kind)
    }

    /// The email addresses, oldest first.
    pub fn email_addresses(&self) -> impl Iterator<Item = &Identification> {
        self.of_kind(IdentificationKind::EmailAddress)
    }

    /// The phone numbers, oldest first.
    pub fn phone_numbers(&self) -> impl Iterator<Item = &Identification> {
        self.of_kind(IdentificationKind::PhoneNumber)
    }

    /// The primary email address.
    pub fn primary_email_address(&self) -> Option<&Identification> {
        let id = self.user.primary_email_address_id.as_ref()?;
        self.identifications.iter().find(|it| it.id == *id)
    }

    /// The phone numbers that are second factors: the default one first, then by age.
    pub fn second_factor_phones(&self) -> Vec<&Identification> {
        let is_factor = |it: &&Identification| it.is_second_factor();
        let mut phones: Vec<_> = self.phone_numbers().filter(is_factor).collect();
        phones.sort_by_key(|it| !it.default_second_factor);
        phones
    }

    /// Where a code can be sent that makes a new device known: proved email addresses, then proved phone numbers, primary ones first.
    pub fn client_trust_contacts(&self, settings: &Settings) -> Vec<&Identification> {
        let attributes = &settings.attributes;
        let is_good = |it: &&Identification| it.status == IdentificationStatus::Verified && it.is_first_factor();
        let is_primary = |it: &Identification| {
            let primary = [&self.user.primary_email_address_id, &self.user.primary_phone_number_id];
            primary.contains(&&Some(it.id.clone()))
        };
        let addresses = self.email_addresses().filter(|_| attributes.email_address.enabled);
        let numbers = self.phone_numbers().filter(|_| attributes.phone_number.enabled);
        let mut contacts: Vec<_> = addresses.chain(numbers).filter(is_good).collect();
        contacts.sort_by_key(|it| (it.kind != IdentificationKind::EmailAddress, !is_primary(it)));
        contacts
    }

    /// The primary phone number.
    pub fn primary_phone_number(&self) -> Option<&Identification> {
        let id = self.user.primary_phone_number_id.as_ref()?;
        self.identifications.iter().find(|it| it.id == *id)
    }

    /// The text that stands for the user: primary email address, username, primary phone number, or the id.
    pub fn identifier(&self) -> &str {
        self.primary_email_address()
            .map(|it| it.value.as_str())
            .or(self.user.username.as_deref())
            .or_else(|| self.primary_phone_number().map(|it| it.value.as_str()))
            .unwrap_or(self.user.id.as_str())
    }

    /// The identification with this id, if it can be used to sign in.
    pub fn claimed(&self, id: &IdentificationId) -> Option<&Identification> {
        self.identifications.iter().find(|it| it.id == *id && it.status.is_claimed())
    }

    /// Whether the user has a proved email address.
    pub fn has_verified_email(&self) -> bool {
        self.email_addresses().any(|it| it.status == IdentificationStatus::Verified)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user() -> User {
        User::new("user_1".parse().expect("an id"), Millis(0))
    }

    #[test]
    fn the_tenth_failure_locks_for_an_hour() {
        let (mut user, lockout) = (user(), Lockout::default());
        for _ in 0..9 {
            user.count_failure(&lockout, Millis(0));
        }
        assert!(!user.is_locked(Millis(0)));
        user.count_failure(&lockout, Millis(0));
        assert_eq!(user.lockout_expires_in_seconds(Millis(1)), Some(3600));
        assert!(!user.is_locked(Millis::from_mins(60)));
    }

    #[test]
    fn after_a_lock_the_count_starts_anew() {
        let (mut user, lockout) = (user(), Lockout::default());
        for _ in 0..10 {
            user.count_failure(&lockout, Millis(0));
        }
        user.count_failure(&lockout, Millis::from_mins(61));
        assert!(!user.is_locked(Millis::from_mins(61)));
        assert_eq!(user.failed_attempts, 1);
    }
}
