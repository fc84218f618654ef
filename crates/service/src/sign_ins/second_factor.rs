//! The second factor of a sign-in.

use super::{PrepareFactor, parse_strategy};
use crate::clients::{Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::verifications::{Answer, CodeRequest, channel_for};
use crate::visitors::Visitor;
use verger_model::identification::Identification;
use verger_model::sign_in::{SignIn, SignInStatus};
use verger_model::user::{Profile, User};
use verger_model::verification::Verification;
use verger_model::{Code, Refusal, Strategy, VerificationId};
use verger_store::WriteTx;

impl Service {
    /// Sends the code of a second factor, or the one that makes a new device known. Codes of an app and backup codes are at hand already.
    ///
    /// # Errors
    /// `client_state_invalid`, `form_param_value_invalid` for a strategy that has no challenge, `no_second_factors` without such a
    /// phone number, `user_locked`, `user_banned`, `verification_code_too_many_requests`.
    pub async fn prepare_second_factor(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        prepare: PrepareFactor,
    ) -> Result<Outcome<SignInState>> {
        let mut tx = self.store.write().await?;
        let (client, mut sign_in) = self.open_attempt(ctx, &mut tx, &visitor, id).await?;
        sign_in.expect_second_factor()?;
        let trusts = sign_in.status == SignInStatus::NeedsClientTrust;
        if !trusts && parse_strategy(&prepare.strategy)? != Strategy::PhoneCode {
            return Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into());
        }
        let user_id = sign_in.user_id.clone().ok_or(Code::ClientStateInvalid)?;
        let found = tx.users().profile(ctx.instance(), &user_id).await?;
        let profile = found.ok_or(Code::SignInIdentificationOrUserDeleted)?;
        self.expect_may_sign_in(ctx, &profile.user)?;
        let previous = sign_in.second_factor_verification_id.as_ref();
        let verification = match trusts {
            true => self.send_trust_code(ctx, &mut tx, &profile, &prepare, previous).await?,
            false => self.send_phone_factor(ctx, &mut tx, &profile, &prepare, previous).await?,
        };
        sign_in.second_factor_verification_id = Some(verification.id);
        sign_in.updated_at = ctx.now;
        tx.sign_ins().update(ctx.instance(), &sign_in).await?;
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        self.sign_in_outcome(ctx, client, &visitor, sign_in).await
    }

    /// Takes an answer to the second factor. A right one completes the attempt.
    ///
    /// # Errors
    /// `too_many_requests`, `form_code_incorrect`, `no_second_factors`, the `verification_*` refusals, `account_lockout_warning`, `user_locked`, `user_banned`,
    /// `client_state_invalid`.
    pub async fn attempt_second_factor(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        strategy: &str,
        code: Option<String>,
    ) -> Result<Outcome<SignInState>> {
        self.admit_answer(ctx, &visitor, id).await?;
        let strategy = parse_strategy(strategy)?;
        let code = code.ok_or_else(|| Refusal::param(Code::FormParamMissing, "code"))?;
        let mut tx = self.store.write().await?;
        let (client, mut sign_in) = self.open_attempt(ctx, &mut tx, &visitor, id).await?;
        sign_in.expect_second_factor()?;
        let user_id = sign_in.user_id.clone().ok_or(Code::ClientStateInvalid)?;
        let found = tx.users().get_for_update(ctx.instance(), &user_id).await?;
        let mut user = found.ok_or(Code::SignInIdentificationOrUserDeleted)?;
        self.expect_may_sign_in(ctx, &user)?;
        let trusts = sign_in.status == SignInStatus::NeedsClientTrust;
        let answer = match strategy {
            _ if trusts => {
                let asked = sign_in.second_factor_verification_id.as_ref();
                self.answer_trust_code(ctx, &mut tx, asked, strategy, &code).await?
            }
            Strategy::PhoneCode => {
                let asked = sign_in.second_factor_verification_id.as_ref();
                self.answer_phone_factor(ctx, &mut tx, &user, asked, &code).await?
            }
            _ => self.answer_second_factor(ctx, &mut tx, &user, strategy, &code).await?,
        };
        if let Answer::Wrong(refusal) = answer {
            let refusal = self.count_failure(ctx, &mut tx, &mut user, refusal).await?;
            tx.commit().await?;
            return Err(refusal.into());
        }
        user.forget_failures();
        let first = self.first_factor_of(ctx, &mut tx, &sign_in).await?;
        if !trusts && strategy != Strategy::PhoneCode {
            let verification = self.proved(ctx, strategy);
            tx.verifications().insert(ctx.instance(), &verification).await?;
            sign_in.second_factor_verification_id = Some(verification.id);
        }
        let sign_in = sign_in.second_factor_verified(ctx.now)?;
        let progress = self.advance(ctx, &mut tx, client, sign_in, &mut user, first).await?;
        tx.commit().await?;
        self.progressed(ctx, &visitor, progress).await
    }

    /// Sends the code of a second factor to a phone.
    pub(crate) async fn send_phone_factor(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        profile: &Profile,
        prepare: &PrepareFactor,
        previous: Option<&VerificationId>,
    ) -> Result<Verification> {
        let number = second_factor_phone(ctx, profile, prepare.phone_number_id.as_deref())?;
        let request = CodeRequest {
            strategy: Strategy::PhoneCode,
            address: &number.value,
            channel: Some(channel_for(ctx, prepare.channel.as_deref())?),
            identification_id: Some(number.id.clone()),
            previous,
        };
        self.send_code(ctx, tx, request).await
    }

    /// Takes an answer to the code that was sent to a phone, if that phone is still a second factor.
    pub(crate) async fn answer_phone_factor(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &User,
        asked: Option<&VerificationId>,
        code: &str,
    ) -> Result<Answer> {
        if !ctx.tenant.instance.settings.offers_phone_second_factor() {
            return Err(Code::NoSecondFactors.into());
        }
        let asked = match asked {
            Some(id) => tx.verifications().get(ctx.instance(), id).await?,
            None => None,
        };
        let asked = asked.ok_or(Code::VerificationMissing)?;
        let number = match &asked.identification_id {
            Some(id) => tx.identifications().get(ctx.instance(), id).await?,
            None => None,
        };
        if !number.is_some_and(|it| it.is_second_factor() && it.user_id == user.id) {
            return Err(Code::NoSecondFactors.into());
        }
        self.answer_code(ctx, tx, &asked, code).await
    }

    /// How the first factor was proved.
    pub(super) async fn first_factor_of(&self, ctx: &Ctx, tx: &mut WriteTx, sign_in: &SignIn) -> Result<Strategy> {
        let id = sign_in.first_factor_verification_id.as_ref().ok_or(Code::ClientStateInvalid)?;
        let found = tx.verifications().get(ctx.instance(), id).await?;
        Ok(found.ok_or(Code::ClientStateInvalid)?.strategy)
    }
}

/// The phone number that a code goes to: the named one, else the default one.
fn second_factor_phone<'a>(ctx: &Ctx, profile: &'a Profile, named: Option<&str>) -> Result<&'a Identification> {
    if !ctx.tenant.instance.settings.offers_phone_second_factor() {
        return Err(Code::NoSecondFactors.into());
    }
    let phones = profile.second_factor_phones();
    let first = *phones.first().ok_or(Code::NoSecondFactors)?;
    let Some(text) = named else { return Ok(first) };
    let found = phones.into_iter().find(|it| it.id.as_str() == text);
    found.ok_or_else(|| Refusal::param(Code::FormParamValueInvalid, "phone_number_id").into())
}
