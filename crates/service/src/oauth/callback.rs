//! The way back from a provider: once, in the browser where it began.

use super::relying::Party;
use super::{Away, Brought, open};
use crate::clients::{ClientState, CookieChange};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_crypto::token::token_hash;
use verger_model::Code;
use verger_model::external_account::{FlowAim, OAuthFlow, VerificationError};
use verger_model::verification::VerificationStatus;
use verger_outbound::oauth::{Endpoints, Exchange, OAuthError};

/// What a provider sends people back with.
#[derive(Clone, Debug, Default)]
pub struct OAuthReturn {
    /// Names the detour.
    pub state: Option<String>,
    /// What identity and tokens are given for.
    pub code: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
    /// Who sends them back (RFC 9207).
    pub issuer: Option<String>,
    /// Apple's `user`.
    pub user: Option<String>,
}

/// Where somebody goes next.
#[derive(Clone, Debug)]
pub struct OAuthLanding {
    /// The address.
    pub location: String,
    /// What becomes of the cookie.
    pub cookie: CookieChange,
    /// The client afterwards, if it changed.
    pub state: Option<ClientState>,
}

impl OAuthLanding {
    pub(super) fn at(location: &str) -> Self {
        Self { location: location.to_owned(), cookie: CookieChange::Keep, state: None }
    }
}

impl Service {
    /// Takes somebody back from a provider.
    ///
    /// # Errors
    /// `oauth_callback_invalid` for a way back that did not begin in this browser, was gone before, is over, or comes from another
    /// issuer. Everything else is written on the attempt, and people go on to the application.
    pub async fn oauth_callback(&self, ctx: &Ctx, visitor: &Visitor, back: OAuthReturn) -> Result<OAuthLanding> {
        let state = back.state.as_deref().ok_or(Code::OAuthCallbackInvalid)?;
        let hash = token_hash(state);
        let found = self.store.read().await?.oauth_flows().under_way(ctx.instance(), &hash, ctx.now).await?;
        let flow = found.filter(|flow| began_here(visitor, flow)).ok_or(Code::OAuthCallbackInvalid)?;
        let mut tx = self.store.write().await?;
        if !tx.oauth_flows().take_return(ctx.instance(), &hash, ctx.now).await? {
            return Err(Code::OAuthCallbackInvalid.into());
        }
        tx.commit().await?;
        match self.brought(ctx, &flow, &back).await? {
            Ok(brought) => match flow.aim {
                FlowAim::SignIn => self.land_sign_in(ctx, visitor, &flow, &brought).await,
                FlowAim::SignUp => self.land_sign_up(ctx, visitor, &flow, &brought).await,
                FlowAim::Connect => self.land_connection(ctx, &flow, &brought).await,
            },
            Err(code) => self.land_failure(ctx, &flow, code.into()).await,
        }
    }

    /// Who comes back. The inner error is written on the attempt.
    async fn brought(
        &self,
        ctx: &Ctx,
        flow: &OAuthFlow,
        back: &OAuthReturn,
    ) -> Result<std::result::Result<Brought, Code>> {
        let Ok(party) = Party::of(ctx, flow.provider) else { return Ok(Err(Code::OAuthProviderNotEnabled)) };
        let Ok(endpoints) = self.endpoints(ctx, &party).await else { return Ok(Err(Code::OAuthConfigMissing)) };
        check_issuer(&endpoints, back.issuer.as_deref())?;
        if back.error.is_some() {
            return Ok(Err(Code::OAuthAccessDenied));
        }
        let code = back.code.as_deref().filter(|code| !code.is_empty()).ok_or(Code::OAuthCallbackInvalid)?;
        let away: Away = open(ctx, flow)?;
        let exchange = Exchange {
            code,
            redirect_uri: &super::detour::callback_url(ctx),
            nonce: &away.nonce,
            verifier: &away.verifier,
            user: back.user.as_deref(),
            now_secs: ctx.now.secs(),
        };
        let person = match party.relying(self).person(&endpoints, &exchange).await {
            Ok(person) => person,
            Err(err) => {
                tracing::warn!(provider = ?flow.provider, error = %err, "a provider did not say who somebody is");
                return Ok(Err(match err {
                    OAuthError::Config(_) => Code::OAuthConfigMissing,
                    OAuthError::Exchange(_) => Code::OAuthTokenExchangeError,
                    OAuthError::Profile(_) => Code::OAuthFetchUserError,
                }));
            }
        };
        let mut brought = Brought { identity: person.identity, tokens: person.tokens };
        if !party.connection.is_trusted_for_email(flow.provider) {
            brought.identity.email_verified = None;
        }
        let address = brought.identity.email_address.as_deref().unwrap_or_default();
        let is_subaddress = address.split('@').next().is_some_and(|local| local.contains('+'));
        if party.connection.block_email_subaddresses && is_subaddress {
            return Ok(Err(Code::NotAllowedAccess));
        }
        Ok(Ok(brought))
    }

    /// Writes why it failed, and sends people on to read it.
    pub(super) async fn land_failure(
        &self,
        ctx: &Ctx,
        flow: &OAuthFlow,
        error: VerificationError,
    ) -> Result<OAuthLanding> {
        let mut tx = self.store.write().await?;
        if flow.aim == FlowAim::Connect {
            self.note_failed_connection(ctx, &mut tx, flow, &error).await?;
        }
        self.mark(ctx, &mut tx, flow, VerificationStatus::Failed, Some(error)).await?;
        tx.commit().await?;
        Ok(OAuthLanding::at(&flow.redirect_url))
    }
}

/// Whether this is the browser where the detour began. On a development instance a page of another site keeps no cookie: there a
/// detour that began in a development browser may come back without any client, but never with another one.
fn began_here(visitor: &Visitor, flow: &OAuthFlow) -> bool {
    match &visitor.client {
        Some(client) => client.id == flow.client_id,
        None => flow.dev_browser,
    }
}

/// One provider must not pass off its answer as another's (RFC 9207).
fn check_issuer(endpoints: &Endpoints, said: Option<&str>) -> Result<()> {
    let expected = endpoints.issuer.as_deref().filter(|issuer| !issuer.contains('{'));
    let fits = match (said, expected) {
        (Some(said), Some(expected)) => said == expected,
        (None, _) => !endpoints.says_issuer,
        (Some(_), None) => true,
    };
    if fits { Ok(()) } else { Err(Code::OAuthCallbackInvalid.into()) }
}
