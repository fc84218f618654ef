//! Signing in by a sign-in token. It stands for the first factor.

use crate::clients::{CookieChange, Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::second_factors::asked_of;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::sign_in::{SignIn, SignInStatus};
use verger_model::ticket::SignInTokenStatus;
use verger_model::{Code, SignInId, Strategy};

impl Service {
    pub(super) async fn sign_in_by_ticket(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        ticket: &str,
    ) -> Result<Outcome<SignInState>> {
        let sign_in_token = self.open_ticket(ctx, ticket).await?;
        let mut tx = self.store.write().await?;
        let (mut client, token) = self.ensure_client(ctx, &mut tx, &visitor).await?;
        self.expect_nobody_signed_in(ctx, &mut tx, &client).await?;
        let used = tx
            .sign_in_tokens()
            .set_status(
                ctx.instance(),
                &sign_in_token.id,
                SignInTokenStatus::Pending,
                SignInTokenStatus::Accepted,
                ctx.now,
            )
            .await?;
        if !used {
            return Err(Code::SignInTokenAlreadyUsed.into());
        }
        let found = tx.users().get_for_update(ctx.instance(), &sign_in_token.user_id).await?;
        let mut user = found.ok_or(Code::SignInTokenCannotBeUsed)?;
        self.expect_may_sign_in(ctx, &user)?;
        let profile = tx.users().profile(ctx.instance(), &user.id).await?.ok_or(Code::SignInTokenCannotBeUsed)?;

        let id = SignInId::generate(ctx.now, self.entropy());
        let verification = self.proved(ctx, Strategy::Ticket);
        tx.verifications().insert(ctx.instance(), &verification).await?;
        let mut sign_in = SignIn::new(id.clone(), client.id.clone(), ctx.now)
            .identified(profile.identifier().to_owned(), user.id.clone());
        sign_in.first_factor_verification_id = Some(verification.id);
        tx.sign_ins().insert(ctx.instance(), &sign_in).await?;
        let sign_in = sign_in.first_factor_verified(Strategy::Ticket, asked_of(ctx, &user), ctx.now)?;
        if sign_in.status != SignInStatus::Complete {
            // The attempt goes on in later requests, so the browser must hold it.
            client.sign_in_id = Some(sign_in.id.clone());
            tx.clients().update(ctx.instance(), &client).await?;
        }
        let progress = self.advance(ctx, &mut tx, client, sign_in, &mut user, Strategy::Ticket).await?;
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
