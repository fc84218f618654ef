//! The way to a provider: where it leads, what it carries, and the row by which it is known when it comes back.

use super::Away;
use super::relying::Party;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use crate::tenants::place;
use crate::visitors::Visitor;
use url::Url;
use verger_crypto::token::{random_token, token_hash};
use verger_model::external_account::{FLOW_LIFETIME, FlowAim, OAuthFlow};
use verger_model::verification::{Verification, VerificationStatus};
use verger_model::{ClientId, Code, Provider, Refusal, Strategy, VerificationId};
use verger_outbound::oauth::Authorization;
use verger_store::WriteTx;

/// Bytes of randomness in state, nonce and verifier.
const RANDOM_BYTES: usize = 32;

/// Where people want to come back to, and what they ask of the provider.
#[derive(Clone, Debug, Default)]
pub struct OAuthRedirects {
    /// Where to come back to while something is left to do.
    pub redirect_url: Option<String>,
    /// Where to come back to when nothing is; may be relative to the other.
    pub action_complete_redirect_url: Option<String>,
    /// `prompt` for the provider.
    pub oidc_prompt: Option<String>,
    /// `login_hint` for the provider.
    pub oidc_login_hint: Option<String>,
    /// Scopes beside those of the settings.
    pub additional_scopes: Vec<String>,
}

/// A detour that is planned and not stored.
pub(crate) struct Detour {
    pub(crate) verification: Verification,
    flow: OAuthFlow,
}

impl Detour {
    /// Stores it for an attempt or account on a client.
    pub(crate) async fn store(
        mut self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        client: &ClientId,
        target: &str,
    ) -> Result<Verification> {
        self.flow.client_id = client.clone();
        self.flow.target_id = target.to_owned();
        tx.verifications().insert(ctx.instance(), &self.verification).await?;
        tx.oauth_flows().insert(ctx.instance(), &self.flow).await?;
        Ok(self.verification)
    }
}

/// Where a provider sends people back to.
pub(super) fn callback_url(ctx: &Ctx) -> String {
    format!("{}/v1/oauth_callback", ctx.tenant.addresses.frontend_api)
}

impl Service {
    /// Plans the way to a provider. Asks the provider where it is, so not within a transaction.
    ///
    /// # Errors
    /// `oauth_provider_not_enabled`, `oauth_non_authenticatable_provider`, `oauth_config_missing`, `form_param_missing` without a
    /// `redirect_url`, and what [`Service::check_redirect`] refuses.
    pub(crate) async fn plan_detour(
        &self,
        ctx: &Ctx,
        visitor: &Visitor,
        provider: Provider,
        aim: FlowAim,
        wish: &OAuthRedirects,
    ) -> Result<Detour> {
        let party = Party::of(ctx, provider)?;
        if aim != FlowAim::Connect && !party.connection.authenticatable {
            return Err(Code::OAuthNonAuthenticatableProvider.into());
        }
        let (redirect_url, complete_url) = self.ways_back(ctx, wish)?;
        let endpoints = self.endpoints(ctx, &party).await?;
        let random = || random_token(self.entropy(), RANDOM_BYTES);
        let (state, nonce, verifier) = (random(), random(), random());
        let to = Authorization {
            redirect_uri: &callback_url(ctx),
            state: state.expose(),
            nonce: nonce.expose(),
            verifier: verifier.expose(),
            more_scopes: &wish.additional_scopes,
            prompt: wish.oidc_prompt.as_deref(),
            login_hint: wish.oidc_login_hint.as_deref(),
        };
        let url = party.relying(self).authorize_url(&endpoints, &to).map_err(|_| Code::OAuthConfigMissing)?;

        let id = VerificationId::generate(ctx.now, self.entropy());
        let away = Away { nonce: nonce.expose().clone(), verifier: verifier.expose().clone() };
        let expire_at = ctx.now + FLOW_LIFETIME;
        let flow = OAuthFlow {
            verification_id: id.clone(),
            state_hash: token_hash(state.expose()),
            // Stands in until it is stored.
            client_id: ClientId::generate(ctx.now, self.entropy()),
            dev_browser: visitor.dev_browser.is_some(),
            provider,
            aim,
            target_id: String::new(),
            redirect_url: redirect_url.into(),
            complete_url: complete_url.into(),
            sealed: self.seal_flow(ctx, &id, &away)?,
            expire_at,
            created_at: ctx.now,
        };
        let verification = Verification {
            id,
            strategy: Strategy::OAuth(provider),
            status: VerificationStatus::Unverified,
            attempts: 0,
            target: None,
            identification_id: None,
            channel: None,
            code_digest: None,
            external_redirect_url: Some(url),
            error: None,
            nonce: None,
            verified_at_client: None,
            expire_at: Some(expire_at),
            created_at: ctx.now,
        };
        Ok(Detour { verification, flow })
    }

    /// Seals what is kept of a detour.
    pub(super) fn seal_flow(&self, ctx: &Ctx, id: &VerificationId, it: &impl serde::Serialize) -> Result<Vec<u8>> {
        let plain = serde_json::to_vec(it).map_err(Error::internal)?;
        let at = place(ctx.instance(), "oauth_flows", "sealed", id.as_str());
        Ok(ctx.tenant.data_key.seal(&at, &plain, self.entropy()).into_bytes())
    }

    fn ways_back(&self, ctx: &Ctx, wish: &OAuthRedirects) -> Result<(Url, Url)> {
        let given = wish.redirect_url.as_deref().filter(|url| !url.is_empty());
        let redirect = given.ok_or_else(|| Refusal::param(Code::FormParamMissing, "redirect_url"))?;
        let redirect = self.check_redirect(ctx, redirect)?;
        let complete = match wish.action_complete_redirect_url.as_deref().filter(|url| !url.is_empty()) {
            Some(url) => {
                let whole = redirect.join(url).map_err(|_| Code::InvalidRedirectUrl)?;
                self.check_redirect(ctx, whole.as_str())?
            }
            None => redirect.clone(),
        };
        Ok((redirect, complete))
    }
}
