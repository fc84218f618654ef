//! `/sign_in_tokens` and `/testing_tokens`.

use crate::{nothing, param, refused, start, user_id};
use serde_json::json;
use verger_model::Millis;
use verger_testkit::{Answer, Backend};

async fn use_ticket(backend: &Backend, ticket: &str) -> Answer {
    let mut browser = backend.server.browser().open().await;
    browser.post("/v1/client/sign_ins", &[("strategy", "ticket"), ("ticket", ticket)]).await
}

#[tokio::test]
async fn a_sign_in_token_signs_its_user_in_once() {
    let backend = start().await;
    let user = user_id(&backend, "jane@example.com").await;
    let made = backend.post("/v1/sign_in_tokens", json!({ "user_id": user })).await.ok();
    assert_eq!((made.text("/object"), made.text("/status")), ("sign_in_token".into(), "pending".into()));
    assert_eq!(made.text("/user_id"), user);
    let ticket = made.text("/token");
    let portal = &backend.server.development().addresses.portal;
    assert_eq!(made.text("/url"), format!("{portal}/sign-in?__clerk_ticket={ticket}"));
    let first = use_ticket(&backend, &ticket).await.ok();
    assert_eq!(first.text("/response/status"), "complete");
    assert_eq!(first.text("/client/sessions/0/user/id"), user);
    assert_eq!(use_ticket(&backend, &ticket).await.refusal(), refused(400, "sign_in_token_already_used_code"));
    let late = backend.send("POST", &format!("/v1/sign_in_tokens/{}/revoke", made.text("/id")), None).await;
    assert_eq!(late.refusal(), refused(400, "sign_in_token_cannot_be_revoked_code"));
}

#[tokio::test]
async fn a_revoked_or_old_sign_in_token_signs_nobody_in() {
    let backend = start().await;
    let user = user_id(&backend, "jane@example.com").await;
    let made = backend.post("/v1/sign_in_tokens", json!({ "user_id": user })).await.ok();
    let revoked = backend.send("POST", &format!("/v1/sign_in_tokens/{}/revoke", made.text("/id")), None).await.ok();
    assert_eq!(revoked.text("/status"), "revoked");
    assert_eq!(revoked.at("/token"), json!(null), "a ticket is shown once");
    assert_eq!(use_ticket(&backend, &made.text("/token")).await.refusal(), refused(400, "sign_in_token_revoked_code"));
    let short = backend.post("/v1/sign_in_tokens", json!({ "user_id": user, "expires_in_seconds": 10 })).await.ok();
    backend.server.clock.advance(Millis::from_mins(2));
    assert_eq!(use_ticket(&backend, &short.text("/token")).await.refusal(), refused(400, "ticket_expired_code"));
}

#[tokio::test]
async fn a_sign_in_token_needs_a_user_and_a_lifetime_within_bounds() {
    let backend = start().await;
    let missing = backend.post("/v1/sign_in_tokens", json!({})).await;
    assert_eq!((missing.refusal(), param(&missing)), (refused(422, "form_param_missing"), "user_id".into()));
    let nobody = backend.post("/v1/sign_in_tokens", json!({ "user_id": nothing("user") })).await;
    assert_eq!(nobody.refusal(), refused(404, "resource_not_found"));
    let user = user_id(&backend, "jane@example.com").await;
    for (value, code) in [(json!(0), "form_param_value_invalid"), (json!("1"), "form_param_type_invalid")] {
        let answer = backend.post("/v1/sign_in_tokens", json!({ "user_id": user, "expires_in_seconds": value })).await;
        assert_eq!((answer.refusal(), param(&answer)), (refused(422, code), "expires_in_seconds".into()));
    }
    for id in [nothing("sit"), "x".to_owned()] {
        let answer = backend.send("POST", &format!("/v1/sign_in_tokens/{id}/revoke"), None).await;
        assert_eq!(answer.refusal(), refused(404, "resource_not_found"));
    }
}

#[tokio::test]
async fn a_testing_token_is_good_for_an_hour() {
    let backend = start().await;
    let made = backend.send("POST", "/v1/testing_tokens", None).await.ok();
    assert_eq!(made.text("/object"), "testing_token");
    assert!(made.text("/token").len() >= 32);
    assert_eq!(made.at("/expires_at"), json!(backend.server.service.now().secs() + 3600));
    let other = backend.post("/v1/testing_tokens", json!({})).await.ok();
    assert_ne!(other.text("/token"), made.text("/token"));
}
