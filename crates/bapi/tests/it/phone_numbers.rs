//! `/phone_numbers`.

use crate::{nothing, param, refused, start, user_id};
use serde_json::json;

const NUMBER: &str = "+442079460123";

#[tokio::test]
async fn a_number_is_added_read_changed_and_taken_away() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let body = json!({ "user_id": id, "phone_number": "+44 20 7946 0123", "verified": true });
    let made = backend.post("/v1/phone_numbers", body).await.ok();
    assert_eq!((made.text("/object"), made.text("/phone_number")), ("phone_number".into(), NUMBER.into()));
    assert_eq!(made.text("/verification/strategy"), "admin");
    let path = format!("/v1/phone_numbers/{}", made.text("/id"));
    assert_eq!(backend.get(&path).await.ok().json(), made.json());
    let user = format!("/v1/users/{id}");
    // The first proved number is primary.
    assert_eq!(backend.get(&user).await.ok().text("/primary_phone_number_id"), made.text("/id"));
    let body = json!({ "user_id": id, "phone_number": "+442079460124", "verified": true, "primary": true });
    let second = backend.post("/v1/phone_numbers", body).await.ok();
    assert_eq!(backend.get(&user).await.ok().text("/primary_phone_number_id"), second.text("/id"));
    let factor = backend.patch(&path, json!({ "reserved_for_second_factor": true })).await.ok();
    assert_eq!(
        (factor.at("/reserved_for_second_factor"), factor.at("/default_second_factor")),
        (json!(true), json!(true))
    );
    assert_eq!(backend.get(&user).await.ok().at("/two_factor_enabled"), true);
    let gone = backend.delete(&path).await.ok();
    assert_eq!(gone.json(), json!({ "object": "phone_number", "id": made.text("/id"), "deleted": true }));
    assert_eq!(backend.get(&path).await.refusal(), refused(404, "resource_not_found"));
    assert_eq!(backend.get(&user).await.ok().at("/two_factor_enabled"), false);
}

#[tokio::test]
async fn a_number_is_not_proved_unless_it_is_said() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let made = backend.post("/v1/phone_numbers", json!({ "user_id": id, "phone_number": NUMBER })).await.ok();
    assert_eq!(made.at("/verification"), json!(null));
    let path = format!("/v1/phone_numbers/{}", made.text("/id"));
    let primary = backend.patch(&path, json!({ "primary": true })).await;
    assert_eq!((primary.refusal(), param(&primary)), (refused(422, "form_param_value_invalid"), "primary".into()));
    let factor = backend.patch(&path, json!({ "reserved_for_second_factor": true })).await;
    assert_eq!(factor.refusal(), refused(400, "identification_update_second_factor_unverified"));
    assert_eq!(backend.patch(&path, json!({ "verified": true })).await.ok().text("/verification/status"), "verified");
    let both = backend.patch(&path, json!({ "primary": true, "reserved_for_second_factor": true })).await;
    assert_eq!(both.refusal(), refused(422, "form_param_value_invalid"));
}

#[tokio::test]
async fn a_taken_or_impossible_number_is_refused() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let other = user_id(&backend, "eve@example.com").await;
    let theirs = json!({ "user_id": other, "phone_number": NUMBER, "verified": true });
    backend.post("/v1/phone_numbers", theirs).await.ok();
    for (number, code) in [(NUMBER, "form_identifier_exists"), ("123", "form_param_format_invalid")] {
        let body = json!({ "user_id": id, "phone_number": number, "verified": true });
        let answer = backend.post("/v1/phone_numbers", body).await;
        assert_eq!((answer.refusal(), param(&answer)), (refused(422, code), "phone_number".into()));
    }
}

#[tokio::test]
async fn what_is_missing_or_unknown_is_refused() {
    let backend = start().await;
    let missing = backend.post("/v1/phone_numbers", json!({})).await;
    assert_eq!((missing.refusal(), param(&missing)), (refused(422, "form_param_missing"), "user_id".into()));
    let nobody = json!({ "user_id": nothing("user"), "phone_number": NUMBER });
    assert_eq!(backend.post("/v1/phone_numbers", nobody).await.refusal(), refused(404, "resource_not_found"));
    for id in [nothing("idn"), "x".to_owned()] {
        let path = format!("/v1/phone_numbers/{id}");
        for answer in [backend.get(&path).await, backend.delete(&path).await, backend.patch(&path, json!({})).await] {
            assert_eq!(answer.refusal(), refused(404, "resource_not_found"), "{id}");
        }
    }
    // An address is no number.
    let user = user_id(&backend, "jane@example.com").await;
    let address = backend.get(&format!("/v1/users/{user}")).await.ok().text("/primary_email_address_id");
    let answer = backend.get(&format!("/v1/phone_numbers/{address}")).await;
    assert_eq!(answer.refusal(), refused(404, "resource_not_found"));
}
