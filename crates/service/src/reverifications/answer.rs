//! Answers in a reverification. Wrong ones count towards the same lock as those of a sign-in.

use super::ReverificationState;
use crate::clients::Outcome;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::passkeys::Asked;
use crate::service::Service;
use crate::sign_ins::{FactorAnswer, parse_strategy};
use crate::verifications::Answer;
use crate::visitors::Visitor;
use verger_model::rate_limit::RateLimit;
use verger_model::reverification::{Reverification, ReverificationStatus};
use verger_model::session::Session;
use verger_model::user::User;
use verger_model::verification::Verification;
use verger_model::{Code, Refusal, Secret, Strategy};
use verger_store::WriteTx;

impl Service {
    /// Takes an answer to the first factor.
    ///
    /// # Errors
    /// `session_reverification_missing`, `invalid_action_for_session_reverification`, `form_password_incorrect`,
    /// `form_code_incorrect`, `strategy_for_user_invalid`, `user_locked`, `user_banned`, the `verification_*` and `passkey_*` refusals.
    pub async fn attempt_reverification(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        answer: FactorAnswer,
    ) -> Result<Outcome<ReverificationState>> {
        self.admit_address(ctx, RateLimit::SignInAttempt)?;
        let known = self.session_to_verify(ctx, &visitor, id).await?;
        self.admit_answer_about(ctx, known.user_id.as_str())?;
        let missing = |param| Refusal::param(Code::FormParamMissing, param);
        let strategy = parse_strategy(&answer.strategy)?;
        let fits = match strategy {
            Strategy::Passkey => {
                return self.reverify_by_passkey(ctx, &known, answer.public_key_credential).await;
            }
            Strategy::Password => {
                let password = answer.password.ok_or_else(|| missing("password"))?;
                Some(self.password_fits(ctx, &known, password).await?)
            }
            Strategy::EmailCode | Strategy::PhoneCode => None,
            _ => return Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into()),
        };
        let code = answer.code.unwrap_or_default();
        if fits.is_none() && code.is_empty() {
            return Err(missing("code").into());
        }
        let mut tx = self.store.write().await?;
        let (mut session, mut reverification, mut user) = self.open_reverification(ctx, &mut tx, &known).await?;
        reverification.expect(ReverificationStatus::NeedsFirstFactor)?;
        self.expect_may_sign_in(ctx, &user)?;
        let answer = match fits {
            Some(true) => {
                let verification = self.proved(ctx, Strategy::Password);
                tx.verifications().insert(ctx.instance(), &verification).await?;
                reverification.first_factor_verification_id = Some(verification.id);
                Answer::Right
            }
            Some(false) => Answer::Wrong(Refusal::param(Code::FormPasswordIncorrect, "password")),
            None => self.answer_sent_code(ctx, &mut tx, &reverification, (strategy, &code)).await?,
        };
        if let Answer::Wrong(refusal) = answer {
            return self.wrong_answer(ctx, tx, &mut user, refusal).await;
        }
        session.first_factor_at = Some(ctx.now);
        self.settle(ctx, tx, session, reverification.first_factor_verified()?, user).await
    }

    /// Takes an answer to the second factor.
    ///
    /// # Errors
    /// As [`Service::attempt_reverification`]; `no_second_factors`.
    pub async fn attempt_second_reverification(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        strategy: &str,
        code: Option<String>,
    ) -> Result<Outcome<ReverificationState>> {
        let strategy = parse_strategy(strategy)?;
        let code = code.ok_or_else(|| Refusal::param(Code::FormParamMissing, "code"))?;
        self.admit_address(ctx, RateLimit::SignInAttempt)?;
        let known = self.session_to_verify(ctx, &visitor, id).await?;
        self.admit_answer_about(ctx, known.user_id.as_str())?;
        let mut tx = self.store.write().await?;
        let (mut session, mut reverification, mut user) = self.open_reverification(ctx, &mut tx, &known).await?;
        reverification.expect(ReverificationStatus::NeedsSecondFactor)?;
        self.expect_may_sign_in(ctx, &user)?;
        let asked = reverification.second_factor_verification_id.as_ref();
        let answer = match strategy {
            Strategy::PhoneCode => self.answer_phone_factor(ctx, &mut tx, &user, asked, &code).await?,
            _ => self.answer_second_factor(ctx, &mut tx, &user, strategy, &code).await?,
        };
        if let Answer::Wrong(refusal) = answer {
            return self.wrong_answer(ctx, tx, &mut user, refusal).await;
        }
        if strategy != Strategy::PhoneCode {
            let verification = self.proved(ctx, strategy);
            tx.verifications().insert(ctx.instance(), &verification).await?;
            reverification.second_factor_verification_id = Some(verification.id);
        }
        session.second_factor_at = Some(ctx.now);
        self.settle(ctx, tx, session, reverification.second_factor_verified()?, user).await
    }

    async fn reverify_by_passkey(
        &self,
        ctx: &Ctx,
        known: &Session,
        answer: Option<String>,
    ) -> Result<Outcome<ReverificationState>> {
        self.expect_passkeys(ctx)?;
        let (assertion, passkey) = self.find_passkey(ctx, answer).await?;
        let mut tx = self.store.write().await?;
        let (mut session, reverification, mut user) = self.open_reverification(ctx, &mut tx, known).await?;
        reverification.expect(ReverificationStatus::NeedsFirstFactor)?;
        self.expect_may_sign_in(ctx, &user)?;
        let asked = self.asked_first(ctx, &mut tx, &reverification).await?;
        if asked.strategy != Strategy::Passkey {
            return Err(Code::VerificationStrategyInvalid.into());
        }
        let whom = (&user, Asked::Named);
        let judged = self.answer_passkey(ctx, &mut tx, whom, &asked.id, (&assertion, &passkey)).await?;
        if let Answer::Wrong(refusal) = judged {
            return self.wrong_answer(ctx, tx, &mut user, refusal).await;
        }
        session.first_factor_at = Some(ctx.now);
        self.settle(ctx, tx, session, reverification.first_factor_verified()?, user).await
    }

    /// Whether this is the password of the session's user. Looked at before anything is locked: hashing takes its time.
    async fn password_fits(&self, ctx: &Ctx, session: &Session, password: Secret<String>) -> Result<bool> {
        let mut reader = self.store.read().await?;
        let user = reader.users().get(ctx.instance(), &session.user_id).await?.ok_or(Code::ResourceNotFound)?;
        let reverification = reader.reverifications().of_session(ctx.instance(), &session.id).await?;
        let stored = reader.passwords().get(ctx.instance(), &user.id).await?;
        drop(reader);
        let reverification = reverification.ok_or(Code::SessionReverificationMissing)?;
        reverification.expect(ReverificationStatus::NeedsFirstFactor)?;
        self.expect_may_sign_in(ctx, &user)?;
        if !ctx.tenant.instance.settings.attributes.password.enabled || stored.is_none() {
            return Err(Code::StrategyForUserInvalid.into());
        }
        self.hashes.verify(password, stored).await
    }

    async fn answer_sent_code(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        reverification: &Reverification,
        (strategy, code): (Strategy, &str),
    ) -> Result<Answer> {
        let asked = self.asked_first(ctx, tx, reverification).await?;
        if asked.strategy != strategy {
            return Err(Code::VerificationStrategyInvalid.into());
        }
        self.answer_code(ctx, tx, &asked, code).await
    }

    /// The challenge of the first factor that was asked last.
    async fn asked_first(&self, ctx: &Ctx, tx: &mut WriteTx, reverification: &Reverification) -> Result<Verification> {
        let id = reverification.first_factor_verification_id.as_ref().ok_or(Code::VerificationMissing)?;
        let found = tx.verifications().get(ctx.instance(), id).await?;
        found.ok_or_else(|| Code::VerificationMissing.into())
    }

    async fn wrong_answer<T>(&self, ctx: &Ctx, mut tx: WriteTx, user: &mut User, refusal: Refusal) -> Result<T> {
        let refusal = self.count_failure(ctx, &mut tx, user, refusal).await?;
        tx.commit().await?;
        Err(refusal.into())
    }

    async fn settle(
        &self,
        ctx: &Ctx,
        mut tx: WriteTx,
        mut session: Session,
        reverification: Reverification,
        mut user: User,
    ) -> Result<Outcome<ReverificationState>> {
        session.updated_at = ctx.now;
        user.forget_failures();
        tx.sessions().update(ctx.instance(), &session).await?;
        tx.reverifications().put(ctx.instance(), &reverification).await?;
        tx.users().update(ctx.instance(), &user).await?;
        tx.commit().await?;
        self.reverification_outcome(ctx, &session.id).await
    }
}
