//! Starting a reverification, and asking for the challenge of its first factor.

use super::ReverificationState;
use crate::clients::Outcome;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::second_factors::asked_of;
use crate::service::Service;
use crate::sign_ins::{PrepareFactor, address_for, channel_of, parse_strategy};
use crate::verifications::CodeRequest;
use crate::visitors::Visitor;
use verger_model::reverification::{Level, Reverification, ReverificationStatus};
use verger_model::sign_in::SecondFactor;
use verger_model::user::Profile;
use verger_model::{Code, Refusal, Strategy};

impl Service {
    /// Starts a reverification in the place of the one before. Nothing about the session changes by that.
    ///
    /// # Errors
    /// `resource_not_found`, `form_param_value_invalid` for an unknown level.
    pub async fn start_reverification(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        level: &str,
    ) -> Result<Outcome<ReverificationState>> {
        let level = Level::parse(level).ok_or_else(|| Refusal::param(Code::FormParamValueInvalid, "level"))?;
        let known = self.session_to_verify(ctx, &visitor, id).await?;
        let mut tx = self.store.write().await?;
        let session = tx.sessions().get_for_update(ctx.instance(), &known.id).await?.ok_or(Code::ResourceNotFound)?;
        let user = tx.users().get(ctx.instance(), &session.user_id).await?.ok_or(Code::ResourceNotFound)?;
        let has_second_factor = asked_of(ctx, &user) == SecondFactor::Asked;
        let started = Reverification::new(session.id, level, has_second_factor, ctx.now);
        tx.reverifications().put(ctx.instance(), &started).await?;
        tx.commit().await?;
        self.reverification_outcome(ctx, &known.id).await
    }

    /// Sends the code of the first factor, or makes the challenge of a passkey.
    ///
    /// # Errors
    /// `session_reverification_missing`, `invalid_action_for_session_reverification`, `strategy_for_user_invalid`,
    /// `form_param_value_invalid`, `user_locked`, `verification_code_too_many_requests`,
    /// `no_passkeys_found_for_user`.
    pub async fn prepare_reverification(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        prepare: PrepareFactor,
    ) -> Result<Outcome<ReverificationState>> {
        let strategy = parse_strategy(&prepare.strategy)?;
        if !matches!(strategy, Strategy::EmailCode | Strategy::PhoneCode | Strategy::Passkey) {
            return Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into());
        }
        let known = self.session_to_verify(ctx, &visitor, id).await?;
        let mut tx = self.store.write().await?;
        let (session, mut reverification, user) = self.open_reverification(ctx, &mut tx, &known).await?;
        reverification.expect(ReverificationStatus::NeedsFirstFactor)?;
        self.expect_may_sign_in(ctx, &user)?;
        let identifications = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
        let profile = Profile { user, identifications, external_accounts: Vec::new(), passkeys };
        let verification = if strategy == Strategy::Passkey {
            self.ask_named_passkey(ctx, &mut tx, &profile).await?
        } else {
            let address = address_for(ctx, None, &profile, strategy, &prepare)?;
            let request = CodeRequest {
                strategy,
                address: &address.value,
                channel: channel_of(ctx, address, &prepare)?,
                identification_id: Some(address.id.clone()),
                previous: reverification.first_factor_verification_id.as_ref(),
            };
            self.send_code(ctx, &mut tx, request).await?
        };
        reverification.first_factor_verification_id = Some(verification.id);
        tx.reverifications().put(ctx.instance(), &reverification).await?;
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        self.reverification_outcome(ctx, &session.id).await
    }

    /// Sends the code of the second factor to a phone.
    ///
    /// # Errors
    /// As [`Service::prepare_reverification`]; `no_second_factors` without such a phone number.
    pub async fn prepare_second_reverification(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        prepare: PrepareFactor,
    ) -> Result<Outcome<ReverificationState>> {
        if parse_strategy(&prepare.strategy)? != Strategy::PhoneCode {
            return Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into());
        }
        let known = self.session_to_verify(ctx, &visitor, id).await?;
        let mut tx = self.store.write().await?;
        let (session, mut reverification, user) = self.open_reverification(ctx, &mut tx, &known).await?;
        reverification.expect(ReverificationStatus::NeedsSecondFactor)?;
        self.expect_may_sign_in(ctx, &user)?;
        let identifications = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        let profile = Profile { user, identifications, external_accounts: Vec::new(), passkeys: Vec::new() };
        let previous = reverification.second_factor_verification_id.as_ref();
        let verification = self.send_phone_factor(ctx, &mut tx, &profile, &prepare, previous).await?;
        reverification.second_factor_verification_id = Some(verification.id);
        tx.reverifications().put(ctx.instance(), &reverification).await?;
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        self.reverification_outcome(ctx, &session.id).await
    }
}
