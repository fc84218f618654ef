//! `PATCH` and `DELETE /users/{user_id}`.

use crate::{is_null, nothing, param, refused, start, user, user_id};
use serde_json::json;
use verger_model::Millis;
use verger_testkit::PASSWORD;

#[tokio::test]
async fn what_is_left_out_stays_and_null_clears() {
    let backend = start().await;
    let root = backend.server.development();
    backend.server.settings(&root, |settings| settings.attributes.username.enabled = true).await;
    let body = json!({
        "email_address": ["jane@example.com"], "password": PASSWORD, "first_name": "Jane", "last_name": "Doe",
        "external_id": "x-1", "locale": "en", "username": "jane_doe", "legal_accepted_at": "2012-10-20T07:15:20Z",
        "create_organizations_limit": 2,
    });
    let made = backend.post("/v1/users", body).await.ok();
    let path = format!("/v1/users/{}", made.text("/id"));
    backend.server.clock.advance(Millis::from_secs(5));
    let same = backend.patch(&path, json!({})).await.ok();
    assert_eq!(same.text("/first_name"), "Jane");
    let changed = backend.patch(&path, json!({ "first_name": "Janet", "last_name": "" })).await.ok();
    assert_eq!(changed.text("/first_name"), "Janet");
    assert!(is_null(&changed.at("/last_name")));
    assert_eq!(changed.text("/external_id"), "x-1");
    assert_eq!(changed.at("/updated_at"), json!(backend.server.service.now().0));
    let nulls = json!({
        "first_name": null, "external_id": null, "locale": null, "username": null, "legal_accepted_at": null,
        "create_organizations_limit": null, "password": null, "delete_self_enabled": null,
    });
    let cleared = backend.patch(&path, nulls).await.ok();
    for pointer in
        ["/first_name", "/external_id", "/locale", "/username", "/legal_accepted_at", "/create_organizations_limit"]
    {
        assert!(is_null(&cleared.at(pointer)), "{pointer}");
    }
    assert_eq!(cleared.at("/password_enabled"), json!(true));
    assert_eq!(cleared.at("/delete_self_enabled"), json!(true));
}

#[tokio::test]
async fn flags_and_times_are_set() {
    let backend = start().await;
    let path = format!("/v1/users/{}", user_id(&backend, "jane@example.com").await);
    let body = json!({
        "delete_self_enabled": false, "create_organization_enabled": false, "create_organizations_limit": 0,
        "bypass_client_trust": true, "created_at": "2020-01-01T00:00:00Z", "legal_accepted_at": "2020-01-02T00:00:00Z",
        "skip_legal_checks": true, "notify_primary_email_address_changed": false, "external_id": "x-9", "locale": "fr",
    });
    let answer = backend.patch(&path, body).await.ok();
    for (pointer, expected) in [
        ("/delete_self_enabled", json!(false)),
        ("/create_organization_enabled", json!(false)),
        ("/create_organizations_limit", json!(0)),
        ("/bypass_client_trust", json!(true)),
        ("/created_at", json!(1_577_836_800_000_i64)),
        ("/legal_accepted_at", json!(1_577_923_200_000_i64)),
        ("/external_id", json!("x-9")),
        ("/locale", json!("fr")),
    ] {
        assert_eq!(answer.at(pointer), expected, "{pointer}");
    }
}

#[tokio::test]
async fn a_primary_address_is_a_verified_one_of_the_same_user() {
    let backend = start().await;
    let body = json!({
        "email_address": ["jane@example.com", "doe@example.com", "held@example.com"],
        "email_address_identification_status": ["verified", "verified", "reserved"], "password": PASSWORD,
    });
    let made = backend.post("/v1/users", body).await.ok();
    let other = user(&backend, "eve@example.com").await;
    let path = format!("/v1/users/{}", made.text("/id"));
    let second = made.text("/email_addresses/1/id");
    let changed = backend.patch(&path, json!({ "primary_email_address_id": second })).await.ok();
    assert_eq!(changed.text("/primary_email_address_id"), second);
    for id in [made.text("/email_addresses/2/id"), other.text("/primary_email_address_id"), nothing("idn")] {
        let answer = backend.patch(&path, json!({ "primary_email_address_id": id })).await;
        assert_eq!(answer.refusal(), refused(422, "form_param_value_invalid"));
        assert_eq!(param(&answer), "primary_email_address_id");
    }
}

#[tokio::test]
async fn an_identifier_of_somebody_else_is_refused() {
    let backend = start().await;
    let root = backend.server.development();
    backend.server.settings(&root, |settings| settings.attributes.username.enabled = true).await;
    let first =
        json!({ "email_address": ["a@example.com"], "password": PASSWORD, "username": "first", "external_id": "x-1" });
    backend.post("/v1/users", first).await.ok();
    let path = format!("/v1/users/{}", user_id(&backend, "b@example.com").await);
    for (body, name) in [(json!({ "username": "FIRST" }), "username"), (json!({ "external_id": "x-1" }), "external_id")]
    {
        let answer = backend.patch(&path, body).await;
        assert_eq!((answer.refusal(), param(&answer)), (refused(422, "form_identifier_exists"), name.into()));
    }
    backend.patch(&path, json!({ "username": "second" })).await.ok();
    backend.patch(&path, json!({ "username": "SECOND" })).await.ok();
}

#[tokio::test]
async fn metadata_has_its_own_address_since_the_newest_version() {
    let mut backend = start().await;
    let path = format!("/v1/users/{}", user_id(&backend, "jane@example.com").await);
    for name in ["public_metadata", "private_metadata", "unsafe_metadata"] {
        let answer = backend.patch(&path, json!({ name: { "a": 1 } })).await;
        assert_eq!((answer.refusal(), param(&answer)), (refused(422, "form_param_unknown"), name.into()));
    }
    for version in [Some("2025-11-10"), None] {
        backend.api_version = version;
        backend.patch(&path, json!({ "public_metadata": { "a": 1, "b": 2 } })).await.ok();
        let replaced = backend.patch(&path, json!({ "public_metadata": { "b": 3 } })).await.ok();
        assert_eq!(replaced.at("/public_metadata"), json!({ "b": 3 }));
    }
}

#[tokio::test]
async fn values_that_are_none_are_refused_by_name() {
    let backend = start().await;
    let path = format!("/v1/users/{}", user_id(&backend, "jane@example.com").await);
    for (name, value, code) in [
        ("first_name", json!("x".repeat(257)), "form_param_max_length_exceeded"),
        ("first_name", json!(true), "form_param_type_invalid"),
        ("username", json!("1234"), "form_username_needs_non_number_char"),
        ("password", json!("short"), "form_password_length_too_short"),
        ("password_digest", json!("$2y$x"), "form_conditional_param_missing"),
        ("created_at", json!("soon"), "form_param_invalid_time"),
        ("primary_email_address_id", json!(1), "form_param_type_invalid"),
        ("banned", json!(true), "form_param_unknown"),
        ("profile_image_id", json!("img_1"), "form_param_unknown"),
    ] {
        let answer = backend.patch(&path, json!({ name: value })).await;
        assert_eq!(answer.refusal(), refused(422, code), "{name}");
    }
    let unknown = backend.patch(&format!("/v1/users/{}", nothing("user")), json!({ "first_name": "x" })).await;
    assert_eq!(unknown.refusal(), refused(404, "resource_not_found"));
}

#[tokio::test]
async fn a_deleted_user_is_gone_with_every_session() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let mut browser = backend.server.browser().open().await;
    browser.sign_in("jane@example.com", PASSWORD).await.ok();
    let path = format!("/v1/users/{id}");
    let gone = backend.delete(&path).await.ok();
    assert_eq!(gone.json(), json!({ "object": "user", "id": id, "deleted": true }));
    assert_eq!(backend.get(&path).await.refusal(), refused(404, "resource_not_found"));
    assert_eq!(backend.delete(&path).await.refusal(), refused(404, "resource_not_found"));
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
    let again = user_id(&backend, "jane@example.com").await;
    assert_ne!(again, id);
}
