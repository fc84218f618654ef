//! The waitlist: people who ask to be let in.

use crate::{Code, InvitationId, Millis, Refusal, WaitlistEntryId};

/// How far an entry got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitlistStatus {
    /// Waiting.
    Pending,
    /// Invited.
    Invited,
    /// Turned down.
    Rejected,
    /// Signed up.
    Completed,
}

impl WaitlistStatus {
    const ALL: [Self; 4] = [Self::Pending, Self::Invited, Self::Rejected, Self::Completed];

    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Invited => "invited",
            Self::Rejected => "rejected",
            Self::Completed => "completed",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// What is said to somebody who wants to do with such an entry what it is past.
    const fn refusal(self) -> Option<Code> {
        match self {
            Self::Pending => None,
            Self::Invited => Some(Code::WaitlistEntryAlreadyInvited),
            Self::Rejected => Some(Code::WaitlistEntryAlreadyRejected),
            Self::Completed => Some(Code::WaitlistEntryAlreadyCompleted),
        }
    }
}

/// Somebody on the waitlist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitlistEntry {
    /// Its id.
    pub id: WaitlistEntryId,
    /// The address, normalised; once per instance.
    pub email_address: String,
    /// How far it got.
    pub status: WaitlistStatus,
    /// The invitation that was sent last.
    pub invitation_id: Option<InvitationId>,
    /// When it was made.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}

impl WaitlistEntry {
    /// Refuses unless the entry stands at one of these.
    ///
    /// # Errors
    /// `waitlist_entry_already_invited`, `_rejected` or `_completed`.
    pub fn expect(&self, allowed: &[WaitlistStatus]) -> Result<(), Refusal> {
        match self.status.refusal().filter(|_| !allowed.contains(&self.status)) {
            Some(code) => Err(code.into()),
            None => Ok(()),
        }
    }
}
