//! What the way back means for a sign-in.

use super::people::Known;
use super::{Brought, OAuthLanding, open};
use crate::clients::{CookieChange, Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::second_factors::asked_of;
use crate::service::Service;
use crate::sign_ins::Progress;
use crate::visitors::Visitor;
use verger_model::client::Client;
use verger_model::external_account::{OAuthFlow, VerificationError};
use verger_model::sign_in::{SignIn, SignInStatus};
use verger_model::user::User;
use verger_model::verification::VerificationStatus;
use verger_model::{Code, SignInId, Strategy, UserId};
use verger_store::WriteTx;

/// A detour with what it brought.
#[derive(Clone, Copy)]
pub(super) struct Back<'a> {
    pub(super) flow: &'a OAuthFlow,
    pub(super) brought: &'a Brought,
}

impl Service {
    pub(super) async fn land_sign_in(
        &self,
        ctx: &Ctx,
        visitor: &Visitor,
        flow: &OAuthFlow,
        brought: &Brought,
    ) -> Result<OAuthLanding> {
        let id: SignInId = flow.target_id.parse().map_err(Error::internal)?;
        let mut tx = self.store.write().await?;
        let client = tx.clients().get_for_update(ctx.instance(), &flow.client_id).await?;
        let sign_in = tx.sign_ins().get_for_update(ctx.instance(), &id).await?;
        let (Some(client), Some(sign_in)) = (client, sign_in) else { return Ok(OAuthLanding::at(&flow.redirect_url)) };
        let waits = matches!(sign_in.status, SignInStatus::NeedsIdentifier | SignInStatus::NeedsFirstFactor)
            && client.sign_in_id.as_ref() == Some(&sign_in.id)
            && sign_in.first_factor_verification_id.as_ref() == Some(&flow.verification_id)
            && !sign_in.is_abandoned(ctx.now);
        if !waits {
            return Ok(OAuthLanding::at(&flow.redirect_url));
        }
        let progress = self.settle_person(ctx, &mut tx, client, sign_in, Back { flow, brought }).await?;
        tx.commit().await?;
        let outcome = self.progressed(ctx, visitor, progress).await?;
        let done = outcome.value.sign_in.status == SignInStatus::Complete;
        let location = if done { &flow.complete_url } else { &flow.redirect_url };
        Ok(OAuthLanding { location: location.clone(), cookie: outcome.cookie, state: outcome.state })
    }

    /// Signs in with what a sign-up found to belong to somebody already.
    ///
    /// # Errors
    /// `account_transfer_invalid` when there is nothing to take over.
    pub(crate) async fn transfer_to_sign_in(&self, ctx: &Ctx, visitor: Visitor) -> Result<Outcome<SignInState>> {
        let known = visitor.client.as_ref().ok_or(Code::AccountTransferInvalid)?;
        let mut tx = self.store.write().await?;
        let found = tx.clients().get_for_update(ctx.instance(), &known.id).await?;
        let mut client = found.ok_or(Code::AccountTransferInvalid)?;
        let sign_up = match &client.sign_up_id {
            Some(id) => tx.sign_ups().get_for_update(ctx.instance(), id).await?,
            None => None,
        };
        let asked = sign_up.and_then(|it| it.external_verification_id).ok_or(Code::AccountTransferInvalid)?;
        if !tx.verifications().take_transfer(ctx.instance(), &asked).await? {
            return Err(Code::AccountTransferInvalid.into());
        }
        let flow = tx.oauth_flows().get(ctx.instance(), &asked).await?.ok_or(Code::AccountTransferInvalid)?;
        let brought: Brought = open(ctx, &flow)?;
        let mut sign_in = SignIn::new(SignInId::generate(ctx.now, self.entropy()), client.id.clone(), ctx.now);
        sign_in.first_factor_verification_id = Some(asked);
        tx.sign_ins().insert(ctx.instance(), &sign_in).await?;
        client.sign_in_id = Some(sign_in.id.clone());
        client.sign_up_id = None;
        tx.clients().update(ctx.instance(), &client).await?;
        client.version += 1;
        let progress =
            self.settle_person(ctx, &mut tx, client, sign_in, Back { flow: &flow, brought: &brought }).await?;
        tx.commit().await?;
        self.progressed(ctx, &visitor, progress).await
    }

    /// Decides who comes back, and how far that brings the attempt.
    async fn settle_person(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        client: Client,
        sign_in: SignIn,
        back: Back<'_>,
    ) -> Result<Progress> {
        let known = self.known(ctx, tx, back.flow.provider, back.brought).await?;
        let user_id = match &known {
            Known::Owner(account) => account.user_id.clone(),
            Known::SameAddress(id) | Known::UnprovedAddress(id) => id.clone(),
            Known::Nobody => {
                let end = (VerificationStatus::Transferable, Some(Code::ExternalAccountNotFound.into()));
                self.close_detour(ctx, tx, back.flow, back.brought, end).await?;
                return Ok(Progress::Waiting(client, sign_in));
            }
        };
        let found = tx.users().get_for_update(ctx.instance(), &user_id).await?;
        let mut user = found.ok_or(Code::SignInIdentificationOrUserDeleted)?;
        if let Some(error) = self.stands_in_the_way(ctx, tx, &client, &user).await? {
            self.mark(ctx, tx, back.flow, VerificationStatus::Failed, Some(error)).await?;
            return Ok(Progress::Waiting(client, sign_in));
        }
        self.close_detour(ctx, tx, back.flow, back.brought, (VerificationStatus::Verified, None)).await?;
        match known {
            Known::Owner(mut account) => {
                self.renew_account(ctx, &mut account, back.brought)?;
                tx.external_accounts().update(ctx.instance(), &account).await?;
            }
            Known::SameAddress(_) => self.add_account(ctx, tx, back.flow.provider, &user.id, back.brought).await?,
            Known::UnprovedAddress(_) | Known::Nobody => {
                return self.ask_for_address(ctx, tx, client, sign_in, (&user.id, back)).await;
            }
        }
        let profile = tx.users().profile(ctx.instance(), &user.id).await?;
        let identifier = profile.ok_or(Code::SignInIdentificationOrUserDeleted)?.identifier().to_owned();
        let strategy = Strategy::OAuth(back.flow.provider);
        let sign_in = sign_in.identified(identifier, user.id.clone());
        let sign_in = sign_in.first_factor_verified(strategy, asked_of(ctx, &user), ctx.now)?;
        self.advance(ctx, tx, client, sign_in, &mut user, strategy).await
    }

    /// The address must be proved here first; then the account is connected.
    async fn ask_for_address(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        client: Client,
        sign_in: SignIn,
        (user, back): (&UserId, Back<'_>),
    ) -> Result<Progress> {
        let address = back.brought.identity.email_address.clone().ok_or(Code::ClientStateInvalid)?;
        let mut sign_in = sign_in.identified(address, user.clone());
        sign_in.first_factor_verification_id = None;
        sign_in.link_verification_id = Some(back.flow.verification_id.clone());
        sign_in.updated_at = ctx.now;
        tx.sign_ins().update(ctx.instance(), &sign_in).await?;
        Ok(Progress::Waiting(client, sign_in))
    }

    /// Connects the account that waited for this proof of its address.
    pub(crate) async fn link_after_proof(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        sign_in: &SignIn,
        user: &User,
        proved: Option<&str>,
    ) -> Result<()> {
        let Some(id) = &sign_in.link_verification_id else { return Ok(()) };
        let Some(flow) = tx.oauth_flows().get(ctx.instance(), id).await? else { return Ok(()) };
        let brought: Brought = open(ctx, &flow)?;
        if proved.is_none() || brought.identity.email_address.as_deref() != proved {
            return Ok(());
        }
        let identity = &brought.identity;
        let mut accounts = tx.external_accounts();
        let taken = accounts.of_person(ctx.instance(), flow.provider, &identity.issuer, &identity.subject).await?;
        match taken {
            Some(_) => Ok(()),
            None => self.add_account(ctx, tx, flow.provider, &user.id, &brought).await,
        }
    }

    /// Why this user cannot sign in on this client now.
    async fn stands_in_the_way(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        client: &Client,
        user: &User,
    ) -> Result<Option<VerificationError>> {
        match self.expect_may_sign_in(ctx, user) {
            Ok(()) => {}
            Err(Error::Refused(refusal)) => return Ok(Some(refusal.code().into())),
            Err(fault) => return Err(fault),
        }
        let settings = &ctx.tenant.instance.settings.sessions;
        let sessions = tx.sessions().of_client(ctx.instance(), &client.id).await?;
        let here = sessions.into_iter().find(|it| it.user_id == user.id && it.is_live(settings, ctx.now));
        Ok(here.map(|it| VerificationError { code: Code::IdentifierAlreadySignedIn, session_id: Some(it.id) }))
    }

    /// Sends a sign-in on a detour.
    ///
    /// # Errors
    /// As [`Service::plan_detour`]; `client_state_invalid` when the attempt is past its first factor.
    pub(crate) async fn prepare_oauth(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        (provider, wish): (verger_model::Provider, &super::OAuthRedirects),
    ) -> Result<Outcome<SignInState>> {
        let aim = verger_model::external_account::FlowAim::SignIn;
        let detour = self.plan_detour(ctx, &visitor, provider, aim, wish).await?;
        let mut tx = self.store.write().await?;
        let (client, mut sign_in) = self.open_attempt(ctx, &mut tx, &visitor, id).await?;
        if sign_in.status != SignInStatus::NeedsIdentifier {
            sign_in.expect_first_factor()?;
        }
        let verification = detour.store(ctx, &mut tx, &client.id, sign_in.id.as_str()).await?;
        sign_in.first_factor_verification_id = Some(verification.id);
        sign_in.updated_at = ctx.now;
        tx.sign_ins().update(ctx.instance(), &sign_in).await?;
        tx.commit().await?;
        let outcome = self.sign_in_outcome(ctx, client, &visitor, sign_in).await?;
        Ok(Outcome { cookie: CookieChange::Keep, ..outcome })
    }
}
