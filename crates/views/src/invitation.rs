//! Invitations to the application.

use crate::{Lens, word};
use verger_model::invitation::{Invitation, InvitationStatus};
use verger_wire as wire;

/// An invitation; with the address of its button while it can be accepted.
pub fn invitation(lens: Lens<'_>, invitation: &Invitation, url: Option<String>) -> wire::Invitation {
    let status = invitation.status_at(lens.now);
    wire::Invitation {
        object: word("invitation"),
        id: invitation.id.to_string(),
        email_address: invitation.email_address.clone(),
        public_metadata: invitation.public_metadata.clone(),
        revoked: status == InvitationStatus::Revoked,
        status: word(status.as_str()),
        url,
        expires_at: Some(invitation.expire_at.0),
        created_at: invitation.created_at.0,
        updated_at: invitation.updated_at.0,
    }
}
