//! Who a person at a provider is here. Known by the provider's own id alone; an email address leads to an account only by the rules
//! of linking.

use super::Brought;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use crate::tenants::place;
use verger_model::external_account::{ExternalAccount, FLOW_LIFETIME, OAuthFlow, VerificationError};
use verger_model::identification::{IdentificationKind, IdentificationStatus};
use verger_model::verification::{Verification, VerificationStatus};
use verger_model::{Code, ExternalAccountId, Provider, UserId};
use verger_store::{StoreError, WriteTx};

/// Who somebody is here.
pub(super) enum Known {
    /// The owner of this account.
    Owner(Box<ExternalAccount>),
    /// Nobody yet, but this user proved the address that the provider proved too: the same person.
    SameAddress(UserId),
    /// Nobody yet, and this user has the address that the provider names; one of the two did not prove it.
    UnprovedAddress(UserId),
    /// Nobody.
    Nobody,
}

impl Service {
    pub(super) async fn known(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        provider: Provider,
        brought: &Brought,
    ) -> Result<Known> {
        let identity = &brought.identity;
        let mut accounts = tx.external_accounts();
        let found = accounts.of_person(ctx.instance(), provider, &identity.issuer, &identity.subject).await?;
        if let Some(account) = found {
            return Ok(Known::Owner(Box::new(account)));
        }
        let Some(address) = identity.email_address.as_deref() else { return Ok(Known::Nobody) };
        let kind = IdentificationKind::EmailAddress;
        let Some(claimed) = tx.identifications().claimed(ctx.instance(), kind, address).await? else {
            return Ok(Known::Nobody);
        };
        let proved_here = claimed.status == IdentificationStatus::Verified;
        Ok(if proved_here && brought.proved_address().is_some() {
            Known::SameAddress(claimed.user_id)
        } else {
            Known::UnprovedAddress(claimed.user_id)
        })
    }

    /// Makes the person's account the user's.
    pub(super) async fn add_account(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        provider: Provider,
        user: &UserId,
        brought: &Brought,
    ) -> Result<()> {
        let mut account = ExternalAccount {
            id: ExternalAccountId::generate(ctx.now, self.entropy()),
            user_id: user.clone(),
            provider,
            identity: brought.identity.clone(),
            approved_scopes: String::new(),
            verified: true,
            error: None,
            expire_at: ctx.now + FLOW_LIFETIME,
            sealed_tokens: None,
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        self.renew_account(ctx, &mut account, brought)?;
        tx.external_accounts().insert(ctx.instance(), &account).await.map_err(claimed)
    }

    /// Writes what the provider told last into an account.
    pub(super) fn renew_account(&self, ctx: &Ctx, account: &mut ExternalAccount, brought: &Brought) -> Result<()> {
        account.identity = brought.identity.clone();
        account.verified = true;
        account.error = None;
        if !brought.tokens.scope.is_empty() {
            account.approved_scopes.clone_from(&brought.tokens.scope);
        }
        account.updated_at = ctx.now;
        let plain = serde_json::to_vec(&brought.tokens).map_err(Error::internal)?;
        let at = place(ctx.instance(), "external_accounts", "sealed_tokens", account.id.as_str());
        account.sealed_tokens = Some(ctx.tenant.data_key.seal(&at, &plain, self.entropy()).into_bytes());
        Ok(())
    }

    /// Closes the challenge of a detour, and keeps what it brought for the step after.
    pub(super) async fn close_detour(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        flow: &OAuthFlow,
        brought: &Brought,
        (status, error): (VerificationStatus, Option<VerificationError>),
    ) -> Result<()> {
        let sealed = self.seal_flow(ctx, &flow.verification_id, brought)?;
        tx.oauth_flows().keep(ctx.instance(), &flow.verification_id, &sealed).await?;
        self.mark(ctx, tx, flow, status, error).await
    }

    /// Writes how a detour ended.
    pub(super) async fn mark(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        flow: &OAuthFlow,
        status: VerificationStatus,
        error: Option<VerificationError>,
    ) -> Result<()> {
        let found = tx.verifications().get_for_update(ctx.instance(), &flow.verification_id).await?;
        let Some(verification) = found else { return Ok(()) };
        let verification = Verification { status, error, external_redirect_url: None, ..verification };
        Ok(tx.verifications().update(ctx.instance(), &verification).await?)
    }
}

/// Somebody else was faster between the check and the write.
#[track_caller]
pub(super) fn claimed(err: StoreError) -> Error {
    match err {
        StoreError::Conflict { .. } => Code::IdentificationClaimed.into(),
        other => other.into(),
    }
}
