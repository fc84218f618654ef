//! The Backend API as an application's own server sees it: both routers over a database in memory.

mod access_identifiers;
mod actor_tokens;
mod authorization;
mod bodies;
mod clients;
mod create_user;
mod email_addresses;
mod invitations;
mod list_users;
mod metadata;
mod moderation;
mod nul;
mod passkeys;
mod passwords;
mod phone_numbers;
mod routes;
mod second_factors;
mod sessions;
mod tenants;
mod tokens;
mod update_user;
mod waitlist_entries;

use serde_json::{Value, json};
use verger_service::NewApplication;
use verger_testkit::{Answer, Backend, PASSWORD, TestServer};

/// A server and the backend of its root instance.
async fn start() -> Backend {
    TestServer::start().await.backend().await
}

/// The backend of another application's development instance on the same server.
async fn neighbour(of: &Backend) -> Backend {
    let new = NewApplication { name: "Neighbour".into(), ..NewApplication::default() };
    let made = of.server.application(new).await;
    let key = made.development.secret_key.expect("development keys can be shown");
    Backend::new(of.server.clone(), key.expose())
}

/// A new user with this address and [`PASSWORD`].
async fn user(backend: &Backend, email: &str) -> Answer {
    backend.post("/v1/users", json!({ "email_address": [email], "password": PASSWORD })).await.ok()
}

/// The id of a new user.
async fn user_id(backend: &Backend, email: &str) -> String {
    user(backend, email).await.text("/id")
}

/// The ids in a bare array.
fn ids(answer: &Answer) -> Vec<String> {
    let items = answer.json().as_array().cloned().expect("a bare array");
    items.iter().map(|item| item["id"].as_str().unwrap_or_default().to_owned()).collect()
}

/// The parameter that the first error is about.
fn param(answer: &Answer) -> String {
    answer.text("/errors/0/meta/param_name")
}

/// A refusal as `(status, code)`, for comparisons.
fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Ids of every kind that are well-formed and name nothing.
fn nothing(prefix: &str) -> String {
    format!("{prefix}_2xZ0aBcDeFgHiJkLmNoPqRsTuVw")
}

/// Whether a value is a JSON `null`.
fn is_null(value: &Value) -> bool {
    value.is_null()
}
