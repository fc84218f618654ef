//! What the way back means for a sign-up.

use super::people::Known;
use super::{Brought, OAuthLanding, OAuthRedirects, open};
use crate::clients::{Outcome, SignUpState};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use crate::sign_ups::SignUpInput;
use crate::visitors::Visitor;
use verger_model::client::Client;
use verger_model::external_account::{FlowAim, OAuthFlow};
use verger_model::identification::IdentificationKind;
use verger_model::sign_up::{SignUp, SignUpStatus};
use verger_model::user::NAME_MAX;
use verger_model::verification::VerificationStatus;
use verger_model::{Code, Provider, Refusal, SignUpId, UserId, username};
use verger_store::WriteTx;

impl Service {
    pub(super) async fn land_sign_up(
        &self,
        ctx: &Ctx,
        visitor: &Visitor,
        flow: &OAuthFlow,
        brought: &Brought,
    ) -> Result<OAuthLanding> {
        let id: SignUpId = flow.target_id.parse().map_err(Error::internal)?;
        let turned_away = self.turned_away(ctx, brought).await?;
        let mut tx = self.store.write().await?;
        let client = tx.clients().get_for_update(ctx.instance(), &flow.client_id).await?;
        let sign_up = tx.sign_ups().get_for_update(ctx.instance(), &id).await?;
        let (Some(client), Some(mut sign_up)) = (client, sign_up) else {
            return Ok(OAuthLanding::at(&flow.redirect_url));
        };
        let waits = sign_up.status == SignUpStatus::MissingRequirements
            && client.sign_up_id.as_ref() == Some(&sign_up.id)
            && sign_up.external_verification_id.as_ref() == Some(&flow.verification_id)
            && !sign_up.is_abandoned(ctx.now);
        if !waits {
            return Ok(OAuthLanding::at(&flow.redirect_url));
        }
        if !matches!(self.known(ctx, &mut tx, flow.provider, brought).await?, Known::Nobody) {
            let end = (VerificationStatus::Transferable, Some(Code::ExternalAccountExists.into()));
            self.close_detour(ctx, &mut tx, flow, brought, end).await?;
            tx.commit().await?;
            return Ok(OAuthLanding::at(&flow.redirect_url));
        }
        if let Some(refusal) = turned_away {
            drop(tx);
            return self.land_failure(ctx, flow, refusal.code().into()).await;
        }
        self.close_detour(ctx, &mut tx, flow, brought, (VerificationStatus::Verified, None)).await?;
        self.absorb(ctx, &mut tx, &mut sign_up, brought).await?;
        let settled = self.settle_sign_up(ctx, &mut tx, client, sign_up, None, None).await?;
        tx.commit().await?;
        let outcome = self.answer_sign_up(ctx, visitor, settled).await?;
        let done = outcome.value.sign_up.status == SignUpStatus::Complete;
        let location = if done { &flow.complete_url } else { &flow.redirect_url };
        Ok(OAuthLanding { location: location.clone(), cookie: outcome.cookie, state: outcome.state })
    }

    /// Signs up with what a sign-in found to belong to nobody.
    ///
    /// # Errors
    /// `account_transfer_invalid` when there is nothing to take over, `external_account_exists` when somebody took it meanwhile,
    /// and the rules of the fields.
    pub(crate) async fn transfer_to_sign_up(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        input: SignUpInput,
    ) -> Result<Outcome<SignUpState>> {
        let known = visitor.client.clone().ok_or(Code::AccountTransferInvalid)?;
        if let Some(refusal) = self.newcomer_turned_away(ctx, &known).await? {
            return Err(refusal.into());
        }
        let draft = SignUp::new(SignUpId::generate(ctx.now, self.entropy()), known.id.clone(), ctx.now);
        let (mut sign_up, digest) = self.judge(ctx, draft, &input, None).await?;
        let mut tx = self.store.write().await?;
        let found = tx.clients().get_for_update(ctx.instance(), &known.id).await?;
        let mut client = found.ok_or(Code::AccountTransferInvalid)?;
        let sign_in = match &client.sign_in_id {
            Some(id) => tx.sign_ins().get_for_update(ctx.instance(), id).await?,
            None => None,
        };
        let asked = sign_in.and_then(|it| it.first_factor_verification_id).ok_or(Code::AccountTransferInvalid)?;
        if !tx.verifications().take_transfer(ctx.instance(), &asked).await? {
            return Err(Code::AccountTransferInvalid.into());
        }
        let flow = tx.oauth_flows().get(ctx.instance(), &asked).await?.ok_or(Code::AccountTransferInvalid)?;
        let brought: Brought = open(ctx, &flow)?;
        if !matches!(self.known(ctx, &mut tx, flow.provider, &brought).await?, Known::Nobody) {
            return Err(Code::ExternalAccountExists.into());
        }
        sign_up.external_verification_id = Some(asked);
        self.absorb(ctx, &mut tx, &mut sign_up, &brought).await?;
        tx.sign_ups().insert(ctx.instance(), &sign_up).await?;
        client.sign_up_id = Some(sign_up.id.clone());
        client.sign_in_id = None;
        let settled = self.settle_sign_up(ctx, &mut tx, client, sign_up, digest, None).await?;
        tx.commit().await?;
        self.answer_sign_up(ctx, &visitor, settled).await
    }

    /// Why the instance does not let the person's address in.
    async fn turned_away(&self, ctx: &Ctx, brought: &Brought) -> Result<Option<Refusal>> {
        let Some(address) = brought.identity.email_address.as_deref() else { return Ok(None) };
        let mut reader = self.store.read().await?;
        match self.expect_let_in(ctx, &mut reader, IdentificationKind::EmailAddress, address).await {
            Ok(()) => Ok(None),
            Err(Error::Refused(refusal)) => Ok(Some(refusal)),
            Err(fault) => Err(fault),
        }
    }

    /// The same for what a client's sign-in is about to hand over.
    async fn newcomer_turned_away(&self, ctx: &Ctx, client: &Client) -> Result<Option<Refusal>> {
        let mut reader = self.store.read().await?;
        let sign_in = match &client.sign_in_id {
            Some(id) => reader.sign_ins().get(ctx.instance(), id).await?,
            None => None,
        };
        let asked = sign_in.and_then(|it| it.first_factor_verification_id).ok_or(Code::AccountTransferInvalid)?;
        let verification = reader.verifications().get(ctx.instance(), &asked).await?;
        if verification.is_none_or(|it| it.status != VerificationStatus::Transferable) {
            return Err(Code::AccountTransferInvalid.into());
        }
        let flow = reader.oauth_flows().get(ctx.instance(), &asked).await?.ok_or(Code::AccountTransferInvalid)?;
        drop(reader);
        self.turned_away(ctx, &open(ctx, &flow)?).await
    }

    /// Fills what the provider told into what the visitor left out, as far as the instance asks for it.
    async fn absorb(&self, ctx: &Ctx, tx: &mut WriteTx, sign_up: &mut SignUp, brought: &Brought) -> Result<()> {
        let (a, identity) = (&ctx.tenant.instance.settings.attributes, &brought.identity);
        sign_up.external_verified = true;
        if a.email_address.enabled && sign_up.email_address.is_none() {
            sign_up.email_address.clone_from(&identity.email_address);
        }
        if sign_up.email_address.is_some() && sign_up.email_address.as_deref() == brought.proved_address() {
            sign_up.email_verified = true;
        }
        let name = |text: &Option<String>| text.clone().filter(|text| text.chars().count() <= NAME_MAX);
        if a.first_name.enabled && sign_up.first_name.is_none() {
            sign_up.first_name = name(&identity.first_name);
        }
        if a.last_name.enabled && sign_up.last_name.is_none() {
            sign_up.last_name = name(&identity.last_name);
        }
        if a.username.enabled
            && sign_up.username.is_none()
            && let Some(wanted) = &identity.username
            && let Ok(lower) = username::normalize(wanted)
            && tx.users().by_username(ctx.instance(), &lower).await?.is_none()
        {
            sign_up.username = Some(wanted.clone());
        }
        Ok(())
    }

    /// The provider and what it told, for a sign-up that came by one.
    pub(crate) async fn brought_to(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        sign_up: &SignUp,
    ) -> Result<Option<(Provider, Brought)>> {
        let Some(id) = sign_up.external_verification_id.as_ref().filter(|_| sign_up.external_verified) else {
            return Ok(None);
        };
        let flow = tx.oauth_flows().get(ctx.instance(), id).await?.ok_or(Code::ClientStateInvalid)?;
        Ok(Some((flow.provider, open(ctx, &flow)?)))
    }

    /// Makes the account elsewhere the new user's.
    pub(crate) async fn adopt(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        (provider, brought): &(Provider, Brought),
        user: &UserId,
    ) -> Result<()> {
        self.add_account(ctx, tx, *provider, user, brought).await
    }

    /// Sends a sign-up on a detour.
    ///
    /// # Errors
    /// As [`Service::plan_detour`]; `verification_already_verified` once it came back from one.
    pub(crate) async fn prepare_sign_up_oauth(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        (provider, wish): (Provider, &OAuthRedirects),
    ) -> Result<Outcome<SignUpState>> {
        let detour = self.plan_detour(ctx, &visitor, provider, FlowAim::SignUp, wish).await?;
        let mut tx = self.store.write().await?;
        let (client, mut sign_up) = self.open_sign_up_attempt(ctx, &mut tx, &visitor, id).await?;
        if sign_up.external_verified || sign_up.status == SignUpStatus::Complete {
            return Err(Code::VerificationAlreadyVerified.into());
        }
        let verification = detour.store(ctx, &mut tx, &client.id, sign_up.id.as_str()).await?;
        sign_up.external_verification_id = Some(verification.id);
        sign_up.updated_at = ctx.now;
        tx.sign_ups().update(ctx.instance(), &sign_up).await?;
        tx.commit().await?;
        self.sign_up_outcome(ctx, client, &visitor, sign_up).await
    }
}
