//! `/actor_tokens`.

use crate::{neighbour, nothing, param, refused, start, user_id};
use serde_json::{Value, json};
use verger_model::Millis;
use verger_testkit::{Answer, Backend};

async fn use_ticket(backend: &Backend, ticket: &str) -> Answer {
    let mut browser = backend.server.browser().open().await;
    browser.post("/v1/client/sign_ins", &[("strategy", "ticket"), ("ticket", ticket)]).await
}

/// A token by which Joe acts as this user.
async fn token(backend: &Backend, user: &str) -> Answer {
    backend.post("/v1/actor_tokens", json!({ "user_id": user, "actor": { "sub": "user_joe" } })).await.ok()
}

#[tokio::test]
async fn an_actor_token_opens_one_session_with_its_actor() {
    let backend = start().await;
    let user = user_id(&backend, "jane@example.com").await;
    let actor = json!({ "sub": "user_joe", "reason": "ticket 7" });
    let made = backend.post("/v1/actor_tokens", json!({ "user_id": user, "actor": actor })).await.ok();
    assert_eq!((made.text("/object"), made.text("/status")), ("actor_token".into(), "pending".into()));
    assert_eq!((made.text("/user_id"), made.at("/actor")), (user.clone(), actor.clone()));
    let ticket = made.text("/token");
    let door = &backend.server.development().addresses.frontend_api;
    assert_eq!(made.text("/url"), format!("{door}/v1/tickets/accept?ticket={ticket}"));

    let first = use_ticket(&backend, &ticket).await.ok();
    assert_eq!(first.text("/response/status"), "complete");
    assert_eq!(first.at("/client/sessions/0/actor"), actor);
    assert_eq!(first.text("/client/sessions/0/user/id"), user);
    let id = first.text("/response/created_session_id");
    let session = backend.get(&format!("/v1/sessions/{id}")).await.ok();
    assert_eq!((session.at("/actor"), session.text("/user_id")), (actor, user.clone()));
    let now = backend.server.service.now();
    assert_eq!(session.at("/expire_at"), json!((now + Millis::from_mins(30)).0));
    assert_eq!(backend.get(&format!("/v1/users/{user}")).await.ok().at("/last_sign_in_at"), Value::Null);

    assert_eq!(use_ticket(&backend, &ticket).await.refusal(), refused(400, "actor_token_already_used_code"));
    let late = backend.send("POST", &format!("/v1/actor_tokens/{}/revoke", made.text("/id")), None).await;
    assert_eq!(late.refusal(), refused(400, "actor_token_cannot_be_revoked_code"));
}

#[tokio::test]
async fn a_revoked_late_or_orphaned_actor_token_signs_nobody_in() {
    let backend = start().await;
    let user = user_id(&backend, "jane@example.com").await;
    let made = token(&backend, &user).await;
    let revoked = backend.send("POST", &format!("/v1/actor_tokens/{}/revoke", made.text("/id")), None).await.ok();
    assert_eq!((revoked.text("/status"), revoked.at("/token")), ("revoked".into(), Value::Null));
    assert_eq!(use_ticket(&backend, &made.text("/token")).await.refusal(), refused(400, "actor_token_revoked_code"));

    let hour = token(&backend, &user).await;
    backend.server.clock.advance(Millis::from_mins(62));
    assert_eq!(use_ticket(&backend, &hour.text("/token")).await.refusal(), refused(400, "ticket_expired_code"));

    let orphan = token(&backend, &user).await;
    backend.delete(&format!("/v1/users/{user}")).await.ok();
    let gone = use_ticket(&backend, &orphan.text("/token")).await;
    assert_eq!(gone.refusal(), refused(404, "actor_token_subject_not_found"));
}

#[tokio::test]
async fn a_sign_up_takes_no_actor_token() {
    let backend = start().await;
    let user = user_id(&backend, "jane@example.com").await;
    let ticket = token(&backend, &user).await.text("/token");
    let mut browser = backend.server.browser().open().await;
    let answer = browser.post("/v1/client/sign_ups", &[("strategy", "ticket"), ("ticket", &ticket)]).await;
    assert_eq!(answer.refusal(), refused(400, "actor_token_not_in_sign_in_code"));
    use_ticket(&backend, &ticket).await.ok();
}

#[tokio::test]
async fn what_is_wrong_with_a_new_actor_token_is_named() {
    let backend = start().await;
    let user = user_id(&backend, "jane@example.com").await;
    let joe = json!({ "sub": "user_joe" });
    for (body, code, name) in [
        (json!({ "actor": joe }), "form_param_missing", "user_id"),
        (json!({ "user_id": user }), "form_param_missing", "actor"),
        (json!({ "user_id": user, "actor": null }), "form_param_nil", "actor"),
        (json!({ "user_id": user, "actor": "joe" }), "form_param_type_invalid", "actor"),
        (json!({ "user_id": user, "actor": {} }), "form_param_missing", "actor.sub"),
        (json!({ "user_id": user, "actor": { "sub": "" } }), "form_param_nil", "actor.sub"),
        (json!({ "user_id": user, "actor": { "sub": 7 } }), "form_param_type_invalid", "actor.sub"),
        (
            json!({ "user_id": user, "actor": { "sub": "x", "y": "z".repeat(1024) } }),
            "form_param_exceeds_allowed_size",
            "actor",
        ),
        (
            json!({ "user_id": user, "actor": joe, "expires_in_seconds": 0 }),
            "form_param_value_invalid",
            "expires_in_seconds",
        ),
        (
            json!({ "user_id": user, "actor": joe, "session_max_duration_in_seconds": 1801 }),
            "form_param_value_too_large",
            "session_max_duration_in_seconds",
        ),
        (json!({ "user_id": user, "actor": joe, "role": "admin" }), "form_param_unknown", "role"),
    ] {
        let answer = backend.post("/v1/actor_tokens", body).await;
        assert_eq!((answer.refusal(), param(&answer)), (refused(422, code), name.into()));
    }
    let nobody = backend.post("/v1/actor_tokens", json!({ "user_id": nothing("user"), "actor": joe })).await;
    assert_eq!(nobody.refusal(), refused(404, "resource_not_found"));
    let oneself = backend.post("/v1/actor_tokens", json!({ "user_id": user, "actor": { "sub": user } })).await;
    assert_eq!(oneself.refusal(), refused(400, "actor_token_cannot_be_used_code"));
    for id in [nothing("act"), "x".to_owned()] {
        let answer = backend.send("POST", &format!("/v1/actor_tokens/{id}/revoke"), None).await;
        assert_eq!(answer.refusal(), refused(404, "resource_not_found"));
    }
}

#[tokio::test]
async fn another_instance_neither_makes_takes_nor_revokes_it() {
    let backend = start().await;
    let user = user_id(&backend, "jane@example.com").await;
    let made = token(&backend, &user).await;
    let other = neighbour(&backend).await;
    let body = json!({ "user_id": user, "actor": { "sub": "user_joe" } });
    assert_eq!(other.post("/v1/actor_tokens", body).await.refusal(), refused(404, "resource_not_found"));
    let revoke = other.send("POST", &format!("/v1/actor_tokens/{}/revoke", made.text("/id")), None).await;
    assert_eq!(revoke.refusal(), refused(404, "resource_not_found"));
    let joe = user_id(&other, "joe@example.com").await;
    let foreign = token(&other, &joe).await.text("/token");
    assert_eq!(use_ticket(&backend, &foreign).await.refusal(), refused(400, "ticket_invalid_code"));
    use_ticket(&backend, &made.text("/token")).await.ok();
}

#[tokio::test]
async fn a_session_of_an_actor_counts_as_expired_when_it_is_idle() {
    let backend = start().await;
    let user = user_id(&backend, "jane@example.com").await;
    let ticket = token(&backend, &user).await.text("/token");
    let id = use_ticket(&backend, &ticket).await.ok().text("/response/created_session_id");
    backend.post("/v1/sessions", json!({ "user_id": user })).await.ok();
    let active = format!("/v1/sessions?user_id={user}&status=active");
    assert_eq!(crate::ids(&backend.get(&active).await.ok()).len(), 2);
    backend.server.clock.advance(Millis::from_mins(10));
    assert_eq!(crate::ids(&backend.get(&active).await.ok()).len(), 1);
    let expired = backend.get(&format!("/v1/sessions?user_id={user}&status=expired")).await.ok();
    assert_eq!((expired.text("/0/id"), expired.text("/0/status")), (id, "expired".into()));
}
