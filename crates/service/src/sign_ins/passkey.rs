//! Signing in by a passkey: of somebody who is named, or of whoever the passkey says.

use crate::clients::{Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::passkeys::Asked;
use crate::second_factors::asked_of;
use crate::service::Service;
use crate::verifications::Answer;
use crate::visitors::Visitor;
use verger_model::sign_in::{SecondFactor, SignIn, SignInStatus};
use verger_model::user::{Profile, User};
use verger_model::verification::Verification;
use verger_model::{Code, Strategy};
use verger_store::WriteTx;

impl Service {
    /// Starts an attempt that names nobody and asks for any passkey.
    pub(super) async fn start_passkey_sign_in(&self, ctx: &Ctx, visitor: &Visitor) -> Result<Outcome<SignInState>> {
        self.expect_passkeys(ctx)?;
        let started = self.start_sign_in(ctx, visitor, None).await?;
        let mut tx = self.store.write().await?;
        let mut sign_in = started.value.sign_in;
        let challenge = self.ask_passkey(ctx, &mut tx, &[]).await?;
        sign_in.first_factor_verification_id = Some(challenge.id);
        tx.sign_ins().update(ctx.instance(), &sign_in).await?;
        tx.commit().await?;
        let client = started.state.map(|state| state.client).ok_or(Code::ResourceNotFound)?;
        let outcome = self.sign_in_outcome(ctx, client, visitor, sign_in).await?;
        Ok(Outcome { cookie: started.cookie, ..outcome })
    }

    /// Asks a user who is named for one of their passkeys.
    pub(crate) async fn ask_named_passkey(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        profile: &Profile,
    ) -> Result<Verification> {
        if !ctx.tenant.instance.settings.passkeys.enabled {
            return Err(Code::StrategyForUserInvalid.into());
        }
        if profile.passkeys.is_empty() {
            return Err(Code::NoPasskeysFoundForUser.into());
        }
        self.ask_passkey(ctx, tx, &profile.passkeys).await
    }

    /// Takes the answer of a passkey.
    pub(super) async fn attempt_passkey(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        answer: Option<String>,
    ) -> Result<Outcome<SignInState>> {
        self.expect_passkeys(ctx)?;
        let (assertion, passkey) = self.find_passkey(ctx, answer).await?;
        let mut tx = self.store.write().await?;
        let (client, mut sign_in) = self.open_attempt(ctx, &mut tx, &visitor, id).await?;
        let asked_whom = match &sign_in.user_id {
            Some(user) if *user != passkey.user_id => return Err(Code::PasskeyNotRegistered.into()),
            Some(_) => Asked::Named,
            None => Asked::Anybody,
        };
        if sign_in.status != SignInStatus::NeedsIdentifier {
            sign_in.expect_first_factor()?;
        }
        let asked = match &sign_in.first_factor_verification_id {
            Some(id) => tx.verifications().get(ctx.instance(), id).await?,
            None => None,
        };
        let asked = asked.ok_or(Code::VerificationMissing)?;
        if asked.strategy != Strategy::Passkey {
            return Err(Code::VerificationStrategyInvalid.into());
        }
        let found = tx.users().get_for_update(ctx.instance(), &passkey.user_id).await?;
        let mut user = found.ok_or(Code::SignInIdentificationOrUserDeleted)?;
        self.expect_may_sign_in(ctx, &user)?;
        let judged = self.answer_passkey(ctx, &mut tx, (&user, asked_whom), &asked.id, (&assertion, &passkey)).await?;
        if let Answer::Wrong(refusal) = judged {
            let refusal = self.count_failure(ctx, &mut tx, &mut user, refusal).await?;
            tx.commit().await?;
            return Err(refusal.into());
        }
        if asked_whom == Asked::Anybody {
            let profile = tx.users().profile(ctx.instance(), &user.id).await?.ok_or(Code::ResourceNotFound)?;
            self.expect_not_signed_in(ctx, &mut tx, &client, &user.id).await?;
            sign_in = sign_in.identified(profile.identifier().to_owned(), user.id.clone());
        }
        user.forget_failures();
        let sign_in = self.passkey_proved(ctx, sign_in, &user)?;
        let progress = self.advance(ctx, &mut tx, client, sign_in, &mut user, Strategy::Passkey).await?;
        tx.commit().await?;
        self.progressed(ctx, &visitor, progress).await
    }

    fn passkey_proved(&self, ctx: &Ctx, sign_in: SignIn, user: &User) -> Result<SignIn> {
        let satisfies_both = ctx.tenant.instance.settings.passkeys.satisfies_second_factor;
        let asks = if satisfies_both { SecondFactor::NotAsked } else { asked_of(ctx, user) };
        Ok(sign_in.first_factor_verified(Strategy::Passkey, asks, ctx.now)?)
    }
}
