//! Accounts elsewhere that signed-in users connect by hand, and asking for more scopes.

use super::people::claimed;
use super::{Brought, OAuthLanding, OAuthRedirects};
use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use crate::sign_ins::parse_strategy;
use crate::visitors::Visitor;
use verger_model::external_account::{ExternalAccount, FLOW_LIFETIME, FlowAim, Identity, OAuthFlow, VerificationError};
use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus, Proof};
use verger_model::user::User;
use verger_model::verification::{Verification, VerificationStatus};
use verger_model::{Code, ExternalAccountId, IdentificationId, Refusal, Strategy};
use verger_store::WriteTx;

/// What to connect.
#[derive(Clone, Debug, Default)]
pub struct ConnectAccount {
    /// `oauth_` and the provider's name.
    pub strategy: String,
    /// Where to come back to, and what to ask the provider.
    pub redirects: OAuthRedirects,
}

/// An account on its way to being connected, with the challenge that its owner answers at the provider.
#[derive(Clone, Debug)]
pub struct ConnectingAccount {
    /// The account.
    pub account: ExternalAccount,
    /// The challenge.
    pub verification: Verification,
}

impl Service {
    /// Begins to connect an account of the signed-in user.
    ///
    /// # Errors
    /// `signed_out`, `session_reverification_required`, `form_param_value_invalid` for another strategy, and as
    /// [`Service::plan_detour`].
    pub async fn connect_account(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        wish: ConnectAccount,
    ) -> Result<Outcome<ConnectingAccount>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_fresh_session(ctx, &session).await?;
        let Strategy::OAuth(provider) = parse_strategy(&wish.strategy)? else {
            return Err(Refusal::param(Code::FormParamValueInvalid, "strategy").into());
        };
        let detour = self.plan_detour(ctx, &visitor, provider, FlowAim::Connect, &wish.redirects).await?;
        let account = ExternalAccount {
            id: ExternalAccountId::generate(ctx.now, self.entropy()),
            user_id: session.user_id.clone(),
            provider,
            identity: Identity::default(),
            approved_scopes: String::new(),
            verified: false,
            error: None,
            expire_at: ctx.now + FLOW_LIFETIME,
            sealed_tokens: None,
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        let mut tx = self.store.write().await?;
        tx.users().get_for_update(ctx.instance(), &session.user_id).await?.ok_or(Code::SignedOut)?;
        // What was begun before and not finished makes room.
        for old in tx.external_accounts().of_user(ctx.instance(), &session.user_id).await? {
            if old.provider == provider && !old.verified {
                tx.external_accounts().delete(ctx.instance(), &old.id).await?;
            }
        }
        tx.external_accounts().insert(ctx.instance(), &account).await?;
        let verification = detour.store(ctx, &mut tx, &session.client_id, account.id.as_str()).await?;
        tx.commit().await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        let value = ConnectingAccount { account, verification };
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    /// Sends the signed-in user to the provider of a connected account again, for more scopes or a new grant.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found`, and as [`Service::plan_detour`].
    pub async fn reauthorize_account(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        (id, redirects): (&str, OAuthRedirects),
    ) -> Result<Outcome<ConnectingAccount>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let account = self.my_account(ctx, &session.user_id, id).await?;
        let detour = self.plan_detour(ctx, &visitor, account.provider, FlowAim::Connect, &redirects).await?;
        let mut tx = self.store.write().await?;
        let verification = detour.store(ctx, &mut tx, &session.client_id, account.id.as_str()).await?;
        tx.commit().await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        let value = ConnectingAccount { account, verification };
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    pub(super) async fn land_connection(&self, ctx: &Ctx, flow: &OAuthFlow, brought: &Brought) -> Result<OAuthLanding> {
        let id: ExternalAccountId = flow.target_id.parse().map_err(Error::internal)?;
        let mut tx = self.store.write().await?;
        let Some(known) = tx.external_accounts().get(ctx.instance(), &id).await? else {
            return Ok(OAuthLanding::at(&flow.redirect_url));
        };
        let found = tx.users().get_for_update(ctx.instance(), &known.user_id).await?;
        let mut user = found.ok_or(Code::SignInIdentificationOrUserDeleted)?;
        // Read anew under the user's lock.
        let Some(mut account) = tx.external_accounts().get(ctx.instance(), &id).await? else {
            return Ok(OAuthLanding::at(&flow.redirect_url));
        };
        if let Some(code) = self.refuse_connection(ctx, &mut tx, flow, (&account, brought)).await? {
            drop(tx);
            return self.land_failure(ctx, flow, code.into()).await;
        }
        self.renew_account(ctx, &mut account, brought)?;
        tx.external_accounts().update(ctx.instance(), &account).await.map_err(claimed)?;
        self.add_proved_address(ctx, &mut tx, &mut user, (flow, brought)).await?;
        self.mark(ctx, &mut tx, flow, VerificationStatus::Verified, None).await?;
        tx.commit().await?;
        Ok(OAuthLanding::at(&flow.complete_url))
    }

    /// Why this person's account cannot be connected to this user.
    async fn refuse_connection(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        flow: &OAuthFlow,
        (account, brought): (&ExternalAccount, &Brought),
    ) -> Result<Option<Code>> {
        let settings = &ctx.tenant.instance.settings.sessions;
        let sessions = tx.sessions().of_client(ctx.instance(), &flow.client_id).await?;
        if !sessions.iter().any(|it| it.user_id == account.user_id && it.is_live(settings, ctx.now)) {
            return Ok(Some(Code::SignedOut));
        }
        let identity = &brought.identity;
        if account.verified
            && (&account.identity.issuer, &account.identity.subject) != (&identity.issuer, &identity.subject)
        {
            return Ok(Some(Code::OAuthIdentificationClaimed));
        }
        let mut accounts = tx.external_accounts();
        let owner = accounts.of_person(ctx.instance(), flow.provider, &identity.issuer, &identity.subject).await?;
        match owner {
            Some(owner) if owner.id == account.id => return Ok(None),
            Some(owner) if owner.user_id == account.user_id => return Ok(Some(Code::OAuthAccountAlreadyConnected)),
            Some(_) => return Ok(Some(Code::OAuthIdentificationClaimed)),
            None => {}
        }
        let Some(address) = brought.proved_address() else { return Ok(None) };
        let kind = IdentificationKind::EmailAddress;
        let claimed = tx.identifications().claimed(ctx.instance(), kind, address).await?;
        let by_other = claimed.is_some_and(|it| it.user_id != account.user_id);
        Ok(by_other.then_some(Code::OAuthIdentificationClaimed))
    }

    /// The address that the provider proved is the user's from now on.
    async fn add_proved_address(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &mut User,
        (flow, brought): (&OAuthFlow, &Brought),
    ) -> Result<()> {
        let Some(address) = brought.proved_address() else { return Ok(()) };
        if !ctx.tenant.instance.settings.attributes.email_address.enabled {
            return Ok(());
        }
        let proof = Proof { strategy: Strategy::OAuth(flow.provider), attempts: None, expire_at: None };
        let all = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        let mut there = all.into_iter().filter(|it| it.kind == IdentificationKind::EmailAddress && it.value == address);
        let id = match there.next() {
            Some(known) if known.status == IdentificationStatus::Verified => return Ok(()),
            Some(mut known) => {
                known.status = IdentificationStatus::Verified;
                known.proof = Some(proof);
                known.updated_at = ctx.now;
                tx.identifications().update(ctx.instance(), &known).await.map_err(claimed)?;
                known.id
            }
            None => {
                let new = Identification {
                    id: IdentificationId::generate(ctx.now, self.entropy()),
                    user_id: user.id.clone(),
                    kind: IdentificationKind::EmailAddress,
                    value: address.to_owned(),
                    status: IdentificationStatus::Verified,
                    proof: Some(proof),
                    verification_id: None,
                    reserved_for_second_factor: false,
                    default_second_factor: false,
                    created_at: ctx.now,
                    updated_at: ctx.now,
                };
                tx.identifications().insert(ctx.instance(), &new).await.map_err(claimed)?;
                new.id
            }
        };
        user.primary_email_address_id.get_or_insert(id);
        user.updated_at = ctx.now;
        Ok(tx.users().update(ctx.instance(), user).await?)
    }

    /// Writes on an account why connecting it failed. One that is connected stays so.
    pub(super) async fn note_failed_connection(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        flow: &OAuthFlow,
        error: &VerificationError,
    ) -> Result<()> {
        let id: ExternalAccountId = flow.target_id.parse().map_err(Error::internal)?;
        let Some(mut account) = tx.external_accounts().get(ctx.instance(), &id).await? else { return Ok(()) };
        if account.verified {
            return Ok(());
        }
        account.error = Some(error.clone());
        account.updated_at = ctx.now;
        Ok(tx.external_accounts().update(ctx.instance(), &account).await?)
    }
}
