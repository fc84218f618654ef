//! The key of one instance opens nothing of another.

use crate::{ids, neighbour, refused, start, user};
use serde_json::{Value, json};
use verger_testkit::{APP, PASSWORD};

#[tokio::test]
async fn another_instance_sees_nothing() {
    let own = start().await;
    let made = user(&own, "jane@example.com").await;
    let user_id = made.text("/id");
    let address = made.text("/primary_email_address_id");
    let session = own.post("/v1/sessions", json!({ "user_id": user_id })).await.ok();
    let (session_id, client) = (session.text("/id"), session.text("/client_id"));
    let ticket = own.post("/v1/sign_in_tokens", json!({ "user_id": user_id })).await.ok().text("/id");
    let foreign = neighbour(&own).await;

    let requests: Vec<(&str, String, Value)> = vec![
        ("GET", format!("/v1/users/{user_id}"), Value::Null),
        ("PATCH", format!("/v1/users/{user_id}"), json!({ "first_name": "Eve" })),
        ("PATCH", format!("/v1/users/{user_id}/metadata"), json!({ "public_metadata": { "eve": 1 } })),
        ("PUT", format!("/v1/users/{user_id}/metadata"), json!({ "public_metadata": { "eve": 1 } })),
        ("POST", format!("/v1/users/{user_id}/ban"), json!({})),
        ("POST", format!("/v1/users/{user_id}/unban"), json!({})),
        ("POST", format!("/v1/users/{user_id}/lock"), json!({})),
        ("POST", format!("/v1/users/{user_id}/unlock"), json!({})),
        ("POST", "/v1/users/ban".into(), json!({ "user_ids": [user_id] })),
        ("POST", "/v1/users/unban".into(), json!({ "user_ids": [user_id] })),
        ("POST", format!("/v1/users/{user_id}/verify_password"), json!({ "password": PASSWORD })),
        ("POST", format!("/v1/users/{user_id}/remove_password"), json!({})),
        ("POST", format!("/v1/users/{user_id}/password/set_compromised"), json!({})),
        ("POST", format!("/v1/users/{user_id}/password/unset_compromised"), json!({})),
        ("DELETE", format!("/v1/users/{user_id}"), Value::Null),
        ("POST", "/v1/email_addresses".into(), json!({ "user_id": user_id, "email_address": "eve@example.com" })),
        ("GET", format!("/v1/email_addresses/{address}"), Value::Null),
        ("PATCH", format!("/v1/email_addresses/{address}"), json!({ "verified": false })),
        ("DELETE", format!("/v1/email_addresses/{address}"), Value::Null),
        ("POST", "/v1/sessions".into(), json!({ "user_id": user_id })),
        ("GET", format!("/v1/sessions/{session_id}"), Value::Null),
        ("POST", format!("/v1/sessions/{session_id}/revoke"), json!({})),
        ("POST", format!("/v1/sessions/{session_id}/tokens"), json!({})),
        ("POST", format!("/v1/sessions/{session_id}/tokens/t"), json!({})),
        ("POST", format!("/v1/sessions/{session_id}/verify"), json!({ "token": "x" })),
        ("GET", format!("/v1/clients/{client}"), Value::Null),
        ("POST", "/v1/sign_in_tokens".into(), json!({ "user_id": user_id })),
        ("POST", format!("/v1/sign_in_tokens/{ticket}/revoke"), json!({})),
    ];
    for (method, path, body) in requests {
        let answer = foreign.send(method, &path, (!body.is_null()).then_some(body)).await;
        assert_eq!(answer.refusal(), refused(404, "resource_not_found"), "{method} {path}");
    }

    let untouched = own.get(&format!("/v1/users/{user_id}")).await.ok();
    assert_eq!(untouched.json(), made_with_sign_in(&made.json(), &untouched.json()));
    assert_eq!(own.get(&format!("/v1/sessions/{session_id}")).await.ok().text("/status"), "active");
}

/// The user as made, with the traces of the session that its own instance made.
fn made_with_sign_in(made: &Value, now: &Value) -> Value {
    let mut expected = made.clone();
    for name in ["last_sign_in_at", "last_active_at", "updated_at"] {
        expected[name] = now[name].clone();
    }
    expected
}

#[tokio::test]
async fn lists_and_counts_hold_only_what_is_ones_own() {
    let own = start().await;
    let id = user(&own, "jane@example.com").await.text("/id");
    own.post("/v1/sessions", json!({ "user_id": id })).await.ok();
    let foreign = neighbour(&own).await;
    for path in ["/v1/users", "/v1/sessions", "/v1/users?email_address=jane@example.com", "/v1/users?query=jane"] {
        assert_eq!(ids(&foreign.get(path).await.ok()), Vec::<String>::new(), "{path}");
    }
    assert_eq!(ids(&foreign.get(&format!("/v1/sessions?user_id={id}")).await.ok()), Vec::<String>::new());
    assert_eq!(ids(&foreign.get(&format!("/v1/users?user_id={id}")).await.ok()), Vec::<String>::new());
    assert_eq!(foreign.get("/v1/users/count").await.ok().at("/total_count"), json!(0));
    // What is taken here is free there.
    user(&foreign, "jane@example.com").await;
    assert_eq!(foreign.get("/v1/users/count").await.ok().at("/total_count"), json!(1));
}

#[tokio::test]
async fn keys_cookies_and_handshakes_are_of_one_instance() {
    let own = start().await;
    user(&own, "jane@example.com").await;
    let foreign = neighbour(&own).await;
    assert_ne!(own.get("/v1/jwks").await.ok().json(), foreign.get("/v1/jwks").await.ok().json());

    let mut browser = own.server.browser().open().await;
    browser.sign_in("jane@example.com", PASSWORD).await.ok();
    let cookie = browser.jar.get("__client").expect("a signed-in browser has the cookie");
    let stolen = foreign.post("/v1/clients/verify", json!({ "token": cookie })).await;
    assert_eq!(stolen.refusal(), refused(400, "cookie_invalid"));

    let dev_browser = browser.dev_browser.clone().unwrap();
    let path = format!("/v1/client/handshake?redirect_url={APP}/&format=nonce&__clerk_db_jwt={dev_browser}");
    let sent = browser.navigate(&path).await;
    let nonce = sent.location().split("__clerk_handshake_nonce=").nth(1).unwrap().to_owned();
    let payload = format!("/v1/clients/handshake_payload?nonce={nonce}");
    assert_eq!(foreign.get(&payload).await.refusal(), refused(404, "resource_not_found"));
    own.get(&payload).await.ok();
}
