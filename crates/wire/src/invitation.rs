//! Invitations to the application.

use crate::{Object, Word};
use serde::{Deserialize, Serialize};

/// An invitation to the application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invitation {
    /// `invitation`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// Whom it was sent to.
    pub email_address: String,
    /// Becomes the user's public metadata.
    pub public_metadata: Object,
    /// Whether it was taken back.
    pub revoked: bool,
    /// How far it got.
    pub status: Word,
    /// Where its button leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Until when it can be accepted.
    pub expires_at: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}
