//! Proving the email address and the phone number of a sign-up.

use crate::clients::{Outcome, SignUpState};
use crate::ctx::Ctx;
use crate::email_links::{LinkPurpose, LinkRequest};
use crate::enumeration::{Decoy, DecoyReason};
use crate::error::Result;
use crate::service::Service;
use crate::sign_ins::parse_strategy;
use crate::verifications::{Answer, CodeRequest, PrepareVerification, channel_for};
use crate::visitors::Visitor;
use verger_model::identification::IdentificationKind;
use verger_model::rate_limit::RateLimit;
use verger_model::sign_up::SignUpStatus;
use verger_model::{Code, Refusal, SignUpId, Strategy};

/// What a strategy whose answer is a code proves; a link is opened.
fn proved_by(strategy: &str) -> Result<(Strategy, IdentificationKind)> {
    match parse_strategy(strategy)? {
        strategy @ Strategy::EmailCode => Ok((strategy, IdentificationKind::EmailAddress)),
        strategy @ Strategy::PhoneCode => Ok((strategy, IdentificationKind::PhoneNumber)),
        _ => Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into()),
    }
}

impl Service {
    /// Sends the code or the link for the email address, the code for the phone number, or says where the way to a provider is.
    ///
    /// # Errors
    /// `form_param_value_invalid` for another strategy or channel, `form_param_value_disabled`, `form_param_missing` without an
    /// address or number, `verification_already_verified`, `verification_code_too_many_requests`, the refusals of a link's
    /// `redirect_url`.
    pub async fn prepare_sign_up(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        prepare: PrepareVerification,
    ) -> Result<Outcome<SignUpState>> {
        if let Strategy::OAuth(provider) = parse_strategy(&prepare.strategy)? {
            return self.prepare_sign_up_oauth(ctx, visitor, id, (provider, &prepare.redirects)).await;
        }
        let (strategy, kind) = prepare.for_contact(ctx)?;
        let mut tx = self.store.write().await?;
        let (client, mut sign_up) = self.open_sign_up_attempt(ctx, &mut tx, &visitor, id).await?;
        let (given, previous, is_proved, channel) = match kind {
            IdentificationKind::EmailAddress => {
                (&sign_up.email_address, &sign_up.email_verification_id, sign_up.email_verified, None)
            }
            IdentificationKind::PhoneNumber => {
                let channel = Some(channel_for(ctx, prepare.channel.as_deref())?);
                (&sign_up.phone_number, &sign_up.phone_verification_id, sign_up.phone_verified, channel)
            }
        };
        if is_proved || sign_up.status == SignUpStatus::Complete {
            return Err(Code::VerificationAlreadyVerified.into());
        }
        let address = given.as_deref().ok_or_else(|| Refusal::param(Code::FormParamMissing, kind.as_str()))?;
        let (identification_id, previous) = (None, previous.as_ref());
        let is_taken = tx.identifications().claimed(ctx.instance(), kind, address).await?.is_some();
        let redirect_url = prepare.redirects.redirect_url.as_deref();
        let verification = if is_taken {
            let reason = DecoyReason::Taken;
            self.send_decoy(
                ctx,
                &mut tx,
                Decoy { strategy, address, channel, identification_id: None, previous, redirect_url, reason },
            )
            .await?
        } else if strategy == Strategy::EmailLink {
            let purpose = LinkPurpose::SignUp(sign_up.id.clone());
            let request =
                LinkRequest { purpose, client: &client.id, redirect_url, address, identification_id, previous };
            self.send_link(ctx, &mut tx, request).await?
        } else {
            let request = CodeRequest { strategy, address, channel, identification_id, previous };
            self.send_code(ctx, &mut tx, request).await?
        };
        match kind {
            IdentificationKind::EmailAddress => sign_up.email_verification_id = Some(verification.id),
            IdentificationKind::PhoneNumber => sign_up.phone_verification_id = Some(verification.id),
        }
        sign_up.updated_at = ctx.now;
        tx.sign_ups().update(ctx.instance(), &sign_up).await?;
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        self.sign_up_outcome(ctx, client, &visitor, sign_up).await
    }

    /// Counts an answer: for the caller's address, and for the one that it is about.
    async fn admit_proof(&self, ctx: &Ctx, visitor: &Visitor, id: &str) -> Result<()> {
        let limit = RateLimit::VerificationAttempt;
        self.admit_address(ctx, limit)?;
        let id = id.parse::<SignUpId>().ok().filter(|_| ctx.tenant.instance.rate_limits());
        let (Some(id), Some(client)) = (id, &visitor.client) else { return Ok(()) };
        let found = self.store.read().await?.sign_ups().get(ctx.instance(), &id).await?;
        match found.filter(|it| it.client_id == client.id) {
            Some(it) => {
                it.email_address.iter().chain(&it.phone_number).try_for_each(|named| self.admit(ctx, limit, named))
            }
            None => Ok(()),
        }
    }

    /// Takes the code for the email address or the phone number. The account is made when nothing else is missing.
    ///
    /// # Errors
    /// `too_many_requests`, `form_code_incorrect`, the `verification_*` refusals, `identification_claimed` when somebody else proved the same
    /// meanwhile.
    pub async fn attempt_sign_up(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        strategy: &str,
        code: Option<String>,
    ) -> Result<Outcome<SignUpState>> {
        self.admit_proof(ctx, &visitor, id).await?;
        let (strategy, kind) = proved_by(strategy)?;
        let code = code.ok_or_else(|| Refusal::param(Code::FormParamMissing, "code"))?;
        let mut tx = self.store.write().await?;
        let (client, mut sign_up) = self.open_sign_up_attempt(ctx, &mut tx, &visitor, id).await?;
        let asked = match kind {
            IdentificationKind::EmailAddress => &sign_up.email_verification_id,
            IdentificationKind::PhoneNumber => &sign_up.phone_verification_id,
        };
        let asked = match asked {
            Some(id) => tx.verifications().get(ctx.instance(), id).await?,
            None => None,
        };
        let asked = asked.ok_or(Code::VerificationMissing)?;
        if asked.strategy != strategy {
            return Err(Code::VerificationStrategyInvalid.into());
        }
        match self.answer_code(ctx, &mut tx, &asked, &code).await? {
            Answer::Wrong(refusal) => {
                tx.commit().await?;
                Err(refusal.into())
            }
            Answer::Right => {
                match kind {
                    IdentificationKind::EmailAddress => sign_up.email_verified = true,
                    IdentificationKind::PhoneNumber => sign_up.phone_verified = true,
                }
                let done = self.settle_sign_up(ctx, &mut tx, client, sign_up, None, None).await?;
                tx.commit().await?;
                self.answer_sign_up(ctx, &visitor, done).await
            }
        }
    }
}
