//! Signing in by a sign-in token. It stands for the first factor.

use crate::clients::{Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::sign_in::SignIn;
use verger_model::ticket::SignInTokenStatus;
use verger_model::{Code, SignInId, Strategy};

impl Service {
    pub(super) async fn sign_in_by_ticket(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        ticket: &str,
    ) -> Result<Outcome<SignInState>> {
        let token = self.open_ticket(ctx, ticket).await?;
        let mut tx = self.store.write().await?;
        let (mut client, _) = self.ensure_client(ctx, &mut tx, &visitor).await?;
        self.expect_nobody_signed_in(ctx, &mut tx, &client).await?;
        let used = tx
            .sign_in_tokens()
            .set_status(ctx.instance(), &token.id, SignInTokenStatus::Pending, SignInTokenStatus::Accepted, ctx.now)
            .await?;
        if !used {
            return Err(Code::SignInTokenAlreadyUsed.into());
        }
        let found = tx.users().get_for_update(ctx.instance(), &token.user_id).await?;
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
        let sign_in = sign_in.first_factor_verified(Strategy::Ticket, ctx.now)?;
        let token = self.complete_sign_in(ctx, &mut tx, &mut client, sign_in, &mut user, Strategy::Ticket).await?;
        tx.commit().await?;
        self.signed_in(ctx, &client.id, id.as_str(), &token).await
    }
}
