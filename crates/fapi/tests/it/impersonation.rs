//! Acting as another user: what such a session may do, and what it keeps from happening.

use crate::sessions::claims;
use axum::body::Body;
use serde_json::{Value, json};
use verger_model::Millis;
use verger_testkit::{Answer, Backend, Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";
const JOE: &str = "joe@example.com";

/// A server with Jane and Joe, and a browser where Joe is signed in.
async fn with_joe() -> (TestServer, Browser, Backend) {
    let server = TestServer::start().await;
    server.browser().sign_up(JANE).await;
    let mut browser = server.browser();
    browser.sign_up(JOE).await;
    let backend = server.backend().await;
    (server, browser, backend)
}

async fn id_of(backend: &Backend, email: &str) -> String {
    backend.get(&format!("/v1/users?email_address={email}")).await.ok().text("/0/id")
}

/// A token by which Joe acts as Jane.
async fn token(backend: &Backend) -> Answer {
    let (jane, joe) = (id_of(backend, JANE).await, id_of(backend, JOE).await);
    backend.post("/v1/actor_tokens", json!({ "user_id": jane, "actor": { "sub": joe } })).await.ok()
}

async fn use_ticket(browser: &mut Browser, ticket: &str) -> Answer {
    browser.post("/v1/client/sign_ins", &[("strategy", "ticket"), ("ticket", ticket)]).await
}

/// A browser where Joe acts as Jane.
async fn acting() -> (TestServer, Browser, Backend, String) {
    let (server, mut browser, backend) = with_joe().await;
    let ticket = token(&backend).await.text("/token");
    let session = use_ticket(&mut browser, &ticket).await.ok().text("/response/created_session_id");
    (server, browser, backend, session)
}

#[tokio::test]
async fn every_token_of_such_a_session_names_the_actor() {
    let (_server, mut browser, backend, session) = acting().await;
    let joe = id_of(&backend, JOE).await;
    let client = browser.get("/v1/client").await.ok();
    assert_eq!(client.at("/response/sessions").as_array().map(Vec::len), Some(1), "Joe's own session made room");
    assert_eq!(client.at("/response/sessions/0/actor"), json!({ "sub": joe }));
    // The actor proved no factor of the user.
    assert_eq!(client.at("/response/sessions/0/factor_verification_age"), json!([-1, -1]));
    let kept = claims(&client.text("/response/sessions/0/last_active_token/jwt"));
    let minted = browser.post(&format!("/v1/client/sessions/{session}/tokens"), &[]).await.ok();
    for claims in [kept, claims(&minted.text("/jwt"))] {
        assert_eq!(claims["act"], json!({ "sub": joe }));
        assert_eq!(claims["sub"], id_of(&backend, JANE).await.as_str());
    }
    let sessions = backend.get(&format!("/v1/sessions?user_id={joe}")).await.ok();
    assert_eq!(sessions.text("/0/status"), "replaced");
}

#[tokio::test]
async fn no_session_begins_while_somebody_acts() {
    let (server, mut browser, backend, session) = acting().await;
    let refused = (409, "session_creation_not_allowed".to_owned());
    assert_eq!(browser.sign_in(JOE, PASSWORD).await.refusal(), refused);
    assert_eq!(browser.post("/v1/client/sign_ups", &[("email_address", "x@example.com")]).await.refusal(), refused);
    let nested = token(&backend).await.text("/token");
    assert_eq!(use_ticket(&mut browser, &nested).await.refusal(), refused);
    browser.post(&format!("/v1/client/sessions/{session}/remove"), &[]).await.ok();
    use_ticket(&mut browser, &nested).await.ok();
    server.clock.advance(Millis::from_mins(10));
    assert_eq!(browser.sign_in(JOE, PASSWORD).await.ok().text("/response/status"), "complete");
}

#[tokio::test]
async fn an_attempt_begun_before_does_not_complete_while_somebody_acts() {
    let (_server, mut browser, backend) = with_joe().await;
    browser.sign_out().await.ok();
    let attempt = browser.identify(JOE).await;
    let ticket = token(&backend).await.text("/token");
    use_ticket(&mut browser, &ticket).await.ok();
    let fields = [("strategy", "password"), ("password", PASSWORD)];
    let late = browser.sign_in_step(&attempt, "attempt_first_factor", &fields).await;
    assert_eq!(late.refusal(), (403, "resource_forbidden".into()));
}

#[tokio::test]
async fn in_multi_session_mode_the_actor_stays_signed_in() {
    let (server, mut browser, backend) = with_joe().await;
    server.settings(&server.development(), |settings| settings.sessions.single_session = false).await;
    let ticket = token(&backend).await.text("/token");
    let done = use_ticket(&mut browser, &ticket).await.ok();
    assert_eq!(done.at("/client/sessions").as_array().map(Vec::len), Some(2));
    assert_eq!(done.at("/client/last_active_session_id"), done.at("/response/created_session_id"));
    let refused = browser.post("/v1/client/sign_ins", &[]).await;
    assert_eq!(refused.refusal(), (409, "session_creation_not_allowed".into()));
}

#[tokio::test]
async fn such_a_session_ends_after_half_an_hour_or_ten_idle_minutes() {
    let (server, mut browser, _, session) = acting().await;
    let tokens = format!("/v1/client/sessions/{session}/tokens");
    for _ in 0..3 {
        server.clock.advance(Millis::from_mins(9));
        browser.post(&tokens, &[]).await.ok();
        server.service.stamp_last_active().await.unwrap();
    }
    server.clock.advance(Millis::from_mins(3));
    assert_eq!(browser.post(&tokens, &[]).await.refusal(), (401, "signed_out".into()), "half an hour");

    let (server, mut browser, _, session) = acting().await;
    server.clock.advance(Millis::from_mins(10));
    let tokens = format!("/v1/client/sessions/{session}/tokens");
    assert_eq!(browser.post(&tokens, &[]).await.refusal(), (401, "signed_out".into()), "ten minutes");
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
}

#[tokio::test]
async fn a_shorter_session_can_be_asked_for() {
    let (server, mut browser, backend) = with_joe().await;
    let (jane, joe) = (id_of(&backend, JANE).await, id_of(&backend, JOE).await);
    let body = json!({ "user_id": jane, "actor": { "sub": joe }, "session_max_duration_in_seconds": 60 });
    let ticket = backend.post("/v1/actor_tokens", body).await.ok().text("/token");
    let done = use_ticket(&mut browser, &ticket).await.ok();
    assert_eq!(done.at("/client/sessions/0/expire_at"), json!(server.service.now().0 + 60_000));
}

#[tokio::test]
async fn an_actor_changes_nothing_that_lets_people_in() {
    for reverification in [true, false] {
        let (server, mut browser, _, _) = acting().await;
        server
            .settings(&server.development(), |settings| {
                settings.sessions.reverification = reverification;
                settings.attributes.username.enabled = true;
                settings.multi_factor.authenticator_app = true;
                settings.multi_factor.backup_codes = true;
            })
            .await;
        let refused = (403, "resource_forbidden".to_owned());
        let new = [("new_password", "another good passphrase 7"), ("current_password", PASSWORD)];
        assert_eq!(browser.post("/v1/me/change_password", &new).await.refusal(), refused);
        let address = [("email_address", "joe+2@example.com")];
        assert_eq!(browser.post("/v1/me/email_addresses", &address).await.refusal(), refused);
        assert_eq!(browser.patch("/v1/me", &[("username", "janes_name")]).await.refusal(), refused);
        assert_eq!(browser.post("/v1/me/totp", &[]).await.refusal(), refused);
        assert_eq!(browser.post("/v1/me/backup_codes", &[]).await.refusal(), refused);
        assert_eq!(browser.delete("/v1/me").await.refusal(), refused);
        browser.patch("/v1/me", &[("first_name", "Jane")]).await.ok();
    }
}

#[tokio::test]
async fn a_second_factor_of_the_user_is_not_asked_of_the_actor() {
    let (server, mut browser, backend) = with_joe().await;
    server
        .settings(&server.development(), |settings| {
            settings.multi_factor.authenticator_app = true;
            settings.multi_factor.required = true;
        })
        .await;
    let ticket = token(&backend).await.text("/token");
    let done = use_ticket(&mut browser, &ticket).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(
        (done.text("/client/sessions/0/status"), done.at("/client/sessions/0/tasks")),
        ("active".into(), Value::Null)
    );
}

#[tokio::test]
async fn the_address_of_a_token_signs_everybody_out_first() {
    let (server, mut browser, backend) = with_joe().await;
    let made = token(&backend).await;
    let path = made.text("/url").replace("http://localhost:4000", "");
    // A look ahead ends nothing.
    let ahead = browser.request("GET", &path).header("sec-purpose", "prefetch").body(Body::empty()).expect("a request");
    assert_eq!(server.at_frontend(ahead).await.status, 303);
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions").as_array().map(Vec::len), Some(1));
    let sent = browser.get(&path).await;
    let location = sent.location().to_owned();
    assert!(location.starts_with("http://localhost:4000/sign-in?__clerk_ticket="), "{location}");
    assert!(location.ends_with("&__clerk_status=sign_in"), "{location}");
    assert_eq!(browser.jar.get("__client_uat"), Some("0"));
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));

    use_ticket(&mut browser, &made.text("/token")).await.ok();
    // What cannot be used signs nobody out.
    browser.get(&path).await;
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions").as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_fifty_parallel_tries_uses_an_actor_token() {
    let (server, _, backend) = with_joe().await;
    let ticket = token(&backend).await.text("/token");
    let mut tries = Vec::new();
    for _ in 0..50 {
        let (mut browser, ticket) = (server.browser(), ticket.clone());
        tries.push(tokio::spawn(async move { use_ticket(&mut browser, &ticket).await }));
    }
    let mut successes = 0;
    for attempt in tries {
        let answer = attempt.await.expect("a try does not panic");
        assert!(answer.status < 500, "{}", String::from_utf8_lossy(&answer.body));
        successes += usize::from(answer.status == 200);
    }
    assert_eq!(successes, 1);
}
