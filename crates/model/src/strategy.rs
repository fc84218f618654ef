//! The ways to prove who one is. A closed set: adding one makes the compiler list every place that must know it.

use crate::Provider;
use std::fmt;
use std::str::FromStr;

/// A verification strategy, by Clerk's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Strategy {
    /// A password.
    Password,
    /// A 6-digit code by mail.
    EmailCode,
    /// A link by mail.
    EmailLink,
    /// A 6-digit code by mail that opens the way to a new password.
    ResetPasswordEmailCode,
    /// A 6-digit code to a phone.
    PhoneCode,
    /// A 6-digit code to a phone that opens the way to a new password.
    ResetPasswordPhoneCode,
    /// A key pair whose private half never leaves the user's device.
    Passkey,
    /// A signed ticket made by the Backend API.
    Ticket,
    /// A code of an authenticator app (RFC 6238).
    Totp,
    /// One of the codes kept for the day the authenticator is lost.
    BackupCode,
    /// Verified by the application's backend.
    Admin,
    /// An account at another provider.
    OAuth(Provider),
}

impl Strategy {
    /// Every strategy but those of other providers, of which there are as many as owners like.
    pub const ALL: [Self; 11] = [
        Self::Password,
        Self::EmailCode,
        Self::EmailLink,
        Self::ResetPasswordEmailCode,
        Self::PhoneCode,
        Self::ResetPasswordPhoneCode,
        Self::Passkey,
        Self::Ticket,
        Self::Totp,
        Self::BackupCode,
        Self::Admin,
    ];

    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Password => "password",
            Self::EmailCode => "email_code",
            Self::EmailLink => "email_link",
            Self::ResetPasswordEmailCode => "reset_password_email_code",
            Self::PhoneCode => "phone_code",
            Self::ResetPasswordPhoneCode => "reset_password_phone_code",
            Self::Passkey => "passkey",
            Self::Ticket => "ticket",
            Self::Totp => "totp",
            Self::BackupCode => "backup_code",
            Self::Admin => "admin",
            Self::OAuth(provider) => provider.strategy(),
        }
    }

    /// Whether a right answer opens the way to a new password, and to nothing else.
    pub const fn resets_password(self) -> bool {
        matches!(self, Self::ResetPasswordEmailCode | Self::ResetPasswordPhoneCode)
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no strategy of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown strategy")]
pub struct UnknownStrategy;

impl FromStr for Strategy {
    type Err = UnknownStrategy;

    fn from_str(text: &str) -> Result<Self, UnknownStrategy> {
        let known = Self::ALL.into_iter().find(|strategy| strategy.as_str() == text);
        known.or_else(|| text.parse().ok().map(Self::OAuth)).ok_or(UnknownStrategy)
    }
}
