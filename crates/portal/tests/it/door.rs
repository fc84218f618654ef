//! The portal's door over a server under test.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tower::ServiceExt;
use verger_portal::InboxAccess;
use verger_testkit::TestServer;

/// Where development instances answer.
pub(crate) const HOST: &str = "localhost:4000";

pub(crate) struct Portal(Router);

/// An answer, read to its end.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Portal {
    pub(crate) fn of(server: &TestServer, inbox: InboxAccess) -> Self {
        Self(verger_portal::router(server.state.clone(), inbox))
    }

    pub(crate) async fn get(&self, path: &str) -> Page {
        self.get_at(HOST, path).await
    }

    pub(crate) async fn get_at(&self, host: &str, path: &str) -> Page {
        self.ask(Request::get(path).header("host", host).body(Body::empty()).expect("a request")).await
    }

    /// Posts a form.
    pub(crate) async fn post(&self, path: &str, form: &str) -> Page {
        let request = Request::post(path).header("host", HOST);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(form.to_owned())).expect("a request")).await
    }

    async fn ask(&self, request: Request<Body>) -> Page {
        let response = self.0.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1 << 24).await.expect("a body");
        Page { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a header of text"))
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// The nonce of this answer's policy.
    pub(crate) fn nonce(&self) -> &str {
        let policy = self.header("content-security-policy");
        policy
            .split_once("'nonce-")
            .and_then(|(_, rest)| rest.split_once('\''))
            .map(|(nonce, _)| nonce)
            .expect("a nonce")
    }

    /// The headers of a page, without what differs between any two answers.
    pub(crate) fn fixed_headers(&self) -> String {
        let mut lines: Vec<String> = self
            .headers
            .iter()
            .filter(|(name, _)| !["x-clerk-trace-id", "content-length"].contains(&name.as_str()))
            .map(|(name, value)| {
                format!("{name}: {}", value.to_str().expect("a header of text").replace(self.nonce(), "NONCE"))
            })
            .collect();
        lines.sort();
        lines.join("\n")
    }
}
