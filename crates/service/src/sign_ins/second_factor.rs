//! The second factor of a sign-in.

use super::parse_strategy;
use crate::clients::{Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::verifications::Answer;
use crate::visitors::Visitor;
use verger_model::sign_in::SignIn;
use verger_model::{Code, Refusal, Strategy};
use verger_store::WriteTx;

impl Service {
    /// Asks for the challenge of a second factor. Codes of an app and backup codes are at hand already.
    ///
    /// # Errors
    /// `client_state_invalid`, `form_param_value_invalid` for a strategy that has no challenge.
    pub async fn prepare_second_factor(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        strategy: &str,
    ) -> Result<Outcome<SignInState>> {
        let peek = self.peek_attempt(ctx, &visitor, id).await?;
        peek.sign_in.expect_second_factor()?;
        parse_strategy(strategy)?;
        Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into())
    }

    /// Takes an answer to the second factor. A right one completes the attempt.
    ///
    /// # Errors
    /// `form_code_incorrect`, `no_second_factors`, `account_lockout_warning`, `user_locked`, `user_banned`,
    /// `client_state_invalid`.
    pub async fn attempt_second_factor(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        strategy: &str,
        code: Option<String>,
    ) -> Result<Outcome<SignInState>> {
        let strategy = parse_strategy(strategy)?;
        let code = code.ok_or_else(|| Refusal::param(Code::FormParamMissing, "code"))?;
        let mut tx = self.store.write().await?;
        let (client, mut sign_in) = self.open_attempt(ctx, &mut tx, &visitor, id).await?;
        sign_in.expect_second_factor()?;
        let user_id = sign_in.user_id.clone().ok_or(Code::ClientStateInvalid)?;
        let found = tx.users().get_for_update(ctx.instance(), &user_id).await?;
        let mut user = found.ok_or(Code::SignInIdentificationOrUserDeleted)?;
        self.expect_may_sign_in(ctx, &user)?;
        if let Answer::Wrong(refusal) = self.answer_second_factor(ctx, &mut tx, &user, strategy, &code).await? {
            let refusal = self.count_failure(ctx, &mut tx, &mut user, refusal).await?;
            tx.commit().await?;
            return Err(refusal.into());
        }
        user.forget_failures();
        let first = self.first_factor_of(ctx, &mut tx, &sign_in).await?;
        let verification = self.proved(ctx, strategy);
        tx.verifications().insert(ctx.instance(), &verification).await?;
        sign_in.second_factor_verification_id = Some(verification.id);
        let sign_in = sign_in.second_factor_verified(ctx.now)?;
        let progress = self.advance(ctx, &mut tx, client, sign_in, &mut user, first).await?;
        tx.commit().await?;
        self.progressed(ctx, &visitor, progress).await
    }

    /// How the first factor was proved.
    async fn first_factor_of(&self, ctx: &Ctx, tx: &mut WriteTx, sign_in: &SignIn) -> Result<Strategy> {
        let id = sign_in.first_factor_verification_id.as_ref().ok_or(Code::ClientStateInvalid)?;
        let found = tx.verifications().get(ctx.instance(), id).await?;
        Ok(found.ok_or(Code::ClientStateInvalid)?.strategy)
    }
}
