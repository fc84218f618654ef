//! An application's backend: JSON and a secret key, at the Backend API of one process.

use crate::connection::Connection;
use crate::message::{Answer, Request};
use crate::server::Door;
use anyhow::Result;
use serde_json::Value;

/// A holder of a secret key.
#[derive(Clone, Debug)]
pub struct Backend {
    /// Which door it knocks at.
    pub door: Door,
    /// Its secret key.
    pub key: String,
}

impl Backend {
    /// A request with the key.
    pub fn request(&self, method: &str, path: &str) -> Request {
        Request::new(method, path, &self.door.host).header("authorization", &format!("Bearer {}", self.key))
    }

    /// GET
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(&self.request("GET", path)).await
    }

    /// POST
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(&self.request("POST", path).body("application/json", body.to_string())).await
    }

    async fn send(&self, request: &Request) -> Result<Answer> {
        let mut connection = Connection::open(self.door.port).await?;
        Ok(self.door.exchange(&mut connection, request).await?)
    }
}
