//! What a handler is given beside its own parameters: the circumstances of the request as the door found them.

use crate::failure::Failure;
use crate::query;
use crate::state::AppState;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use verger_model::Code;
use verger_service::{Ctx, Error, Presented, Visitor};

/// One request at a door.
#[derive(Clone)]
pub struct Call {
    /// Tenant, time, API version, and what the caller told about itself.
    pub ctx: Ctx,
    /// Who the caller claims to be. Empty at the Backend API.
    pub presented: Presented,
    /// The session in whose name a request about the signed-in user is made.
    pub acting_session: Option<String>,
    /// Whether a native app calls: its client token travels in `Authorization`, both ways, and it keeps no cookies.
    pub is_native: bool,
    query: String,
}

impl Call {
    pub(crate) fn new(ctx: Ctx, presented: Presented, acting_session: Option<String>) -> Self {
        Self { ctx, presented, acting_session, is_native: false, query: String::new() }
    }

    /// Who the caller is, as far as what it presented proves it.
    ///
    /// # Errors
    /// `dev_browser_unauthenticated` for an unknown development browser.
    pub async fn visitor(&self, state: &AppState) -> Result<Visitor, Failure> {
        Ok(state.service().visitor(&self.ctx, &self.presented, self.acting_session.as_deref()).await?)
    }

    /// The same for a request about one session of the caller, which is read along.
    ///
    /// # Errors
    /// As [`Call::visitor`]. A session that is not the caller's is no error here.
    pub async fn visitor_with(&self, state: &AppState, session: &str) -> Result<Visitor, Failure> {
        Ok(state.service().visitor(&self.ctx, &self.presented, Some(session)).await?)
    }

    /// The first value of a query parameter; given but empty is `Some("")`.
    pub fn param(&self, name: &str) -> Option<String> {
        query::first(&self.query, name).map(std::borrow::Cow::into_owned)
    }

    /// The whole query, still encoded.
    pub fn query(&self) -> &str {
        &self.query
    }
}

impl<S: Sync> FromRequestParts<S> for Call {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let found = parts.extensions.remove::<Self>();
        let call = found.ok_or_else(|| Error::internal("a route outside of a door"))?;
        Ok(Self { query: parts.uri.query().unwrap_or_default().to_owned(), ..call })
    }
}

/// The parameters in the path. One that is no text names nothing that exists.
pub struct Segments<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Segments<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(segments)| Self(segments)).map_err(|_| Code::ResourceNotFound.into())
    }
}
