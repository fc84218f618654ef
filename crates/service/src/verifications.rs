//! One-time codes by mail and to phones: sending one, and taking an answer. The same rules for sign-ins and sign-ups.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::mails::CodeMail;
use crate::oauth::OAuthRedirects;
use crate::rate_limits::too_many_sends;
use crate::service::Service;
use crate::sign_ins::parse_strategy;
use crate::sms::CodeSms;
use verger_crypto::code::{code_digest, code_matches, random_code};
use verger_model::email::is_test_address;
use verger_model::identification::IdentificationKind;
use verger_model::phone::is_test_number;
use verger_model::verification::{
    CODE_LIFETIME, CODE_MAX_ATTEMPTS, SEND_INTERVAL, SEND_MAX, SEND_WINDOW, Verification, VerificationStatus,
};
use verger_model::{Channel, Code, IdentificationId, Refusal, Secret, Strategy, VerificationId};
use verger_store::WriteTx;

/// The code that test addresses and test numbers take.
const TEST_CODE: &str = "424242";

/// Which challenge to send for an address or a number that is to be proved.
#[derive(Clone, Debug, Default)]
pub struct PrepareVerification {
    /// By which strategy.
    pub strategy: String,
    /// How a code travels to a phone; the instance's choice when left out.
    pub channel: Option<String>,
    /// Where a link leads, or where to come back to from a provider.
    pub redirects: OAuthRedirects,
}

impl PrepareVerification {
    /// The strategy, if it proves an email address here.
    ///
    /// # Errors
    /// `form_param_value_invalid`, `form_param_value_disabled` where it is switched off.
    pub(crate) fn by_mail(&self, ctx: &Ctx) -> Result<Strategy> {
        let offered = &ctx.tenant.instance.settings.verifications;
        let strategy = parse_strategy(&self.strategy)?;
        let is_on = match strategy {
            Strategy::EmailCode => offered.email_code,
            Strategy::EmailLink => offered.email_link,
            _ => return Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into()),
        };
        if is_on { Ok(strategy) } else { Err(Refusal::param(Code::FormParamValueDisabled, "strategy").into()) }
    }

    /// The strategy, and what it proves.
    ///
    /// # Errors
    /// As [`PrepareVerification::by_mail`].
    pub(crate) fn for_contact(&self, ctx: &Ctx) -> Result<(Strategy, IdentificationKind)> {
        match parse_strategy(&self.strategy)? {
            strategy @ Strategy::PhoneCode => Ok((strategy, IdentificationKind::PhoneNumber)),
            _ => Ok((self.by_mail(ctx)?, IdentificationKind::EmailAddress)),
        }
    }
}

/// A code to send.
pub(crate) struct CodeRequest<'a> {
    /// For what.
    pub(crate) strategy: Strategy,
    /// Where to.
    pub(crate) address: &'a str,
    /// How it travels, if `address` is a phone number.
    pub(crate) channel: Option<Channel>,
    /// The identification behind the address, if there is one already.
    pub(crate) identification_id: Option<IdentificationId>,
    /// The challenge that this attempt asked last.
    pub(crate) previous: Option<&'a VerificationId>,
}

/// What became of an answer.
pub(crate) enum Answer {
    /// It was right and is used up.
    Right,
    /// It was wrong. The try is counted; the caller must commit before it refuses.
    Wrong(Refusal),
}

impl Service {
    /// Sends a code, unless the same attempt asked for the same a moment ago: then the challenge stands as it is.
    ///
    /// # Errors
    /// `verification_code_too_many_requests` when another attempt sent one to this address a moment ago.
    pub(crate) async fn send_code(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        request: CodeRequest<'_>,
    ) -> Result<Verification> {
        let is_test = is_test_contact(ctx, request.address);
        if let Some(standing) = self.standing_challenge(ctx, tx, &request).await? {
            return Ok(standing);
        }
        let id = VerificationId::generate(ctx.now, self.entropy());
        let code = if is_test { Secret::from(TEST_CODE) } else { random_code(self.entropy()) };
        let verification = Verification {
            verified_at_client: None,
            code_digest: Some(code_digest(&ctx.tenant.code_key, &id, code.expose())),
            id,
            strategy: request.strategy,
            status: VerificationStatus::Unverified,
            attempts: 0,
            target: Some(request.address.to_owned()),
            identification_id: request.identification_id,
            channel: request.channel,
            external_redirect_url: None,
            error: None,
            nonce: None,
            expire_at: Some(ctx.now + CODE_LIFETIME),
            created_at: ctx.now,
        };
        tx.verifications().insert(ctx.instance(), &verification).await?;
        let (strategy, to, code) = (request.strategy, request.address, &code);
        match request.channel {
            _ if is_test => {}
            Some(channel) => self.enqueue_code_sms(ctx, tx, &CodeSms { strategy, channel, to, code }).await?,
            None => self.enqueue_code_mail(ctx, tx, &CodeMail { strategy, to, code }).await?,
        }
        Ok(verification)
    }

    /// The challenge that was sent to this address less than the send interval ago. One that was answered rightly does not count:
    /// its owner is plainly not being pestered. Test addresses and test numbers have none.
    ///
    /// # Errors
    /// `verification_code_too_many_requests` when another attempt sent one to this address a moment ago,
    /// `verification_code_rate_limit_exceeded` when too many wait there already.
    pub(crate) async fn standing_challenge(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        request: &CodeRequest<'_>,
    ) -> Result<Option<Verification>> {
        if is_test_contact(ctx, request.address) {
            return Ok(None);
        }
        let last = tx.verifications().last_for_target(ctx.instance(), request.address).await?;
        let recent =
            |it: &Verification| ctx.now < it.created_at + SEND_INTERVAL && it.status != VerificationStatus::Verified;
        let Some(last) = last.filter(recent) else {
            let tenth = tx.verifications().nth_last_send(ctx.instance(), request.address, SEND_MAX).await?;
            let full = tenth.map(|at| at + SEND_WINDOW - ctx.now).filter(|wait| wait.0 > 0);
            if let Some(wait) = full {
                return Err(too_many_sends(wait).into());
            }
            self.admit_send(ctx)?;
            return Ok(None);
        };
        let is_ours = request.previous == Some(&last.id) && last.strategy == request.strategy;
        if is_ours && last.status == VerificationStatus::Unverified {
            return Ok(Some(last));
        }
        let wait = (last.created_at + SEND_INTERVAL - ctx.now).0;
        let secs = (wait + 999) / 1000;
        Err(Refusal::new(Code::VerificationCodeTooManyRequests).retry_after(secs).into())
    }

    /// Takes an answer to a challenge: one try, counted before it is compared, so that parallel guesses share one budget.
    ///
    /// # Errors
    /// The refusal of a challenge that takes no answer any more.
    pub(crate) async fn answer_code(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        verification: &Verification,
        code: &str,
    ) -> Result<Answer> {
        let id = &verification.id;
        let Some(taken) = tx.verifications().take_attempt(ctx.instance(), id, CODE_MAX_ATTEMPTS, ctx.now).await? else {
            let current = tx.verifications().get(ctx.instance(), id).await?;
            return Err(refusal_of_closed(current.as_ref().unwrap_or(verification), ctx).into());
        };
        let digest = taken.code_digest.as_deref().unwrap_or_default();
        let fits = code_matches(&ctx.tenant.code_key, id, code, digest);
        if !fits || !tx.verifications().consume(ctx.instance(), id, ctx.now).await? {
            return Ok(Answer::Wrong(Refusal::param(Code::FormCodeIncorrect, "code")));
        }
        Ok(Answer::Right)
    }
}

/// Whether codes to this address or number are the fixed one, and go nowhere.
pub(crate) fn is_test_contact(ctx: &Ctx, address: &str) -> bool {
    ctx.tenant.instance.test_mode() && (is_test_address(address) || is_test_number(address))
}

/// The channel that a request names, else the one that the instance prefers.
pub(crate) fn channel_for(ctx: &Ctx, named: Option<&str>) -> Result<Channel> {
    let channels = &ctx.tenant.instance.settings.phone.channels;
    let Some(text) = named.filter(|text| !text.is_empty()) else {
        return Ok(channels.first().copied().unwrap_or_default());
    };
    let known = Channel::parse(text).filter(|channel| channels.contains(channel));
    known.ok_or_else(|| Refusal::param(Code::FormParamValueInvalid, "channel").into())
}

fn refusal_of_closed(verification: &Verification, ctx: &Ctx) -> Refusal {
    match verification.status_at(ctx.now) {
        VerificationStatus::Verified | VerificationStatus::Transferable => Code::VerificationAlreadyVerified.into(),
        VerificationStatus::Expired => Code::VerificationExpired.into(),
        VerificationStatus::Failed | VerificationStatus::Unverified => Code::VerificationFailed.into(),
    }
}
