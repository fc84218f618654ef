//! An answer of a door, read whole.

use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, HeaderName};
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::Value;

/// An answer as a test looks at it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    /// Reads a response to its end.
    ///
    /// # Panics
    /// When the body breaks off.
    pub async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("bodies of routers in memory do not break off").to_bytes().to_vec();
        Self { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    /// A header's text; empty if it is not there.
    pub fn header(&self, name: impl TryInto<HeaderName>) -> &str {
        let value = name.try_into().ok().and_then(|name| self.headers.get(name));
        value.and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.header(LOCATION)
    }

    /// The content type, if there is one.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
    }

    /// The lines of `Set-Cookie`.
    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().filter_map(|line| line.to_str().ok()).collect()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|err| panic!("no JSON ({err}): {}", String::from_utf8_lossy(&self.body)))
    }

    /// A place in the body by its JSON pointer; `null` if it is not there.
    pub fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_default()
    }

    /// A text in the body by its JSON pointer; empty if it is not there.
    pub fn text(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_default().to_owned()
    }

    /// The code of the first error; empty for an answer without one.
    pub fn code(&self) -> String {
        if self.status < 400 { String::new() } else { self.text("/errors/0/code") }
    }

    /// Status and code together, which is how refusals are told apart.
    pub fn refusal(&self) -> (u16, String) {
        (self.status, self.code())
    }

    /// The answer, if it went well.
    ///
    /// # Panics
    /// When the status is not 200.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, 200, "{}", String::from_utf8_lossy(&self.body));
        self
    }
}
