//! Invitations, as the application's backend makes them.

use serde_json::json;
use verger_model::Millis;
use verger_testkit::{Backend, PASSWORD, TestServer};

#[tokio::test]
async fn an_invitation_is_made_listed_and_taken_back() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let made = backend.post("/v1/invitations", json!({ "email_address": "Jane@Example.com" })).await.ok();
    assert_eq!((made.text("/email_address"), made.text("/status")), ("jane@example.com".into(), "pending".into()));
    assert_eq!(made.at("/expires_at"), (server.service.now() + Millis::from_days(30)).0);
    let id = made.text("/id");
    for (query, count) in
        [("", 1), ("?query=JANE", 1), ("?query=eve", 0), ("?status=pending", 1), ("?status=expired", 0)]
    {
        let listed = backend.get(&format!("/v1/invitations{query}")).await.ok();
        assert_eq!(listed.at("").as_array().map(Vec::len), Some(count), "{query}");
    }
    let revoked = backend.post(&format!("/v1/invitations/{id}/revoke"), json!({})).await.ok();
    assert_eq!((revoked.at("/revoked"), revoked.text("/status")), (true.into(), "revoked".into()));
    assert_eq!(revoked.at("/url"), serde_json::Value::Null, "nothing is left to open");
    let again = backend.post(&format!("/v1/invitations/{id}/revoke"), json!({})).await;
    assert_eq!(again.refusal(), (400, "invitation_already_revoked".into()));
    let late =
        backend.post("/v1/invitations", json!({ "email_address": "eve@example.com", "expires_in_days": 1 })).await.ok();
    server.clock.advance(Millis::from_days(2));
    let expired = backend.get("/v1/invitations?status=expired&paginated=true").await.ok();
    assert_eq!((expired.at("/total_count"), expired.text("/data/0/id")), (1.into(), late.text("/id")));
}

#[tokio::test]
async fn who_is_invited_or_known_is_not_invited_again() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let jane = json!({ "email_address": "jane@example.com" });
    backend.post("/v1/invitations", jane.clone()).await.ok();
    assert_eq!(backend.post("/v1/invitations", jane).await.refusal(), (400, "duplicate_record".into()));
    let anyway = json!({ "email_address": "jane@example.com", "ignore_existing": true });
    backend.post("/v1/invitations", anyway).await.ok();
    backend.post("/v1/users", json!({ "email_address": ["eve@example.com"], "password": PASSWORD })).await.ok();
    let known = backend.post("/v1/invitations", json!({ "email_address": "eve@example.com" })).await;
    assert_eq!(known.refusal(), (422, "form_identifier_exists".into()));
}

#[tokio::test]
async fn many_are_invited_or_none() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let body = json!([{ "email_address": "a@example.com" }, { "email_address": "b@example.com", "notify": false }]);
    let made = backend.post("/v1/invitations/bulk", body).await.ok();
    assert_eq!(made.at("").as_array().map(Vec::len), Some(2));
    assert_eq!(server.mails(&server.development(), "a@example.com").await.len(), 1);
    assert_eq!(server.mails(&server.development(), "b@example.com").await.len(), 0);
    let half = json!([{ "email_address": "c@example.com" }, { "email_address": "a@example.com" }]);
    assert_eq!(backend.post("/v1/invitations/bulk", half).await.refusal(), (400, "duplicate_record".into()));
    let many: Vec<_> = (0..11).map(|n| json!({ "email_address": format!("{n}@example.com") })).collect();
    for (body, refusal) in [
        (json!(many), (422, "form_param_array_size_exceeded")),
        (json!([]), (422, "form_param_array_size_exceeded")),
        (json!({}), (400, "request_body_invalid")),
        (json!(["a"]), (400, "request_body_invalid")),
    ] {
        let refused = backend.post("/v1/invitations/bulk", body).await;
        assert_eq!(refused.refusal(), (refusal.0, refusal.1.into()));
    }
    assert_eq!(backend.get("/v1/invitations?paginated=true").await.ok().at("/total_count"), 2);
}

#[tokio::test]
async fn what_is_none_is_refused_by_name() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    for (name, value, code) in [
        ("email_address", json!("jane"), "form_param_format_invalid"),
        ("redirect_url", json!("https://evil.test/"), "redirect_url_not_associated_with_instance"),
        ("expires_in_days", json!(0), "form_param_value_invalid"),
        ("template_slug", json!("other"), "form_param_value_invalid"),
        ("public_metadata", json!({ "k": "x".repeat(8 * 1024) }), "form_param_exceeds_allowed_size"),
        ("color", json!(1), "form_param_unknown"),
    ] {
        let mut body = json!({ "email_address": "jane@example.com" });
        body[name] = value;
        assert_eq!(backend.post("/v1/invitations", body).await.refusal(), (422, code.into()), "{name}");
    }
}

#[tokio::test]
async fn invitations_belong_to_one_instance() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let id = backend.post("/v1/invitations", json!({ "email_address": "jane@example.com" })).await.ok().text("/id");
    let other = server.application(verger_service::NewApplication { name: "Other".into(), ..Default::default() }).await;
    let stranger = Backend::new(server.clone(), other.development.secret_key.expect("a key to show").expose());
    let refused = stranger.post(&format!("/v1/invitations/{id}/revoke"), json!({})).await;
    assert_eq!(refused.refusal(), (404, "resource_not_found".into()));
    assert_eq!(stranger.get("/v1/invitations").await.ok().at(""), json!([]));
}
