//! Sign-in tokens and actor tokens: what the Backend API hands out for one use.

use crate::{ActorTokenId, InstanceId, Millis, SignInTokenId, UserId};
use serde_json::Value;

/// How far such a token got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TicketStatus {
    /// Can be used.
    Pending,
    /// Was used.
    Accepted,
    /// Was taken back.
    Revoked,
}

impl TicketStatus {
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
    pub status: TicketStatus,
    /// Until when it can be used.
    pub expire_at: Millis,
    /// When it was made.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}

/// An actor token: lets somebody else act as a user for a while.
#[derive(Clone, Debug, PartialEq)]
pub struct ActorToken {
    /// Its id.
    pub id: ActorTokenId,
    /// The instance it belongs to.
    pub instance_id: InstanceId,
    /// In whose place.
    pub user_id: UserId,
    /// Who acts: an object whose `sub` names them, with whatever else the application put there.
    pub actor: Value,
    /// How far it got.
    pub status: TicketStatus,
    /// How long the session may last that it begins, in seconds.
    pub session_max_duration_in_seconds: i64,
    /// Until when it can be used.
    pub expire_at: Millis,
    /// When it was made.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}
