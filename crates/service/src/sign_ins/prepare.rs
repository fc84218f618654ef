//! Asking for the challenge of a first factor: a code by mail or to a phone, a link by mail, a passkey, or the way to a provider.

use super::parse_strategy;
use crate::clients::{Outcome, SignInState};
use crate::ctx::Ctx;
use crate::email_links::{LinkPurpose, LinkRequest};
use crate::error::Result;
use crate::oauth::OAuthRedirects;
use crate::service::Service;
use crate::verifications::{CodeRequest, channel_for};
use crate::visitors::Visitor;
use verger_model::identification::{Identification, IdentificationKind};
use verger_model::user::Profile;
use verger_model::{Channel, Code, Refusal, Strategy};

/// Which challenge.
#[derive(Clone, Debug, Default)]
pub struct PrepareFactor {
    /// By which strategy.
    pub strategy: String,
    /// To which address; the typed one when left out.
    pub email_address_id: Option<String>,
    /// To which phone number; the typed one when left out.
    pub phone_number_id: Option<String>,
    /// How the code travels to a phone; the instance's choice when left out.
    pub channel: Option<String>,
    /// Where a link leads, or where to come back to from a provider.
    pub redirects: OAuthRedirects,
}

impl Service {
    /// Sends the code or the link of a first factor, makes the challenge of a passkey, or says where the way to a provider is.
    ///
    /// # Errors
    /// `client_state_invalid`, `strategy_for_user_invalid`, `user_locked`, `user_banned`,
    /// `verification_code_too_many_requests`, `no_passkeys_found_for_user`, the refusals of a link's `redirect_url`.
    pub async fn prepare_first_factor(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        prepare: PrepareFactor,
    ) -> Result<Outcome<SignInState>> {
        let strategy = parse_strategy(&prepare.strategy)?;
        if let Strategy::OAuth(provider) = strategy {
            return self.prepare_oauth(ctx, visitor, id, (provider, &prepare.redirects)).await;
        }
        let mut tx = self.store.write().await?;
        let (client, mut sign_in) = self.open_attempt(ctx, &mut tx, &visitor, id).await?;
        sign_in.expect_first_factor()?;
        if sign_in.undisclosed().is_some() {
            let asked = (strategy, &prepare);
            return self.prepare_undisclosed(ctx, tx, &visitor, (client, sign_in), asked).await;
        }
        let user_id = sign_in.user_id.clone().ok_or(Code::ClientStateInvalid)?;
        let profile =
            tx.users().profile(ctx.instance(), &user_id).await?.ok_or(Code::SignInIdentificationOrUserDeleted)?;
        self.expect_may_sign_in(ctx, &profile.user)?;
        let verification = if strategy == Strategy::Passkey {
            self.ask_named_passkey(ctx, &mut tx, &profile).await?
        } else {
            let address = address_for(ctx, sign_in.identifier.as_ref(), &profile, strategy, &prepare)?;
            let channel = channel_of(ctx, address, &prepare)?;
            let previous = sign_in.first_factor_verification_id.as_ref();
            let (address, identification_id) = (address.value.as_str(), Some(address.id.clone()));
            if strategy == Strategy::EmailLink {
                let redirect_url = prepare.redirects.redirect_url.as_deref();
                let purpose = LinkPurpose::SignIn(sign_in.id.clone());
                let request =
                    LinkRequest { purpose, client: &client.id, redirect_url, address, identification_id, previous };
                self.send_link(ctx, &mut tx, request).await?
            } else {
                let request = CodeRequest { strategy, address, channel, identification_id, previous };
                self.send_code(ctx, &mut tx, request).await?
            }
        };
        sign_in.first_factor_verification_id = Some(verification.id);
        sign_in.updated_at = ctx.now;
        tx.sign_ins().update(ctx.instance(), &sign_in).await?;
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        self.sign_in_outcome(ctx, client, &visitor, sign_in).await
    }
}

/// How a code to this address travels: `None` for mails.
pub(crate) fn channel_of(ctx: &Ctx, address: &Identification, prepare: &PrepareFactor) -> Result<Option<Channel>> {
    match address.kind {
        IdentificationKind::EmailAddress => Ok(None),
        IdentificationKind::PhoneNumber => channel_for(ctx, prepare.channel.as_deref()).map(Some),
    }
}

/// The address that a code of this strategy goes to: the named one, else the typed one, else the primary one.
pub(crate) fn address_for<'a>(
    ctx: &Ctx,
    typed: Option<&String>,
    profile: &'a Profile,
    strategy: Strategy,
    prepare: &PrepareFactor,
) -> Result<&'a Identification> {
    let settings = &ctx.tenant.instance.settings;
    let resets = settings.attributes.password.enabled && profile.user.password_enabled();
    let has_phones = settings.attributes.phone_number.enabled;
    let (kind, offered) = match strategy {
        Strategy::EmailCode => (IdentificationKind::EmailAddress, settings.sign_in.email_code),
        Strategy::EmailLink => (IdentificationKind::EmailAddress, settings.sign_in.email_link),
        Strategy::ResetPasswordEmailCode => (IdentificationKind::EmailAddress, resets),
        Strategy::PhoneCode => (IdentificationKind::PhoneNumber, has_phones && settings.sign_in.phone_code),
        Strategy::ResetPasswordPhoneCode => (IdentificationKind::PhoneNumber, has_phones && resets),
        Strategy::Password
        | Strategy::Passkey
        | Strategy::Ticket
        | Strategy::Totp
        | Strategy::BackupCode
        | Strategy::Admin
        | Strategy::OAuth(_) => {
            return Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into());
        }
    };
    if !offered {
        return Err(Code::StrategyForUserInvalid.into());
    }
    let (named, param, primary) = match kind {
        IdentificationKind::EmailAddress => {
            (&prepare.email_address_id, "email_address_id", profile.primary_email_address())
        }
        IdentificationKind::PhoneNumber => {
            (&prepare.phone_number_id, "phone_number_id", profile.primary_phone_number())
        }
    };
    // A number that is a second factor proves nothing first: one phone would then be both.
    let usable = || profile.of_kind(kind).filter(|it| it.is_first_factor());
    let found = match named {
        Some(text) => {
            let address = usable().find(|it| it.id.as_str() == text);
            Some(address.ok_or_else(|| Refusal::param(Code::FormParamValueInvalid, param))?)
        }
        None => usable().find(|it| Some(&it.value) == typed).or_else(|| primary.filter(|it| it.is_first_factor())),
    };
    found.ok_or_else(|| Code::StrategyForUserInvalid.into())
}
