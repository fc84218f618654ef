//! The server under load and the people on it.

use anyhow::{Context, Result};
use serde_json::json;
use tempfile::TempDir;
use verger_torture::{Backend, Door, PASSWORD, Server, Visitor};

/// Connections of the cheap requests, and people with a session.
pub(crate) const CONNECTIONS: usize = 64;

/// A release server on a data directory of its own, with people signed in.
pub(crate) struct World {
    /// The process.
    pub(crate) server: Server,
    /// Where its data lies.
    pub(crate) data: TempDir,
    /// The Frontend API.
    pub(crate) frontend: Door,
    /// The Backend API and its key.
    pub(crate) backend: Backend,
    /// Everybody.
    pub(crate) people: Vec<Person>,
    /// One user as the Backend API shows it.
    pub(crate) user_json: String,
}

/// Somebody who is signed in.
pub(crate) struct Person {
    /// The user's id.
    pub(crate) id: String,
    /// The request that refreshes the session's token.
    pub(crate) refresh: Vec<u8>,
    /// The request that signs in with a password, from a browser that has never been here.
    pub(crate) sign_in: Vec<u8>,
}

impl World {
    /// Starts a server and signs people in.
    ///
    /// # Errors
    /// When anything is refused.
    pub(crate) async fn make() -> Result<Self> {
        let data = tempfile::tempdir()?;
        let server = Server::dev(data.path())?;
        let frontend = server.frontend()?;
        let backend = Backend { door: server.backend()?, key: server.told("secret_key").to_owned() };
        let mut people = Vec::new();
        for number in 0..CONNECTIONS {
            people.push(Person::make(&frontend, &backend, number).await.context("a person for the bench")?);
        }
        let user = backend.get(&format!("/v1/users/{}", people[0].id)).await?.ok()?;
        let user_json = String::from_utf8(user.body)?;
        Ok(Self { server, data, frontend, backend, people, user_json })
    }
}

impl Person {
    async fn make(frontend: &Door, backend: &Backend, number: usize) -> Result<Self> {
        let email = format!("person{number}@bench.test");
        let user = json!({
            "email_address": [email],
            "password": PASSWORD,
            "first_name": "Person",
            "last_name": number.to_string(),
            "public_metadata": {"plan": "team", "seats": 12},
            "private_metadata": {"customer": "4711"},
        });
        let id = backend.post("/v1/users", &user).await?.ok()?.text("/id");
        let mut visitor = Visitor::open(frontend).await?;
        let session = visitor.sign_in(&email).await?.ok()?.text("/response/created_session_id");
        let tokens = format!("/v1/client/sessions/{session}/tokens");
        visitor.post(&tokens, &[("organization_id", "")]).await?.ok()?;
        let fields = [("strategy", "password"), ("identifier", email.as_str()), ("password", PASSWORD)];
        Ok(Self {
            id,
            refresh: visitor.form(&tokens, &[("organization_id", "")]).to_bytes(),
            sign_in: Visitor::new(frontend).form("/v1/client/sign_ins", &fields).to_bytes(),
        })
    }
}
