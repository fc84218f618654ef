//! `/email_addresses`.

use crate::{nothing, param, refused, start, user, user_id};
use serde_json::json;

#[tokio::test]
async fn an_address_is_added_read_changed_and_taken_away() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let body = json!({ "user_id": id, "email_address": "Doe@Example.com", "verified": true });
    let made = backend.post("/v1/email_addresses", body).await.ok();
    assert_eq!((made.text("/object"), made.text("/email_address")), ("email_address".into(), "doe@example.com".into()));
    assert_eq!(made.text("/verification/status"), "verified");
    let path = format!("/v1/email_addresses/{}", made.text("/id"));
    assert_eq!(backend.get(&path).await.ok().json(), made.json());
    let user = format!("/v1/users/{id}");
    assert_ne!(backend.get(&user).await.ok().text("/primary_email_address_id"), made.text("/id"));
    backend.patch(&path, json!({ "primary": true, "notify_primary_email_address_changed": false })).await.ok();
    assert_eq!(backend.get(&user).await.ok().text("/primary_email_address_id"), made.text("/id"));
    let gone = backend.delete(&path).await.ok();
    assert_eq!(gone.json(), json!({ "object": "email_address", "id": made.text("/id"), "deleted": true }));
    assert_eq!(backend.get(&path).await.refusal(), refused(404, "resource_not_found"));
    let left = backend.get(&user).await.ok();
    assert_eq!(left.at("/primary_email_address_id"), left.at("/email_addresses/0/id"));
}

#[tokio::test]
async fn an_address_is_not_proved_unless_it_is_said() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let new = json!({ "user_id": id, "email_address": "doe@example.com" });
    let made = backend.post("/v1/email_addresses", new).await.ok();
    assert_eq!(made.at("/verification"), json!(null));
    let path = format!("/v1/email_addresses/{}", made.text("/id"));
    let primary = backend.patch(&path, json!({ "primary": true })).await;
    assert_eq!((primary.refusal(), param(&primary)), (refused(422, "form_param_value_invalid"), "primary".into()));
    assert_eq!(backend.patch(&path, json!({ "verified": true })).await.ok().text("/verification/status"), "verified");
}

#[tokio::test]
async fn a_taken_or_impossible_address_is_refused() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let other = user_id(&backend, "eve@example.com").await;
    for (address, code) in [("EVE@example.com", "form_identifier_exists"), ("eve", "form_param_format_invalid")] {
        let body = json!({ "user_id": id, "email_address": address, "verified": true });
        let answer = backend.post("/v1/email_addresses", body).await;
        assert_eq!((answer.refusal(), param(&answer)), (refused(422, code), "email_address".into()));
    }
    // Two may claim the same address without proof, but only one of them proves it.
    let claim = |user: &str| json!({ "user_id": user, "email_address": "shared@example.com" });
    let first = backend.post("/v1/email_addresses", claim(&id)).await.ok().text("/id");
    let second = backend.post("/v1/email_addresses", claim(&other)).await.ok().text("/id");
    backend.patch(&format!("/v1/email_addresses/{first}"), json!({ "verified": true })).await.ok();
    let late = backend.patch(&format!("/v1/email_addresses/{second}"), json!({ "verified": true })).await;
    assert_eq!((late.refusal(), param(&late)), (refused(422, "form_identifier_exists"), "email_address".into()));
}

#[tokio::test]
async fn the_last_address_stays_where_one_is_required() {
    let backend = start().await;
    let address = user(&backend, "jane@example.com").await.text("/primary_email_address_id");
    let answer = backend.delete(&format!("/v1/email_addresses/{address}")).await;
    assert_eq!(answer.refusal(), refused(400, "last_required_identification_deletion_failed"));
}

#[tokio::test]
async fn what_is_missing_or_unknown_is_refused() {
    let backend = start().await;
    let missing = backend.post("/v1/email_addresses", json!({})).await;
    assert_eq!((missing.refusal(), param(&missing)), (refused(422, "form_param_missing"), "user_id".into()));
    assert_eq!(missing.text("/errors/1/meta/param_name"), "email_address");
    let nobody = json!({ "user_id": nothing("user"), "email_address": "a@example.com" });
    assert_eq!(backend.post("/v1/email_addresses", nobody).await.refusal(), refused(404, "resource_not_found"));
    for id in [nothing("idn"), "x".to_owned()] {
        let path = format!("/v1/email_addresses/{id}");
        for answer in [backend.get(&path).await, backend.delete(&path).await, backend.patch(&path, json!({})).await] {
            assert_eq!(answer.refusal(), refused(404, "resource_not_found"), "{id}");
        }
    }
}
