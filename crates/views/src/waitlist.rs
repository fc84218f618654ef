//! The waitlist.

use crate::{Lens, invitation, word};
use verger_model::invitation::Invitation;
use verger_model::waitlist::WaitlistEntry;
use verger_wire as wire;

/// What somebody who asks to be let in is told: nothing about whether they were there or are a user.
pub fn waitlist_place(entry: &WaitlistEntry) -> wire::WaitlistPlace {
    wire::WaitlistPlace { object: word("waitlist_entry"), id: entry.id.to_string() }
}

/// Somebody on the waitlist, for the backend.
pub fn waitlist_entry(lens: Lens<'_>, entry: &WaitlistEntry, sent: Option<&Invitation>) -> wire::WaitlistEntry {
    wire::WaitlistEntry {
        object: word("waitlist_entry"),
        id: entry.id.to_string(),
        email_address: entry.email_address.clone(),
        status: word(entry.status.as_str()),
        is_locked: false,
        invitation: sent.map(|it| invitation(lens, it, None)),
        created_at: entry.created_at.0,
        updated_at: entry.updated_at.0,
    }
}
