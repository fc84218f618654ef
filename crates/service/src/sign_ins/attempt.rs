//! Answering a first factor.

use super::parse_strategy;
use crate::clients::{Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::second_factors::asked_of;
use crate::service::Service;
use crate::verifications::Answer;
use crate::visitors::Visitor;
use verger_model::client::Client;
use verger_model::sign_in::SignIn;
use verger_model::user::User;
use verger_model::verification::Verification;
use verger_model::{Code, Refusal, Secret, Strategy};
use verger_store::WriteTx;

/// An answer to a first factor.
#[derive(Clone, Debug, Default)]
pub struct FactorAnswer {
    /// By which strategy.
    pub strategy: String,
    /// The code.
    pub code: Option<String>,
    /// The password; with a reset code, the new one.
    pub password: Option<Secret<String>>,
    /// The answer of a passkey, as JSON.
    pub public_key_credential: Option<String>,
    /// The ticket.
    pub ticket: Option<String>,
}

impl Service {
    /// Takes an answer to the first factor. A right one completes the attempt, or opens the way to a new password.
    ///
    /// # Errors
    /// `too_many_requests`, `form_password_incorrect`, `form_code_incorrect`, `account_lockout_warning`, `user_locked`, `user_banned`,
    /// `strategy_for_user_invalid`, the `verification_*` refusals, `client_state_invalid`.
    pub async fn attempt_first_factor(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        answer: FactorAnswer,
    ) -> Result<Outcome<SignInState>> {
        self.admit_answer(ctx, &visitor, id).await?;
        self.answer_first_factor(ctx, visitor, id, answer).await
    }

    /// The same for a request that is counted already.
    pub(super) async fn answer_first_factor(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        answer: FactorAnswer,
    ) -> Result<Outcome<SignInState>> {
        match parse_strategy(&answer.strategy)? {
            Strategy::Password => {
                let password = answer.password.ok_or_else(|| Refusal::param(Code::FormParamMissing, "password"))?;
                self.attempt_password(ctx, visitor, id, password).await
            }
            strategy @ (Strategy::EmailCode
            | Strategy::ResetPasswordEmailCode
            | Strategy::PhoneCode
            | Strategy::ResetPasswordPhoneCode) => {
                let code = answer.code.ok_or_else(|| Refusal::param(Code::FormParamMissing, "code"))?;
                self.attempt_code(ctx, visitor, id, strategy, &code, answer.password).await
            }
            Strategy::Passkey => self.attempt_passkey(ctx, visitor, id, answer.public_key_credential).await,
            Strategy::Ticket => {
                let ticket = answer.ticket.ok_or_else(|| Refusal::param(Code::FormParamMissing, "ticket"))?;
                self.sign_in_by_ticket(ctx, visitor, &ticket).await
            }
            Strategy::EmailLink | Strategy::Totp | Strategy::BackupCode | Strategy::Admin | Strategy::OAuth(_) => {
                Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into())
            }
        }
    }

    async fn attempt_code(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        strategy: Strategy,
        code: &str,
        new_password: Option<Secret<String>>,
    ) -> Result<Outcome<SignInState>> {
        let mut tx = self.store.write().await?;
        let (client, sign_in) = self.open_attempt(ctx, &mut tx, &visitor, id).await?;
        sign_in.expect_first_factor()?;
        if sign_in.undisclosed().is_some() {
            let answer = (strategy, code, new_password);
            return self.attempt_code_undisclosed(ctx, tx, visitor, (client, sign_in), answer).await;
        }
        let user_id = sign_in.user_id.clone().ok_or(Code::ClientStateInvalid)?;
        let mut user = tx
            .users()
            .get_for_update(ctx.instance(), &user_id)
            .await?
            .ok_or(Code::SignInIdentificationOrUserDeleted)?;
        self.expect_may_sign_in(ctx, &user)?;
        let asked = self.asked_of_attempt(ctx, &mut tx, &sign_in, strategy).await?;
        match self.answer_code(ctx, &mut tx, &asked, code).await? {
            Answer::Wrong(refusal) => {
                let refusal = self.count_failure(ctx, &mut tx, &mut user, refusal).await?;
                tx.commit().await?;
                Err(refusal.into())
            }
            Answer::Right => self.code_proved(ctx, tx, visitor, (client, sign_in), user, (asked, new_password)).await,
        }
    }

    /// The challenge that the attempt asked for last.
    ///
    /// # Errors
    /// `verification_missing`, `verification_strategy_invalid` for one of another strategy.
    pub(super) async fn asked_of_attempt(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        sign_in: &SignIn,
        strategy: Strategy,
    ) -> Result<Verification> {
        let asked = match &sign_in.first_factor_verification_id {
            Some(id) => tx.verifications().get(ctx.instance(), id).await?,
            None => None,
        };
        let asked = asked.ok_or(Code::VerificationMissing)?;
        if asked.strategy == strategy { Ok(asked) } else { Err(Code::VerificationStrategyInvalid.into()) }
    }

    /// The code was right: the attempt goes on.
    pub(super) async fn code_proved(
        &self,
        ctx: &Ctx,
        mut tx: WriteTx,
        visitor: Visitor,
        (client, sign_in): (Client, SignIn),
        mut user: User,
        (asked, new_password): (Verification, Option<Secret<String>>),
    ) -> Result<Outcome<SignInState>> {
        user.forget_failures();
        let strategy = asked.strategy;
        let sign_in = sign_in.first_factor_verified(strategy, asked_of(ctx, &user), ctx.now)?;
        if strategy.resets_password() {
            tx.users().update(ctx.instance(), &user).await?;
            tx.sign_ins().update(ctx.instance(), &sign_in).await?;
            tx.commit().await?;
            return self.after_reset_code(ctx, visitor, client, sign_in, new_password).await;
        }
        self.link_after_proof(ctx, &mut tx, &sign_in, &user, asked.target.as_deref()).await?;
        let progress = self.advance(ctx, &mut tx, client, sign_in, &mut user, strategy).await?;
        tx.commit().await?;
        self.progressed(ctx, &visitor, progress).await
    }
}
