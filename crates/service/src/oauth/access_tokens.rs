//! What providers gave to act in a user's name, for the application's backend alone. An access token that is over is renewed on
//! the way.

use super::relying::Party;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use crate::tenants::place;
use verger_model::external_account::{ExternalAccount, ProviderTokens};
use verger_model::{Code, Provider, UserId};

impl Service {
    /// The accounts of a user at a provider (`google` or `oauth_google`), with their tokens. Accounts whose tokens were forgotten
    /// are left out.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown user, `oauth_token_provider_not_enabled`, `oauth_missing_refresh_token` for an access
    /// token that is over and cannot be renewed.
    pub async fn oauth_access_tokens(
        &self,
        ctx: &Ctx,
        user: &str,
        provider: &str,
    ) -> Result<Vec<(ExternalAccount, ProviderTokens)>> {
        let user: UserId = user.parse().map_err(|_| Code::ResourceNotFound)?;
        let name = provider.strip_prefix("oauth_").unwrap_or(provider);
        let provider = Provider::named(name).map_err(|_| Code::OAuthTokenProviderNotEnabled)?;
        let mut reader = self.store.read().await?;
        let profile = reader.users().profile(ctx.instance(), &user).await?.ok_or(Code::ResourceNotFound)?;
        drop(reader);
        let party = Party::of(ctx, provider).map_err(|_| Code::OAuthTokenProviderNotEnabled)?;
        let mut found = Vec::new();
        for account in profile.external_accounts.into_iter().filter(|it| it.verified && it.provider == provider) {
            let Some(tokens) = open(ctx, &account)? else { continue };
            let is_over = tokens.expires_at.is_some_and(|end| end <= ctx.now.secs());
            let tokens = if is_over { self.renew_tokens(ctx, &party, &account, &tokens).await? } else { tokens };
            found.push((account, tokens));
        }
        Ok(found)
    }

    async fn renew_tokens(
        &self,
        ctx: &Ctx,
        party: &Party,
        account: &ExternalAccount,
        old: &ProviderTokens,
    ) -> Result<ProviderTokens> {
        let refresh_token = old.refresh_token.as_deref().ok_or(Code::OAuthMissingRefreshToken)?;
        let endpoints = self.endpoints(ctx, party).await?;
        let renewed = party.relying(self).refresh(&endpoints, refresh_token, ctx.now.secs()).await;
        let mut tokens = renewed.map_err(|err| {
            tracing::warn!(provider = ?party.provider, error = %err, "an access token could not be renewed");
            Code::OAuthTokenExchangeError
        })?;
        if tokens.scope.is_empty() {
            tokens.scope.clone_from(&old.scope);
        }
        tokens.id_token = tokens.id_token.or_else(|| old.id_token.clone());
        let mut tx = self.store.write().await?;
        if let Some(mut current) = tx.external_accounts().get(ctx.instance(), &account.id).await? {
            let plain = serde_json::to_vec(&tokens).map_err(Error::internal)?;
            let at = place(ctx.instance(), "external_accounts", "sealed_tokens", account.id.as_str());
            current.sealed_tokens = Some(ctx.tenant.data_key.seal(&at, &plain, self.entropy()).into_bytes());
            tx.external_accounts().update(ctx.instance(), &current).await?;
        }
        tx.commit().await?;
        Ok(tokens)
    }
}

fn open(ctx: &Ctx, account: &ExternalAccount) -> Result<Option<ProviderTokens>> {
    let Some(sealed) = &account.sealed_tokens else { return Ok(None) };
    let at = place(ctx.instance(), "external_accounts", "sealed_tokens", account.id.as_str());
    let text = std::str::from_utf8(sealed).map_err(Error::internal)?;
    let plain = ctx.tenant.data_key.open(&at, text).map_err(Error::internal)?;
    serde_json::from_slice(plain.expose()).map(Some).map_err(Error::internal)
}
