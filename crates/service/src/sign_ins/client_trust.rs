//! Client trust: a right password on a device that the account was never used on is followed by a code. The device is known by its
//! client, so it is trusted for as long as it keeps that.

use super::{PrepareFactor, parse_strategy};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::second_factors::asked_of;
use crate::service::Service;
use crate::verifications::{Answer, CodeRequest, channel_for};
use verger_model::client::Client;
use verger_model::identification::{Identification, IdentificationKind};
use verger_model::sign_in::SecondFactor;
use verger_model::user::{Profile, User};
use verger_model::verification::Verification;
use verger_model::{Code, Refusal, Strategy, VerificationId};
use verger_store::WriteTx;

/// What a code of this strategy goes to.
const fn kind_of(strategy: Strategy) -> Option<IdentificationKind> {
    match strategy {
        Strategy::EmailCode => Some(IdentificationKind::EmailAddress),
        Strategy::PhoneCode => Some(IdentificationKind::PhoneNumber),
        _ => None,
    }
}

impl Service {
    /// What follows a right password: the second factor, else a code where the device is new to the account and a code can be
    /// sent.
    pub(super) async fn asked_after_password(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        client: &Client,
        user: &User,
    ) -> Result<SecondFactor> {
        let settings = &ctx.tenant.instance.settings;
        let asked = asked_of(ctx, user);
        if asked == SecondFactor::Asked || !settings.attack_protection.client_trust || user.bypass_client_trust {
            return Ok(asked);
        }
        let sessions = tx.sessions().of_client(ctx.instance(), &client.id).await?;
        if sessions.iter().any(|it| it.user_id == user.id && !it.is_impersonated()) {
            return Ok(SecondFactor::NotAsked);
        }
        let profile = tx.users().profile(ctx.instance(), &user.id).await?;
        let reachable = profile.is_some_and(|it| !it.client_trust_contacts(settings).is_empty());
        Ok(if reachable { SecondFactor::ClientTrust } else { SecondFactor::NotAsked })
    }

    /// Sends the code that makes a device known.
    pub(super) async fn send_trust_code(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        profile: &Profile,
        prepare: &PrepareFactor,
        previous: Option<&VerificationId>,
    ) -> Result<Verification> {
        let strategy = parse_strategy(&prepare.strategy)?;
        let (address, channel) = match contact_for(ctx, profile, strategy, prepare)? {
            it if it.kind == IdentificationKind::EmailAddress => (it, None),
            it => (it, Some(channel_for(ctx, prepare.channel.as_deref())?)),
        };
        let identification_id = Some(address.id.clone());
        let request = CodeRequest { strategy, address: &address.value, channel, identification_id, previous };
        self.send_code(ctx, tx, request).await
    }

    /// Takes an answer to that code.
    pub(super) async fn answer_trust_code(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        asked: Option<&VerificationId>,
        strategy: Strategy,
        code: &str,
    ) -> Result<Answer> {
        kind_of(strategy).ok_or_else(|| Refusal::param(Code::FormParamValueInvalid, "strategy"))?;
        let asked = match asked {
            Some(id) => tx.verifications().get(ctx.instance(), id).await?,
            None => None,
        };
        let asked = asked.ok_or(Code::VerificationMissing)?;
        if asked.strategy != strategy {
            return Err(Code::VerificationStrategyInvalid.into());
        }
        self.answer_code(ctx, tx, &asked, code).await
    }
}

/// The address that a code goes to: the named one, else the first.
fn contact_for<'a>(
    ctx: &Ctx,
    profile: &'a Profile,
    strategy: Strategy,
    prepare: &PrepareFactor,
) -> Result<&'a Identification> {
    let kind = kind_of(strategy).ok_or_else(|| Refusal::param(Code::FormParamValueInvalid, "strategy"))?;
    let (named, param) = match kind {
        IdentificationKind::EmailAddress => (&prepare.email_address_id, "email_address_id"),
        IdentificationKind::PhoneNumber => (&prepare.phone_number_id, "phone_number_id"),
    };
    let mut contacts = profile.client_trust_contacts(&ctx.tenant.instance.settings);
    contacts.retain(|it| it.kind == kind);
    let first = *contacts.first().ok_or(Code::StrategyForUserInvalid)?;
    let Some(text) = named else { return Ok(first) };
    let found = contacts.into_iter().find(|it| it.id.as_str() == text);
    found.ok_or_else(|| Refusal::param(Code::FormParamValueInvalid, param).into())
}
