//! An application's backend: JSON and a secret key.

use crate::answer::Answer;
use crate::server::TestServer;
use axum::body::Body;
use axum::http::Request;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use serde_json::Value;

/// A holder of a secret key.
#[derive(Clone)]
pub struct Backend {
    /// Which server it talks to.
    pub server: TestServer,
    /// Its secret key.
    pub key: String,
    /// The stated API version; `None` states none.
    pub api_version: Option<&'static str>,
}

impl Backend {
    /// A backend with this key.
    pub fn new(server: TestServer, key: &str) -> Self {
        Self { server, key: key.to_owned(), api_version: Some("2026-05-12") }
    }

    /// GET
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    /// POST
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, Some(body)).await
    }

    /// PATCH
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, Some(body)).await
    }

    /// PUT
    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send("PUT", path, Some(body)).await
    }

    /// DELETE
    pub async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None).await
    }

    /// Any method.
    ///
    /// # Panics
    /// When method or path make no request.
    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(HOST, "localhost:4001");
        request = request.header(AUTHORIZATION, format!("Bearer {}", self.key));
        if let Some(version) = self.api_version {
            request = request.header("Clerk-API-Version", version);
        }
        let body = match body {
            Some(body) => {
                request = request.header(CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.server.at_backend(request.body(body).expect("a request")).await
    }
}
