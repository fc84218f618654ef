//! Email addresses and phone numbers: the things a user is known by.

use crate::{IdentificationId, Millis, Strategy, UserId, VerificationId};

/// Which kind of identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentificationKind {
    /// An email address.
    EmailAddress,
    /// A phone number in E.164.
    PhoneNumber,
}

impl IdentificationKind {
    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EmailAddress => "email_address",
            Self::PhoneNumber => "phone_number",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::EmailAddress, Self::PhoneNumber].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Whether the user is known to own the address. At most one claimed (verified or reserved) identification exists per value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentificationStatus {
    /// Nobody proved anything.
    Unverified,
    /// Held for the user without proof, by the application's backend.
    Reserved,
    /// Proved.
    Verified,
}

impl IdentificationStatus {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Reserved => "reserved",
            Self::Verified => "verified",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Unverified, Self::Reserved, Self::Verified].into_iter().find(|status| status.as_str() == text)
    }

    /// Whether nobody else may have the value.
    pub const fn is_claimed(self) -> bool {
        matches!(self, Self::Reserved | Self::Verified)
    }
}

/// How an identification was proved, as the wire shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// By which strategy.
    pub strategy: Strategy,
    /// After how many answers; `None` where nothing was asked.
    pub attempts: Option<i64>,
    /// The deadline of the challenge.
    pub expire_at: Option<Millis>,
}

/// An email address or phone number of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identification {
    /// Its id.
    pub id: IdentificationId,
    /// Whose it is.
    pub user_id: UserId,
    /// Which kind.
    pub kind: IdentificationKind,
    /// As the user wrote it (addresses lower-cased, numbers in E.164): also the lookup value.
    pub value: String,
    /// Whether it is proved or held.
    pub status: IdentificationStatus,
    /// How it was proved, or what was tried last.
    pub proof: Option<Proof>,
    /// The challenge that its user asked for last.
    pub verification_id: Option<VerificationId>,
    /// Whether codes to this phone number are a second factor. It is then none for the first.
    pub reserved_for_second_factor: bool,
    /// Whether it is the phone number that the second factor begins with.
    pub default_second_factor: bool,
    /// When it was added.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}

impl Identification {
    /// Whether codes to it are a second factor: only what is proved is one.
    pub fn is_second_factor(&self) -> bool {
        self.reserved_for_second_factor && self.status == IdentificationStatus::Verified
    }

    /// Whether codes to it can be a first factor.
    pub const fn is_first_factor(&self) -> bool {
        self.status.is_claimed() && !self.reserved_for_second_factor
    }
}
