//! Signing in by a ticket: a sign-in token, or an invitation whose address has an account. It stands for the first factor. An
//! actor token stands for every factor: who acts as somebody else cannot have theirs.

use crate::clients::{CookieChange, Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::second_factors::asked_of;
use crate::service::Service;
use crate::sessions::{Impersonation, Proved};
use crate::visitors::Visitor;
use crate::{actor_tokens, invitations, sign_in_tokens};
use verger_model::identification::IdentificationKind;
use verger_model::invitation::{Invitation, InvitationStatus};
use verger_model::sign_in::{SecondFactor, SignIn, SignInStatus};
use verger_model::ticket::{ActorToken, SignInToken, TicketStatus};
use verger_model::{Code, Millis, SignInId, Strategy, UserId};
use verger_store::WriteTx;

/// What a ticket stands for, with the user whom it signs in.
enum Ticket {
    Token(SignInToken),
    Actor(ActorToken),
    Invitation(Invitation, UserId),
}

impl Ticket {
    const fn user(&self) -> &UserId {
        match self {
            Self::Token(token) => &token.user_id,
            Self::Actor(token) => &token.user_id,
            Self::Invitation(_, user) => user,
        }
    }

    /// What to say when that user is gone.
    const fn orphaned(&self) -> Code {
        match self {
            Self::Actor(_) => Code::ActorTokenSubjectNotFound,
            Self::Token(_) | Self::Invitation(..) => Code::SignInTokenCannotBeUsed,
        }
    }

    const fn second_factor(&self, asked: SecondFactor) -> SecondFactor {
        match self {
            Self::Actor(_) => SecondFactor::NotAsked,
            Self::Token(_) | Self::Invitation(..) => asked,
        }
    }

    fn proof(self) -> Proved {
        let impersonation = match self {
            Self::Actor(ActorToken { actor, session_max_duration_in_seconds: secs, .. }) => {
                Some(Impersonation { actor, lifetime: Millis::from_secs(secs) })
            }
            Self::Token(_) | Self::Invitation(..) => None,
        };
        Proved { impersonation, ..Strategy::Ticket.into() }
    }
}

impl Service {
    async fn open_ticket(&self, ctx: &Ctx, ticket: &str) -> Result<Ticket> {
        let claims = self.read_ticket(ctx, ticket, false)?;
        match claims.st.as_str() {
            sign_in_tokens::KIND => Ok(Ticket::Token(self.open_sign_in_token(ctx, &claims.sid).await?)),
            actor_tokens::KIND => Ok(Ticket::Actor(self.open_actor_token(ctx, &claims.sid).await?)),
            invitations::KIND => {
                let invitation = self.open_invitation(ctx, &claims.sid).await?;
                let kind = IdentificationKind::EmailAddress;
                let mut reader = self.store.read().await?;
                let found = reader.identifications().claimed(ctx.instance(), kind, &invitation.email_address).await?;
                let address = found.ok_or(Code::InvitationAccountNotExists)?;
                Ok(Ticket::Invitation(invitation, address.user_id))
            }
            _ => Err(Code::TicketInvalid.into()),
        }
    }

    /// Uses a ticket up, whoever else holds it.
    async fn use_ticket(&self, ctx: &Ctx, tx: &mut WriteTx, ticket: &Ticket) -> Result<()> {
        let (from, to) = (TicketStatus::Pending, TicketStatus::Accepted);
        let (used, refusal) = match ticket {
            Ticket::Token(token) => {
                let used = tx.sign_in_tokens().set_status(ctx.instance(), &token.id, from, to, ctx.now).await?;
                (used, Code::SignInTokenAlreadyUsed)
            }
            Ticket::Actor(token) => {
                let used = tx.actor_tokens().set_status(ctx.instance(), &token.id, from, to, ctx.now).await?;
                (used, Code::ActorTokenAlreadyUsed)
            }
            Ticket::Invitation(invitation, _) => {
                let accepted = InvitationStatus::Accepted;
                let used = tx.invitations().settle(ctx.instance(), &invitation.id, accepted, ctx.now).await?;
                (used, Code::InvitationAlreadyAccepted)
            }
        };
        if used { Ok(()) } else { Err(refusal.into()) }
    }

    pub(super) async fn sign_in_by_ticket(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        ticket: &str,
    ) -> Result<Outcome<SignInState>> {
        let ticket = self.open_ticket(ctx, ticket).await?;
        let mut tx = self.store.write().await?;
        let (mut client, token) = self.ensure_client(ctx, &mut tx, &visitor).await?;
        match &ticket {
            // Whoever is signed in, usually the actor, makes room where only one session may be.
            Ticket::Actor(_) => drop(self.expect_no_actor(ctx, &mut tx, &client).await?),
            Ticket::Token(_) | Ticket::Invitation(..) => self.expect_nobody_signed_in(ctx, &mut tx, &client).await?,
        }
        self.use_ticket(ctx, &mut tx, &ticket).await?;
        let found = tx.users().get_for_update(ctx.instance(), ticket.user()).await?;
        let mut user = found.ok_or(ticket.orphaned())?;
        self.expect_may_sign_in(ctx, &user)?;
        let profile = tx.users().profile(ctx.instance(), &user.id).await?.ok_or(ticket.orphaned())?;
        if !matches!(ticket, Ticket::Actor(_)) {
            self.expect_not_signed_in(ctx, &mut tx, &client, &profile.user.id).await?;
        }

        let id = SignInId::generate(ctx.now, self.entropy());
        let verification = self.proved(ctx, Strategy::Ticket);
        tx.verifications().insert(ctx.instance(), &verification).await?;
        let mut sign_in = SignIn::new(id.clone(), client.id.clone(), ctx.now)
            .identified(profile.identifier().to_owned(), user.id.clone());
        sign_in.first_factor_verification_id = Some(verification.id);
        tx.sign_ins().insert(ctx.instance(), &sign_in).await?;
        let second = ticket.second_factor(asked_of(ctx, &user));
        let sign_in = sign_in.first_factor_verified(Strategy::Ticket, second, ctx.now)?;
        if sign_in.status != SignInStatus::Complete {
            // The attempt goes on in later requests, so the browser must hold it.
            client.sign_in_id = Some(sign_in.id.clone());
            tx.clients().update(ctx.instance(), &client).await?;
        }
        let progress = self.advance(ctx, &mut tx, client, sign_in, &mut user, ticket.proof()).await?;
        tx.commit().await?;
        let outcome = self.progressed(ctx, &visitor, progress).await?;
        match (&outcome.cookie, token) {
            (CookieChange::Keep, Some(token)) => {
                let id = outcome.state.as_ref().map(|state| &state.client.id).ok_or(Code::ResourceNotFound)?;
                Ok(Outcome { cookie: CookieChange::Set(self.client_cookie(ctx, id, &token)?), ..outcome })
            }
            _ => Ok(outcome),
        }
    }
}
