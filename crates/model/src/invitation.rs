//! Invitations to the application: a ticket to one email address that signs up with it proved.

use crate::metadata::Metadata;
use crate::{InvitationId, Millis};

/// How far an invitation got. What is past its time is `Expired` whatever the stored word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationStatus {
    /// Can be accepted.
    Pending,
    /// Somebody signed up with it.
    Accepted,
    /// Was taken back.
    Revoked,
    /// Too old. Never stored.
    Expired,
}

impl InvitationStatus {
    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Accepted, Self::Revoked, Self::Expired].into_iter().find(|it| it.as_str() == text)
    }
}

/// An invitation to the application.
#[derive(Clone, Debug, PartialEq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Whom it was sent to, normalised.
    pub email_address: String,
    /// Becomes the user's `public_metadata`.
    pub public_metadata: Metadata,
    /// How far it got, as stored. See [`Invitation::status_at`].
    pub status: InvitationStatus,
    /// Where the link leads, if not to the instance's own pages.
    pub redirect_url: Option<String>,
    /// Until when it can be accepted.
    pub expire_at: Millis,
    /// When it was made.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}

impl Invitation {
    /// The status as of `now`.
    pub fn status_at(&self, now: Millis) -> InvitationStatus {
        match self.status {
            InvitationStatus::Pending if self.expire_at <= now => InvitationStatus::Expired,
            status => status,
        }
    }
}
