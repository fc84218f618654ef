//! U+0000, which PostgreSQL's text cannot hold: refused by name wherever it is text, and harmless inside a JSON document.

use crate::{param, refused, start, user_id};
use serde_json::json;
use verger_testkit::postgres::{Database, Locale};
use verger_testkit::{Answer, Backend, TestServer};

#[track_caller]
fn assert_refused(answer: &Answer, name: &str) {
    assert_eq!((answer.refusal(), param(answer)), (refused(422, "form_param_value_invalid"), name.into()));
}

/// Every text of a body and of a query, and what stands in a path.
async fn nothing_with_a_nul_reaches_the_database(backend: Backend) {
    let id = user_id(&backend, "jane@example.com").await;
    for name in ["first_name", "last_name", "username", "external_id", "password", "locale"] {
        assert_refused(&backend.post("/v1/users", json!({ name: "a\0b" })).await, name);
        assert_refused(&backend.patch(&format!("/v1/users/{id}"), json!({ name: "a\0b" })).await, name);
    }
    for name in ["email_address", "phone_number"] {
        assert_refused(&backend.post("/v1/users", json!({ name: ["a\0b@example.com"] })).await, name);
    }
    let address = json!({ "user_id": id, "email_address": "a\0b@example.com" });
    assert_refused(&backend.post("/v1/email_addresses", address).await, "email_address");
    assert_refused(&backend.post("/v1/sign_in_tokens", json!({ "user_id": "user_\0" })).await, "user_id");
    for name in [
        "email_address",
        "phone_number",
        "username",
        "external_id",
        "user_id",
        "query",
        "email_address_query",
        "phone_number_query",
        "username_query",
        "name_query",
        "order_by",
        "starting_after",
    ] {
        assert_refused(&backend.get(&format!("/v1/users?{name}=a%00b")).await, name);
    }
    assert_refused(&backend.get("/v1/sessions?client_id=client_%00").await, "client_id");
    assert_refused(&backend.get("/v1/clients/handshake_payload?nonce=a%00b").await, "nonce");
    for path in ["users/user_%00", "users/%00", "sessions/sess_%00", "clients/client_%00", "email_addresses/idn_%00"] {
        assert_eq!(backend.get(&format!("/v1/{path}")).await.refusal(), refused(404, "resource_not_found"), "{path}");
    }
}

/// A document is one text that escapes it.
async fn a_document_comes_back_as_it_was(backend: Backend) {
    let document = json!({ "a\0b": ["\0", { "text": "\\u0000" }] });
    let id = user_id(&backend, "jane@example.com").await;
    let kinds = ["public_metadata", "private_metadata", "unsafe_metadata"];
    let body = json!({ kinds[0]: document, kinds[1]: document, kinds[2]: document });
    backend.patch(&format!("/v1/users/{id}/metadata"), body).await.ok();
    let answer = backend.get(&format!("/v1/users/{id}")).await.ok();
    for kind in kinds {
        assert_eq!(answer.at(&format!("/{kind}")), document, "{kind}");
    }
}

#[tokio::test]
async fn text_is_refused_over_sqlite() {
    nothing_with_a_nul_reaches_the_database(start().await).await;
}

#[tokio::test]
async fn text_is_refused_over_postgresql() {
    let database = Database::fresh(Locale::C);
    nothing_with_a_nul_reaches_the_database(TestServer::on_postgres(&database).await.backend().await).await;
}

#[tokio::test]
async fn documents_are_kept_over_sqlite() {
    a_document_comes_back_as_it_was(start().await).await;
}

#[tokio::test]
async fn documents_are_kept_over_postgresql() {
    let database = Database::fresh(Locale::C);
    a_document_comes_back_as_it_was(TestServer::on_postgres(&database).await.backend().await).await;
}
