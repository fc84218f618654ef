//! Sign-in tokens and testing tokens: what the Backend API hands out for one use.

use crate::{InstanceId, Millis, SignInTokenId, UserId};

/// How far a sign-in token got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInTokenStatus {
    /// Can be used.
    Pending,
    /// Was used.
    Accepted,
    /// Was taken back.
    Revoked,
}

impl SignInTokenStatus {
    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Pending, Self::Accepted, Self::Revoked].into_iter().find(|status| status.as_str() == text)
    }
}

/// A sign-in token: stands for the first factor of one sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInToken {
    /// Its id.
    pub id: SignInTokenId,
    /// The instance it belongs to.
    pub instance_id: InstanceId,
    /// Whom it signs in.
    pub user_id: UserId,
    /// How far it got.
    pub status: SignInTokenStatus,
    /// Until when it can be used.
    pub expire_at: Millis,
    /// When it was made.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}
