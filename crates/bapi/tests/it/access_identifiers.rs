//! Allowlist and blocklist.

use serde_json::json;
use verger_testkit::{Backend, TestServer};

#[tokio::test]
async fn entries_are_added_listed_and_taken_off() {
    let backend = TestServer::start().await.backend().await;
    for list in ["allowlist", "blocklist"] {
        let path = format!("/v1/{list}_identifiers");
        let made = backend.post(&path, json!({ "identifier": "@Example.com" })).await.ok();
        assert_eq!(made.text("/object"), format!("{list}_identifier"));
        assert_eq!(
            (made.text("/identifier"), made.text("/identifier_type")),
            ("*@example.com".into(), "email_address".into())
        );
        let again = backend.post(&path, json!({ "identifier": "*@example.com" })).await;
        assert_eq!(again.refusal(), (400, "duplicate_record".into()));
        let id = made.text("/id");
        let listed = backend.get(&path).await.ok();
        let place = if list == "blocklist" { "/data/0/id" } else { "/0/id" };
        assert_eq!(listed.text(place), id);
        let gone = backend.delete(&format!("{path}/{id}")).await.ok();
        assert_eq!(gone.at("/deleted"), true);
        assert_eq!(backend.delete(&format!("{path}/{id}")).await.refusal(), (404, "resource_not_found".into()));
    }
}

#[tokio::test]
async fn what_names_nobody_is_refused() {
    let backend = TestServer::start().await.backend().await;
    for (body, code) in [
        (json!({ "identifier": "*" }), "form_param_format_invalid"),
        (json!({ "identifier": "example.com" }), "form_param_format_invalid"),
        (json!({}), "form_param_missing"),
        (json!({ "identifier": "a@b.co", "color": 1 }), "form_param_unknown"),
    ] {
        assert_eq!(backend.post("/v1/blocklist_identifiers", body).await.refusal(), (422, code.into()));
    }
}

#[tokio::test]
async fn lists_belong_to_one_instance() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = backend.post("/v1/blocklist_identifiers", json!({ "identifier": "a@b.co" })).await.ok().text("/id");
    let other = server.application(verger_service::NewApplication { name: "Other".into(), ..Default::default() }).await;
    let stranger =
        Backend::new(server.clone(), other.development.secret_key.expect("a key that can be shown").expose());
    assert_eq!(stranger.delete(&format!("/v1/blocklist_identifiers/{id}")).await.status, 404);
    assert_eq!(stranger.get("/v1/blocklist_identifiers").await.ok().at("/total_count"), 0);
    assert_eq!(backend.get("/v1/blocklist_identifiers").await.ok().at("/total_count"), 1);
}
