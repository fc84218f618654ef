//! Proving a phone number that signed-in users gave themselves.

use super::{MyPhoneNumber, known, taken};
use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::enumeration::{Decoy, DecoyReason};
use crate::error::Result;
use crate::service::Service;
use crate::sign_ins::parse_strategy;
use crate::verifications::{Answer, CodeRequest, channel_for};
use crate::visitors::Visitor;
use verger_model::identification::{Identification, IdentificationStatus, Proof};
use verger_model::rate_limit::RateLimit;
use verger_model::session::Session;
use verger_model::{Code, Refusal, Strategy};
use verger_store::WriteTx;

impl Service {
    /// Sends a code to a number of the signed-in user.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found`, `form_param_value_invalid` for another strategy or channel,
    /// `verification_already_verified`, `form_identifier_exists`, `verification_code_too_many_requests`.
    pub async fn prepare_my_phone_number(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
        (strategy, channel): (&str, Option<&str>),
    ) -> Result<Outcome<MyPhoneNumber>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        if parse_strategy(strategy)? != Strategy::PhoneCode {
            return Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into());
        }
        let channel = Some(channel_for(ctx, channel)?);
        let mut tx = self.store.write().await?;
        let mut number = mine(ctx, &mut tx, &session, id).await?;
        if number.status == IdentificationStatus::Verified {
            return Err(Code::VerificationAlreadyVerified.into());
        }
        let owner = tx.identifications().claimed(ctx.instance(), number.kind, &number.value).await?;
        let is_taken = owner.is_some_and(|it| it.id != number.id);
        if is_taken && !self.is_strict(ctx) {
            return Err(Refusal::param(Code::FormIdentifierExists, "phone_number").into());
        }
        let last = tx.verifications().last_for_identification(ctx.instance(), &number.value, &number.id).await?;
        let (strategy, address, previous) =
            (Strategy::PhoneCode, number.value.as_str(), last.as_ref().map(|it| &it.id));
        let sent = if is_taken {
            let (identification_id, reason) = (Some(&number.id), DecoyReason::Unasked);
            let decoy = Decoy { strategy, address, channel, identification_id, previous, redirect_url: None, reason };
            self.send_decoy(ctx, &mut tx, decoy).await?
        } else {
            let identification_id = Some(number.id.clone());
            self.send_code(ctx, &mut tx, CodeRequest { strategy, address, channel, identification_id, previous })
                .await?
        };
        number.proof =
            Some(Proof { strategy: sent.strategy, attempts: Some(sent.attempts), expire_at: sent.expire_at });
        number.updated_at = ctx.now;
        tx.identifications().update(ctx.instance(), &number).await?;
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value: number.into(), state: Some(state), cookie: CookieChange::Keep })
    }

    /// Takes the code for a number of the signed-in user. A number that was given for the second factor is one from now on.
    ///
    /// # Errors
    /// `too_many_requests`, `signed_out`, `resource_not_found`, `form_code_incorrect`, the `verification_*` refusals, `account_lockout_warning`,
    /// `user_locked`, `form_identifier_exists` when somebody else proved the same number meanwhile.
    pub async fn attempt_my_phone_number(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
        code: &str,
    ) -> Result<Outcome<MyPhoneNumber>> {
        self.admit_address(ctx, RateLimit::VerificationAttempt)?;
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.admit(ctx, RateLimit::VerificationAttempt, session.user_id.as_str())?;
        let mut tx = self.store.write().await?;
        let sessions = self.lock_sessions(ctx, &mut tx, &session.user_id).await?;
        let found = tx.users().get_for_update(ctx.instance(), &session.user_id).await?;
        let mut user = found.ok_or(Code::SignedOut)?;
        self.expect_may_sign_in(ctx, &user)?;
        let mut number = mine(ctx, &mut tx, &session, id).await?;
        if number.status == IdentificationStatus::Verified {
            return Err(Code::VerificationAlreadyVerified.into());
        }
        let asked = tx.verifications().last_for_identification(ctx.instance(), &number.value, &number.id).await?;
        let asked = asked.ok_or(Code::VerificationMissing)?;
        if let Answer::Wrong(refusal) = self.answer_code(ctx, &mut tx, &asked, code).await? {
            let refusal = self.count_failure(ctx, &mut tx, &mut user, refusal).await?;
            tx.commit().await?;
            return Err(refusal.into());
        }
        user.forget_failures();
        number.status = IdentificationStatus::Verified;
        number.proof =
            Some(Proof { strategy: asked.strategy, attempts: Some(asked.attempts + 1), expire_at: asked.expire_at });
        number.updated_at = ctx.now;
        tx.identifications().update(ctx.instance(), &number).await.map_err(taken)?;
        let value = if number.is_second_factor() {
            self.welcome_factor(ctx, &mut tx, &mut user, number, (sessions, Some(&session))).await?
        } else {
            self.settle_phone_numbers(ctx, &mut tx, &mut user).await?;
            tx.users().update(ctx.instance(), &user).await?;
            number.into()
        };
        tx.commit().await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }
}

/// A number of the signed-in user.
pub(super) async fn mine(ctx: &Ctx, tx: &mut WriteTx, session: &Session, id: &str) -> Result<Identification> {
    let number = known(ctx, tx, id).await?;
    if number.user_id == session.user_id { Ok(number) } else { Err(Code::ResourceNotFound.into()) }
}
