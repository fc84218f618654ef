//! Accounts at other providers: the detour to them, what the way back means for a sign-in or a sign-up, and the accounts that users
//! connect by hand.

mod access_tokens;
mod accounts;
mod callback;
mod connect;
mod detour;
mod people;
mod relying;
mod sign_ins;
mod sign_ups;

pub use callback::{OAuthLanding, OAuthReturn};
pub use connect::{ConnectAccount, ConnectingAccount};
pub use detour::OAuthRedirects;
pub(crate) use relying::EndpointCache;

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::tenants::place;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use verger_model::external_account::{Identity, OAuthFlow, ProviderTokens};

/// What is kept of a detour while somebody is away.
#[derive(Serialize, Deserialize)]
struct Away {
    nonce: String,
    verifier: String,
}

/// What a detour brought. The word about the email address counts only where the provider is trusted with it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Brought {
    identity: Identity,
    tokens: ProviderTokens,
}

impl Brought {
    /// The email address that is proved by the provider's word.
    fn proved_address(&self) -> Option<&str> {
        let address = self.identity.email_address.as_deref()?;
        (self.identity.email_verified == Some(true)).then_some(address)
    }
}

/// Reads what is kept of a detour.
fn open<T: DeserializeOwned>(ctx: &Ctx, flow: &OAuthFlow) -> Result<T> {
    let at = place(ctx.instance(), "oauth_flows", "sealed", flow.verification_id.as_str());
    let sealed = std::str::from_utf8(&flow.sealed).map_err(Error::internal)?;
    let plain = ctx.tenant.data_key.open(&at, sealed).map_err(Error::internal)?;
    serde_json::from_slice(plain.expose()).map_err(Error::internal)
}
