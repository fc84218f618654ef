//! Sign-ins that keep it to themselves whether anybody goes by the identifier: until a factor is proved the attempt names no user,
//! every answer is the same for whoever is named, and costs the same hashes, statements and mails. Known users find out in the
//! mail or by the right password; locked, banned and unknown ones are one.

use super::password::Checked;
use super::prepare::PrepareFactor;
use crate::clients::{Outcome, SignInState};
use crate::ctx::Ctx;
use crate::email_links::{LinkPurpose, LinkRequest};
use crate::enumeration::{Decoy, DecoyReason, contact_kind};
use crate::error::Result;
use crate::service::Service;
use crate::verifications::{Answer, CodeRequest, channel_for};
use crate::visitors::Visitor;
use verger_model::client::Client;
use verger_model::identification::{Identification, IdentificationKind};
use verger_model::sign_in::SignIn;
use verger_model::user::User;
use verger_model::{Channel, Code, Refusal, Secret, Strategy, UserId};
use verger_store::WriteTx;

/// One answer for a wrong password, an unknown identifier, and whoever may not sign in by one.
fn refused_password() -> Refusal {
    Refusal::param(Code::FormPasswordOrIdentifierIncorrect, "password")
}

impl Service {
    /// Takes a password in an undisclosed attempt.
    pub(super) async fn attempt_password_undisclosed(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        sign_in: &SignIn,
        password: Secret<String>,
    ) -> Result<Outcome<SignInState>> {
        if !ctx.tenant.instance.settings.attributes.password.enabled {
            return Err(Code::StrategyForUserInvalid.into());
        }
        let identifier = sign_in.undisclosed().unwrap_or_default();
        let mut reader = self.store.read().await?;
        let id = self.whom(ctx, &mut reader, identifier).await?;
        let user = reader.users().get(ctx.instance(), &id).await?;
        let stored = reader.passwords().get(ctx.instance(), &id).await?;
        drop(reader);
        let stored = stored.filter(|_| user.is_some_and(|user| self.expect_may_sign_in(ctx, &user).is_ok()));
        let checked = self.check_password(ctx, password, stored).await?;
        self.settle_password_undisclosed(ctx, visitor, (sign_in, id), checked).await
    }

    async fn settle_password_undisclosed(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        (known, user_id): (&SignIn, UserId),
        checked: Checked,
    ) -> Result<Outcome<SignInState>> {
        let mut tx = self.store.write().await?;
        let (client, sign_in) = self.open_attempt(ctx, &mut tx, &visitor, known.id.as_str()).await?;
        sign_in.expect_first_factor()?;
        let identifier = sign_in.undisclosed().ok_or(Code::ClientStateInvalid)?.to_owned();
        let user = tx.users().get_for_update(ctx.instance(), &user_id).await?;
        match user.filter(|user| checked.fits && self.expect_may_sign_in(ctx, user).is_ok()) {
            Some(user) => {
                let sign_in = self.disclosed(ctx, &mut tx, &client, sign_in, &user).await?;
                let gone = Code::SignInIdentificationOrUserDeleted;
                let known = tx.users().profile(ctx.instance(), &user_id).await?.ok_or(gone)?;
                self.password_proved(ctx, tx, &visitor, (client, sign_in), (user, &known), checked).await
            }
            None => {
                self.count_undisclosed_failure(ctx, &mut tx, &user_id, &identifier).await?;
                tx.commit().await?;
                Err(refused_password().into())
            }
        }
    }

    /// Sends the challenge of a first factor, or a notice in its place to an address that it would lead nowhere.
    pub(super) async fn prepare_undisclosed(
        &self,
        ctx: &Ctx,
        mut tx: WriteTx,
        visitor: &Visitor,
        (client, mut sign_in): (Client, SignIn),
        (strategy, prepare): (Strategy, &PrepareFactor),
    ) -> Result<Outcome<SignInState>> {
        if strategy == Strategy::Passkey {
            return self.prepare_passkey_undisclosed(ctx, tx, visitor, (client, sign_in)).await;
        }
        let (address, kind) = self.undisclosed_address(ctx, &sign_in, strategy, prepare)?;
        let channel = match kind {
            IdentificationKind::EmailAddress => None,
            IdentificationKind::PhoneNumber => Some(channel_for(ctx, prepare.channel.as_deref())?),
        };
        let held =
            tx.identifications().claimed(ctx.instance(), kind, &address).await?.filter(Identification::is_first_factor);
        let user_id = held.as_ref().map_or_else(|| self.nobody(ctx), |it| it.user_id.clone());
        let user = tx.users().get(ctx.instance(), &user_id).await?;
        let takes = |user: &User| {
            let has_what_it_needs = !strategy.resets_password() || user.password_enabled();
            has_what_it_needs && self.expect_may_sign_in(ctx, user).is_ok()
        };
        let (reason, held) = match (&user, held) {
            (None, _) | (_, None) => (DecoyReason::NoAccount, None),
            (Some(user), Some(held)) => (DecoyReason::NotThisWay, takes(user).then_some(held)),
        };
        let verification =
            self.challenge_undisclosed(ctx, &mut tx, &client, &sign_in, held, (strategy, channel, prepare, reason));
        sign_in.first_factor_verification_id = Some(verification.await?);
        sign_in.updated_at = ctx.now;
        tx.sign_ins().update(ctx.instance(), &sign_in).await?;
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        self.sign_in_outcome(ctx, client, visitor, sign_in).await
    }

    /// Asks for any passkey: which ones somebody has would tell that they are there.
    async fn prepare_passkey_undisclosed(
        &self,
        ctx: &Ctx,
        mut tx: WriteTx,
        visitor: &Visitor,
        (client, mut sign_in): (Client, SignIn),
    ) -> Result<Outcome<SignInState>> {
        if !ctx.tenant.instance.settings.passkeys.enabled {
            return Err(Code::StrategyForUserInvalid.into());
        }
        sign_in.first_factor_verification_id = Some(self.ask_passkey(ctx, &mut tx, &[]).await?.id);
        sign_in.updated_at = ctx.now;
        tx.sign_ins().update(ctx.instance(), &sign_in).await?;
        tx.commit().await?;
        self.sign_in_outcome(ctx, client, visitor, sign_in).await
    }

    async fn challenge_undisclosed(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        client: &Client,
        sign_in: &SignIn,
        held: Option<Identification>,
        (strategy, channel, prepare, reason): (Strategy, Option<Channel>, &PrepareFactor, DecoyReason),
    ) -> Result<verger_model::VerificationId> {
        let previous = sign_in.first_factor_verification_id.as_ref();
        let redirect_url = prepare.redirects.redirect_url.as_deref();
        let address = sign_in.undisclosed().unwrap_or_default();
        let Some(held) = held else {
            let decoy = Decoy { strategy, address, channel, identification_id: None, previous, redirect_url, reason };
            return Ok(self.send_decoy(ctx, tx, decoy).await?.id);
        };
        let identification_id = Some(held.id);
        let sent = if strategy == Strategy::EmailLink {
            let purpose = LinkPurpose::SignIn(sign_in.id.clone());
            let client = &client.id;
            let request = LinkRequest { purpose, client, redirect_url, address, identification_id, previous };
            self.send_link(ctx, tx, request).await?
        } else {
            self.send_code(ctx, tx, CodeRequest { strategy, address, channel, identification_id, previous }).await?
        };
        Ok(sent.id)
    }

    /// The typed address or number, if a challenge can go there: what the settings say, whoever is named.
    fn undisclosed_address(
        &self,
        ctx: &Ctx,
        sign_in: &SignIn,
        strategy: Strategy,
        prepare: &PrepareFactor,
    ) -> Result<(String, IdentificationKind)> {
        let settings = &ctx.tenant.instance.settings;
        let resets = settings.attributes.password.enabled;
        let (kind, is_offered) = match strategy {
            Strategy::EmailCode => (IdentificationKind::EmailAddress, settings.sign_in.email_code),
            Strategy::EmailLink => (IdentificationKind::EmailAddress, settings.sign_in.email_link),
            Strategy::ResetPasswordEmailCode => (IdentificationKind::EmailAddress, resets),
            Strategy::PhoneCode => (IdentificationKind::PhoneNumber, settings.sign_in.phone_code),
            Strategy::ResetPasswordPhoneCode => (IdentificationKind::PhoneNumber, resets),
            _ => return Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into()),
        };
        let typed = sign_in.undisclosed().filter(|text| is_offered && contact_kind(ctx, text) == Some(kind));
        let address = typed.ok_or(Code::StrategyForUserInvalid)?;
        let (named, param) = match kind {
            IdentificationKind::EmailAddress => (&prepare.email_address_id, "email_address_id"),
            IdentificationKind::PhoneNumber => (&prepare.phone_number_id, "phone_number_id"),
        };
        if named.as_ref().is_some_and(|id| *id != sign_in.address_alias()) {
            return Err(Refusal::param(Code::FormParamValueInvalid, param).into());
        }
        Ok((address.to_owned(), kind))
    }

    /// Takes a code in an undisclosed attempt. A notice had none, so nothing is right there.
    pub(super) async fn attempt_code_undisclosed(
        &self,
        ctx: &Ctx,
        mut tx: WriteTx,
        visitor: Visitor,
        (client, sign_in): (Client, SignIn),
        (strategy, code, new_password): (Strategy, &str, Option<Secret<String>>),
    ) -> Result<Outcome<SignInState>> {
        let identifier = sign_in.undisclosed().ok_or(Code::ClientStateInvalid)?.to_owned();
        let kind = contact_kind(ctx, &identifier).ok_or(Code::StrategyForUserInvalid)?;
        let held = tx.identifications().claimed(ctx.instance(), kind, &identifier).await?;
        let user_id = held.map_or_else(|| self.nobody(ctx), |it| it.user_id);
        let user = tx.users().get_for_update(ctx.instance(), &user_id).await?;
        let asked = self.asked_of_attempt(ctx, &mut tx, &sign_in, strategy).await?;
        let answer = self.answer_code(ctx, &mut tx, &asked, code).await?;
        let user = user.filter(|user| self.expect_may_sign_in(ctx, user).is_ok());
        match (answer, user) {
            (Answer::Right, Some(user)) => {
                let sign_in = self.disclosed(ctx, &mut tx, &client, sign_in, &user).await?;
                self.code_proved(ctx, tx, visitor, (client, sign_in), user, (asked, new_password)).await
            }
            (answer, _) => {
                self.count_undisclosed_failure(ctx, &mut tx, &user_id, &identifier).await?;
                tx.commit().await?;
                Err(match answer {
                    Answer::Wrong(refusal) => refusal.into(),
                    Answer::Right => Refusal::param(Code::FormCodeIncorrect, "code").into(),
                })
            }
        }
    }

    /// The attempt after its owner proved to be there.
    ///
    /// # Errors
    /// `identifier_already_signed_in`.
    pub(super) async fn disclosed(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        client: &Client,
        sign_in: SignIn,
        user: &User,
    ) -> Result<SignIn> {
        self.expect_not_signed_in(ctx, tx, client, &user.id).await?;
        let identifier = sign_in.identifier.clone().unwrap_or_default();
        Ok(sign_in.identified(identifier, user.id.clone()))
    }

    /// Counts a wrong answer as usual if somebody goes by the identifier, and says nothing of it; does the same work if nobody
    /// does.
    async fn count_undisclosed_failure(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        id: &UserId,
        identifier: &str,
    ) -> Result<()> {
        self.note_failure(ctx, identifier);
        let known = tx.users().get(ctx.instance(), id).await?;
        match known.filter(|user| self.expect_may_sign_in(ctx, user).is_ok()) {
            Some(mut user) => self.count_failure(ctx, tx, &mut user, refused_password()).await.map(drop),
            None => Ok(tx.users().update_nobody(ctx.instance(), &User::new(self.nobody(ctx), ctx.now)).await?),
        }
    }
}
