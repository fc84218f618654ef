//! The headers of pages: which scripts run, where a page may connect, who may frame it (nobody).

use askama::Template;
use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use verger_http::{Failure, Reply};
use verger_model::Entropy;
use verger_model::address::{Addresses, origin_of};
use verger_service::Error;

const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// Marks the scripts of one response; a browser runs no others.
pub(crate) struct Nonce(String);

impl Nonce {
    pub(crate) fn new(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        Self(STANDARD.encode(bytes))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The policy of pages that run Clerk's components: these start a worker from a blob, inject style elements, load their chunks
/// lazily and talk to the Frontend API, which may live on another host than the page.
pub(crate) fn component_policy(nonce: &Nonce, addresses: &Addresses) -> String {
    let api = origin_of(&addresses.frontend_api).unwrap_or_default();
    let nonce = nonce.as_str();
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'self'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data: blob: {api}; connect-src 'self' {api}; worker-src 'self' blob:; font-src 'self' data:; \
         form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )
}

/// The policy of pages of our own: one script, no other host.
pub(crate) fn plain_policy(nonce: &Nonce) -> String {
    let nonce = nonce.as_str();
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; \
         form-action 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    )
}

/// The policy of pages with a form and without scripts.
pub(crate) fn form_policy() -> String {
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        .to_owned()
}

/// Renders a page under a policy.
pub(crate) fn page<T: Template>(template: &T, policy: &str, addresses: &Addresses) -> Reply {
    let html = template.render().map_err(|err| Failure::from(Error::internal(err)))?;
    let policy = HeaderValue::from_str(policy).map_err(|err| Failure::from(Error::internal(err)))?;
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    // Addresses of these pages may carry tokens of development browsers.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin-allow-popups"));
    headers
        .insert(PERMISSIONS_POLICY, HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=()"));
    if addresses.secure {
        let lasting = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, lasting);
    }
    Ok(response)
}
