//! Verger as a client of other providers: where to send people, and what the code they bring back is worth. Says who somebody is at
//! the provider; what that means here is the service's business.

mod endpoints;
mod exchange;
mod id_token;
mod profile;

pub use endpoints::Endpoints;
pub use exchange::{Authorization, Exchange, Person};

use crate::http::{HttpClient, HttpError, HttpReply, HttpRequest, Reach};
use serde_json::Value;
use verger_model::settings::Connection;
use verger_model::{Provider, Secret};

/// Why a provider did not say who somebody is.
#[derive(Debug, thiserror::Error)]
pub enum OAuthError {
    /// What the settings and the provider's own description say does not make a provider.
    #[error("the provider is not set up: {0}")]
    Config(String),
    /// The code, or the ID token that came for it, is not good.
    #[error("the exchange failed: {0}")]
    Exchange(String),
    /// The profile could not be read.
    #[error("the profile could not be read: {0}")]
    Profile(String),
}

/// A provider as an instance uses it.
#[derive(Clone, Copy)]
pub struct RelyingParty<'a> {
    /// Which.
    pub provider: Provider,
    /// What the settings say.
    pub connection: &'a Connection,
    /// The secret that goes with the client id.
    pub client_secret: Option<&'a Secret<String>>,
    /// By which requests go out.
    pub http: &'a HttpClient,
    /// How far they may go.
    pub reach: Reach,
}

impl RelyingParty<'_> {
    async fn get(&self, url: &str, bearer: Option<&Secret<String>>) -> Result<Value, HttpError> {
        let authorization = bearer.map(|token| Secret::new(format!("Bearer {}", token.expose())));
        let request = HttpRequest { url: url.to_owned(), body: None, authorization };
        read(&self.http.send(&request, self.reach).await?)
    }
}

/// The JSON of a good answer.
fn read(reply: &HttpReply) -> Result<Value, HttpError> {
    if reply.status != 200 {
        return Err(HttpError::Exchange(format!("status {}", reply.status)));
    }
    serde_json::from_slice(&reply.body).map_err(|err| HttpError::Exchange(err.to_string()))
}
