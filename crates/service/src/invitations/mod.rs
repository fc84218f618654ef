//! Invitations to the application: made by its backend, accepted by signing up.

mod accept;
mod create;

pub use create::NewInvitation;

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use crate::sign_in_tokens::TicketClaims;
use verger_jose::{Category, Header, mint};
use verger_model::invitation::{Invitation, InvitationStatus};
use verger_model::{Code, InvitationId};
use verger_store::InvitationFilter;

/// The word that tells invitations from other tickets.
pub(crate) const KIND: &str = "invitation";

impl Service {
    /// The ticket of an invitation. Made anew whenever it is asked for: it says nothing but what is stored.
    fn invitation_ticket(&self, ctx: &Ctx, invitation: &Invitation) -> Result<String> {
        let claims = TicketClaims {
            iss: ctx.tenant.addresses.frontend_api.clone(),
            sid: invitation.id.as_str().to_owned(),
            sub: invitation.email_address.clone(),
            st: KIND.to_owned(),
            exp: invitation.expire_at.secs(),
        };
        let header = Header { kid: &ctx.tenant.kid, cat: Some(Category::Ticket), oiat: None };
        mint(&header, &claims, &ctx.tenant.signing_key).map_err(Error::internal)
    }

    /// The address behind an invitation's button.
    ///
    /// # Errors
    /// A fault when it cannot be signed.
    pub fn invitation_url(&self, ctx: &Ctx, invitation: &Invitation) -> Result<String> {
        let ticket = self.invitation_ticket(ctx, invitation)?;
        Ok(format!("{}/v1/tickets/accept?ticket={ticket}", ctx.tenant.addresses.frontend_api))
    }

    /// The invitations that fit, and how many there are.
    ///
    /// # Errors
    /// A fault only.
    pub async fn list_invitations(&self, ctx: &Ctx, filter: &InvitationFilter) -> Result<(Vec<Invitation>, i64)> {
        let mut reader = self.store.read().await?;
        let found = reader.invitations().list(ctx.instance(), filter).await?;
        let count = reader.invitations().count(ctx.instance(), filter).await?;
        Ok((found, count))
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// `resource_not_found`, `invitation_already_accepted`, `invitation_already_revoked`.
    pub async fn revoke_invitation(&self, ctx: &Ctx, id: &str) -> Result<Invitation> {
        let id: InvitationId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        let settled = tx.invitations().settle(ctx.instance(), &id, InvitationStatus::Revoked, ctx.now).await?;
        let invitation = tx.invitations().get(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        if !settled {
            return Err(match invitation.status {
                InvitationStatus::Accepted => Code::InvitationAlreadyAccepted.into(),
                _ => Code::InvitationAlreadyRevoked.into(),
            });
        }
        tx.commit().await?;
        Ok(invitation)
    }
}
