//! The waitlist.

use crate::{Invitation, Word};
use serde::{Deserialize, Serialize};

/// What somebody who asks to be let in is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitlistPlace {
    /// `waitlist_entry`
    pub object: Word,
    /// Its id.
    pub id: String,
}

/// Somebody on the waitlist, for the backend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WaitlistEntry {
    /// `waitlist_entry`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// The address.
    pub email_address: String,
    /// How far it got.
    pub status: Word,
    /// Whether something is being done with it; never, here everything is done at once.
    pub is_locked: bool,
    /// The invitation that was sent last.
    pub invitation: Option<Invitation>,
    /// When it was made.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}
