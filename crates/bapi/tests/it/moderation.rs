//! Ban, lock, and their ends.

use crate::{ids, nothing, param, refused, start, user_id};
use serde_json::json;
use verger_model::Millis;
use verger_testkit::PASSWORD;

#[tokio::test]
async fn a_ban_ends_every_session_and_lets_none_begin() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let mut browser = backend.server.browser().open().await;
    browser.sign_in("jane@example.com", PASSWORD).await.ok();
    assert_eq!(backend.post(&format!("/v1/users/{id}/ban"), json!({})).await.ok().at("/banned"), json!(true));
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
    let session = backend.get(&format!("/v1/sessions?user_id={id}")).await.ok();
    assert_eq!(session.text("/0/status"), "revoked");
    let refusal = backend.server.browser().open().await.sign_in("jane@example.com", PASSWORD).await;
    assert_eq!(refusal.refusal(), refused(403, "user_banned"));
    assert_eq!(backend.post(&format!("/v1/users/{id}/unban"), json!({})).await.ok().at("/banned"), json!(false));
    backend.server.browser().open().await.sign_in("jane@example.com", PASSWORD).await.ok();
}

#[tokio::test]
async fn a_lock_keeps_sessions_and_refuses_new_ones_until_it_ends() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let mut browser = backend.server.browser().open().await;
    browser.sign_in("jane@example.com", PASSWORD).await.ok();
    let locked = backend.send("POST", &format!("/v1/users/{id}/lock"), None).await.ok();
    assert_eq!((locked.at("/locked"), locked.at("/lockout_expires_in_seconds")), (json!(true), json!(3600)));
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions").as_array().unwrap().len(), 1);
    let refusal = backend.server.browser().open().await.sign_in("jane@example.com", PASSWORD).await;
    assert_eq!(refusal.refusal(), refused(403, "user_locked"));
    let unlocked = backend.send("POST", &format!("/v1/users/{id}/unlock"), None).await.ok();
    assert_eq!((unlocked.at("/locked"), unlocked.at("/lockout_expires_in_seconds")), (json!(false), json!(null)));
    backend.server.browser().open().await.sign_in("jane@example.com", PASSWORD).await.ok();
    backend.send("POST", &format!("/v1/users/{id}/lock"), None).await.ok();
    backend.server.clock.advance(Millis::from_mins(60));
    backend.server.browser().open().await.sign_in("jane@example.com", PASSWORD).await.ok();
}

#[tokio::test]
async fn wrong_passwords_lock_and_unlocking_starts_the_count_anew() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let verify = format!("/v1/users/{id}/verify_password");
    for _ in 0..9 {
        let answer = backend.post(&verify, json!({ "password": "wrong" })).await;
        assert_eq!(answer.refusal(), refused(422, "incorrect_password"));
    }
    backend.post(&verify, json!({ "password": "wrong" })).await;
    assert_eq!(backend.get(&format!("/v1/users/{id}")).await.ok().at("/locked"), json!(true));
    let locked = backend.post(&verify, json!({ "password": PASSWORD })).await;
    assert_eq!(locked.refusal(), refused(403, "user_locked"));
    let unlocked = backend.send("POST", &format!("/v1/users/{id}/unlock"), None).await.ok();
    assert_eq!(unlocked.at("/verification_attempts_remaining"), json!(10));
    backend.post(&verify, json!({ "password": PASSWORD })).await.ok();
}

#[tokio::test]
async fn several_users_are_banned_together_or_not_at_all() {
    let backend = start().await;
    let (a, b) = (user_id(&backend, "a@example.com").await, user_id(&backend, "b@example.com").await);
    let unknown = backend.post("/v1/users/ban", json!({ "user_ids": [a, nothing("user")] })).await;
    assert_eq!(unknown.refusal(), refused(404, "resource_not_found"));
    assert_eq!(backend.get(&format!("/v1/users/{a}")).await.ok().at("/banned"), json!(false));
    let banned = backend.post("/v1/users/ban", json!({ "user_ids": [a, b] })).await.ok();
    assert_eq!(ids(&banned), [a.as_str(), b.as_str()]);
    assert_eq!(banned.at("/1/banned"), json!(true));
    let freed = backend.post("/v1/users/unban", json!({ "user_ids": [b] })).await.ok();
    assert_eq!((ids(&freed), freed.at("/0/banned")), (vec![b], json!(false)));
    for (body, code) in [
        (json!({}), "form_param_missing"),
        (json!({ "user_ids": [] }), "form_param_nil"),
        (json!({ "user_ids": "user_1" }), "form_param_type_invalid"),
        (json!({ "user_ids": vec!["user_1"; 51] }), "form_param_array_size_exceeded"),
    ] {
        let answer = backend.post("/v1/users/ban", body).await;
        assert_eq!((answer.refusal(), param(&answer)), (refused(422, code), "user_ids".into()));
    }
}

#[tokio::test]
async fn nobody_is_banned_under_an_unknown_id() {
    let backend = start().await;
    for word in ["ban", "unban", "lock", "unlock"] {
        for id in [nothing("user"), "nobody".to_owned(), "sess_1".to_owned()] {
            let answer = backend.send("POST", &format!("/v1/users/{id}/{word}"), None).await;
            assert_eq!(answer.refusal(), refused(404, "resource_not_found"), "{word} {id}");
        }
    }
}
