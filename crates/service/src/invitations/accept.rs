//! Accepting an invitation: where its link leads, and what it gives to the sign-up that comes with it.

use super::KIND;
use crate::actor_tokens;
use crate::clients::Outcome;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use url::Url;
use verger_model::identification::IdentificationKind;
use verger_model::invitation::{Invitation, InvitationStatus};
use verger_model::sign_up::SignUp;
use verger_model::user::User;
use verger_model::{Code, InvitationId};
use verger_store::WriteTx;

impl Service {
    /// The invitation behind a ticket, if it can be accepted.
    ///
    /// # Errors
    /// `ticket_invalid_code`, `ticket_expired_code`, `revoked_invitation`, `invitation_already_accepted`.
    pub(crate) async fn open_invitation(&self, ctx: &Ctx, id: &str) -> Result<Invitation> {
        let id: InvitationId = id.parse().map_err(|_| Code::TicketInvalid)?;
        let found = self.store.read().await?.invitations().get(ctx.instance(), &id).await?;
        let invitation = found.ok_or(Code::TicketInvalid)?;
        match invitation.status_at(ctx.now) {
            InvitationStatus::Pending => Ok(invitation),
            InvitationStatus::Expired => Err(Code::TicketExpired.into()),
            InvitationStatus::Revoked => Err(Code::RevokedInvitation.into()),
            InvitationStatus::Accepted => Err(Code::InvitationAlreadyAccepted.into()),
        }
    }

    /// Opens the link of a ticket. One by which somebody acts as another user ends what goes on in the browser first.
    ///
    /// # Errors
    /// As [`Service::ticket_page`].
    pub async fn accept_ticket(&self, ctx: &Ctx, visitor: Visitor, ticket: &str) -> Result<Outcome<Url>> {
        let page = self.ticket_page(ctx, ticket).await?;
        let claims = self.read_ticket(ctx, ticket, true)?;
        let is_usable = claims.st == actor_tokens::KIND && self.open_actor_token(ctx, &claims.sid).await.is_ok();
        if !is_usable {
            return Ok(Outcome::plain(page));
        }
        let Outcome { state, cookie, .. } = self.sign_out_all(ctx, visitor).await?;
        Ok(Outcome { value: page, state, cookie })
    }

    /// Where the link of a ticket leads: to the page it was made for or the instance's own, with the ticket and a word about
    /// what comes next.
    ///
    /// # Errors
    /// `ticket_invalid_code` for what is no ticket of ours. What else may be wrong with it, the page is told that takes it.
    pub async fn ticket_page(&self, ctx: &Ctx, ticket: &str) -> Result<Url> {
        let claims = self.read_ticket(ctx, ticket, true)?;
        let (redirect_url, has_account) = if claims.st == KIND {
            let id: InvitationId = claims.sid.parse().map_err(|_| Code::TicketInvalid)?;
            let mut reader = self.store.read().await?;
            let invitation = reader.invitations().get(ctx.instance(), &id).await?.ok_or(Code::TicketInvalid)?;
            let kind = IdentificationKind::EmailAddress;
            let account = reader.identifications().claimed(ctx.instance(), kind, &invitation.email_address).await?;
            (invitation.redirect_url, account.is_some())
        } else {
            (None, true)
        };
        let display = &ctx.tenant.instance.settings.display;
        let (page, path) =
            if has_account { (&display.sign_in_url, "sign-in") } else { (&display.sign_up_url, "sign-up") };
        let own = || page.clone().unwrap_or_else(|| format!("{}/{path}", ctx.tenant.addresses.portal));
        let mut target = Url::parse(&redirect_url.unwrap_or_else(own)).map_err(|_| Code::InvalidRedirectUrl)?;
        target
            .query_pairs_mut()
            .append_pair("__clerk_ticket", ticket)
            .append_pair("__clerk_status", if has_account { "sign_in" } else { "sign_up" });
        Ok(target)
    }

    /// Uses the invitation that a sign-up came with, if its address is still the invited one. `true`: there was one.
    ///
    /// # Errors
    /// `revoked_invitation`, `invitation_already_accepted`, when that happened meanwhile.
    pub(crate) async fn use_invitation(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        sign_up: &SignUp,
        user: &mut User,
    ) -> Result<bool> {
        let found = tx.invitations().of_sign_up(ctx.instance(), &sign_up.id).await?;
        let Some(invitation) = found.filter(|it| sign_up.email_address.as_ref() == Some(&it.email_address)) else {
            return Ok(false);
        };
        if !tx.invitations().settle(ctx.instance(), &invitation.id, InvitationStatus::Accepted, ctx.now).await? {
            return Err(match invitation.status {
                InvitationStatus::Revoked => Code::RevokedInvitation.into(),
                _ => Code::InvitationAlreadyAccepted.into(),
            });
        }
        tx.waitlist_entries().complete(ctx.instance(), &invitation.email_address, ctx.now).await?;
        user.public_metadata = invitation.public_metadata;
        Ok(true)
    }
}
