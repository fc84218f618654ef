//! Keeping to ourselves who has an account: whether this caller is told, and the mail that goes out in the place of a challenge
//! that would lead nowhere.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::jobs::SEND_NOTHING;
use crate::service::Service;
use crate::verifications::{CodeRequest, is_test_contact};
use verger_model::identification::IdentificationKind;
use verger_model::rate_limit::RateLimit;
use verger_model::settings::EnumerationProtection;
use verger_model::verification::{CODE_LIFETIME, Verification, VerificationStatus};
use verger_model::{
    Channel, Code, IdentificationId, Refusal, Strategy, UserId, VerificationId, email, phone, username,
};
use verger_store::{Reader, WriteTx};

/// Why an address gets no challenge, as its owner is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DecoyReason {
    /// Somebody wants to sign in, and there is no account.
    NoAccount,
    /// Somebody wants to sign in, and the account cannot in this way, or not now.
    NotThisWay,
    /// Somebody wants to sign up, and there is an account.
    Taken,
    /// The address is somebody else's and is left alone.
    Unasked,
}

/// A challenge that nobody can answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decoy<'a> {
    /// What was asked for.
    pub(crate) strategy: Strategy,
    /// Where it would have gone.
    pub(crate) address: &'a str,
    /// How it would have travelled, if `address` is a phone number.
    pub(crate) channel: Option<Channel>,
    /// The identification that it would have proved, if there is one already.
    pub(crate) identification_id: Option<&'a IdentificationId>,
    /// The challenge that this attempt asked last.
    pub(crate) previous: Option<&'a VerificationId>,
    /// Where the link would have led.
    pub(crate) redirect_url: Option<&'a str>,
    /// Why it does not.
    pub(crate) reason: DecoyReason,
}

impl Service {
    /// Whether this caller is not told who has an account. Asking counts as a question.
    pub(crate) fn keeps_accounts_secret(&self, ctx: &Ctx) -> bool {
        match ctx.tenant.instance.enumeration_protection() {
            EnumerationProtection::Off => false,
            EnumerationProtection::Bulk => self.has_asked_too_much(ctx, RateLimit::Lookup),
            EnumerationProtection::Strict => true,
        }
    }

    /// Whether nobody is told.
    pub(crate) fn is_strict(&self, ctx: &Ctx) -> bool {
        ctx.tenant.instance.enumeration_protection() == EnumerationProtection::Strict
    }

    /// An id that no user has, for the work that goes with one.
    pub(crate) fn nobody(&self, ctx: &Ctx) -> UserId {
        UserId::generate(ctx.now, self.entropy())
    }

    /// An identifier as it is stored, whoever goes by it.
    ///
    /// # Errors
    /// `form_param_nil`, `form_param_format_invalid`: what nobody can go by.
    pub(crate) fn read_identifier(&self, ctx: &Ctx, text: &str) -> Result<String> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::param(Code::FormParamNil, "identifier").into());
        }
        let attributes = &ctx.tenant.instance.settings.attributes;
        let read = if text.contains('@') && attributes.email_address.enabled {
            email::normalize(text)
        } else if text.starts_with('+') && attributes.phone_number.enabled {
            phone::normalize(text)
        } else {
            Some(username::normalize(text).unwrap_or_else(|_| text.to_lowercase()))
                .filter(|_| attributes.username.enabled)
        };
        read.ok_or_else(|| Refusal::param(Code::FormParamFormatInvalid, "identifier").into())
    }

    /// Whom a stored identifier names; nobody's id if it is nobody's.
    pub(crate) async fn whom(&self, ctx: &Ctx, reader: &mut Reader, identifier: &str) -> Result<UserId> {
        let found = match contact_kind(ctx, identifier) {
            Some(kind) => {
                let held = reader.identifications().claimed(ctx.instance(), kind, identifier).await?;
                held.map(|it| it.user_id)
            }
            None => reader.users().by_username(ctx.instance(), identifier).await?.map(|user| user.id),
        };
        Ok(found.unwrap_or_else(|| self.nobody(ctx)))
    }

    /// Puts a challenge that nobody can answer in the place of one, under the same throttle and with the same work. The address
    /// gets a notice instead.
    ///
    /// # Errors
    /// As for the challenge that was asked for.
    pub(crate) async fn send_decoy(&self, ctx: &Ctx, tx: &mut WriteTx, decoy: Decoy<'_>) -> Result<Verification> {
        let Decoy { strategy, address, channel, identification_id, previous, redirect_url, reason } = decoy;
        let identification_id = identification_id.cloned();
        if strategy == Strategy::EmailLink {
            self.link_page(ctx, redirect_url)?;
        }
        let asked = CodeRequest { strategy, address, channel, identification_id: identification_id.clone(), previous };
        if let Some(standing) = self.standing_challenge(ctx, tx, &asked).await? {
            return Ok(standing);
        }
        let verification = Verification {
            id: VerificationId::generate(ctx.now, self.entropy()),
            strategy,
            status: VerificationStatus::Unverified,
            attempts: 0,
            target: Some(address.to_owned()),
            identification_id,
            channel,
            verified_at_client: None,
            code_digest: None,
            external_redirect_url: None,
            error: None,
            nonce: None,
            expire_at: Some(ctx.now + CODE_LIFETIME),
            created_at: ctx.now,
        };
        tx.verifications().insert(ctx.instance(), &verification).await?;
        // A test address gets no codes, but links.
        let is_test = is_test_contact(ctx, address) && strategy != Strategy::EmailLink;
        match channel {
            _ if is_test || reason == DecoyReason::Unasked => {}
            // A phone is not bothered: its owner did not ask. The outbox does not show that.
            Some(_) => self.enqueue_sealed(ctx, tx, SEND_NOTHING, b"{}").await?,
            None => self.enqueue_decoy_mail(ctx, tx, address, reason).await?,
        }
        Ok(verification)
    }
}

/// Which kind of address or number a stored identifier is; `None` for a username.
pub(crate) fn contact_kind(ctx: &Ctx, identifier: &str) -> Option<IdentificationKind> {
    let attributes = &ctx.tenant.instance.settings.attributes;
    match identifier {
        it if it.contains('@') && attributes.email_address.enabled => Some(IdentificationKind::EmailAddress),
        it if it.starts_with('+') && attributes.phone_number.enabled => Some(IdentificationKind::PhoneNumber),
        _ => None,
    }
}
