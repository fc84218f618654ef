//! How often may be asked: each limit up to its last request, the refusal after it, and the time after which it opens again.

use serde_json::json;
use std::sync::Arc;
use verger_model::Millis;
use verger_service::{NewApplication, Tenant};
use verger_testkit::{Answer, Backend, Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";
const HERE: &str = "203.0.113.9";

/// A development instance with limits, and one user.
async fn limited() -> (TestServer, Arc<Tenant>) {
    let server = TestServer::start().await;
    let tenant = server.settings(&server.development(), |it| it.attack_protection.rate_limits = Some(true)).await;
    let user = json!({ "email_address": [JANE], "password": PASSWORD });
    server.backend().await.post("/v1/users", user).await.ok();
    (server, tenant)
}

async fn start(browser: &mut Browser, email: &str) -> Answer {
    browser.post("/v1/client/sign_ins", &[("identifier", email)]).await
}

/// 429 `too_many_requests` with this wait.
#[track_caller]
fn refused(answer: &Answer, secs: &str) {
    assert_eq!(answer.refusal(), (429, "too_many_requests".into()));
    assert_eq!(answer.header("retry-after"), secs);
}

#[tokio::test]
async fn the_sixth_sign_in_of_an_address_waits() {
    let (server, tenant) = limited().await;
    for n in 0..5 {
        let mut browser = server.browser_of(&tenant).from(HERE);
        let answer = start(&mut browser, &format!("nobody{n}@example.com")).await;
        assert_eq!(answer.refusal(), (422, "form_identifier_not_found".into()));
        server.clock.advance(Millis::from_secs(1));
    }
    refused(&start(&mut server.browser_of(&tenant).from(HERE), "nobody9@example.com").await, "5");
    start(&mut server.browser_of(&tenant).from("203.0.113.10"), JANE).await.ok();
    server.clock.advance(Millis::from_secs(5));
    start(&mut server.browser_of(&tenant).from(HERE), JANE).await.ok();
    refused(&start(&mut server.browser_of(&tenant).from(HERE), JANE).await, "1");
}

#[tokio::test]
async fn one_account_is_not_tried_from_many_addresses() {
    let (server, tenant) = limited().await;
    for n in 0..5 {
        start(&mut server.browser_of(&tenant).from(&format!("203.0.113.{n}")), JANE).await.ok();
    }
    refused(&start(&mut server.browser_of(&tenant).from("203.0.113.77"), " Jane@Example.com").await, "10");
    let answer = start(&mut server.browser_of(&tenant).from("203.0.113.77"), "joe@example.com").await;
    assert_eq!(answer.status, 422);
    server.clock.advance(Millis::from_secs(10));
    start(&mut server.browser_of(&tenant).from("203.0.113.77"), JANE).await.ok();
}

#[tokio::test]
async fn neighbours_in_one_network_count_together() {
    let (server, tenant) = limited().await;
    for n in 0..5 {
        let mut browser = server.browser_of(&tenant).from(&format!("2001:db8:1:2::{n}"));
        start(&mut browser, &format!("nobody{n}@example.com")).await;
    }
    refused(&start(&mut server.browser_of(&tenant).from("2001:db8:1:2:ffff::1"), JANE).await, "10");
    start(&mut server.browser_of(&tenant).from("2001:db8:1:3::1"), JANE).await.ok();
}

#[tokio::test]
async fn the_fourth_answer_waits_and_is_not_counted_as_a_failure() {
    let (server, tenant) = limited().await;
    let mut browser = server.browser_of(&tenant).from(HERE);
    let id = browser.identify(JANE).await;
    let wrong = [("strategy", "password"), ("password", "not the password")];
    for _ in 0..3 {
        let answer = browser.sign_in_step(&id, "attempt_first_factor", &wrong).await;
        assert_eq!(answer.refusal(), (422, "form_password_incorrect".into()));
    }
    let before = server.service.hash_work();
    refused(&browser.sign_in_step(&id, "attempt_first_factor", &wrong).await, "10");
    refused(&browser.sign_in_step(&id, "attempt_second_factor", &[("strategy", "totp"), ("code", "1")]).await, "10");
    assert_eq!(server.service.hash_work(), before);
    let jane = server.backend().await.get("/v1/users").await.ok();
    assert_eq!(jane.at("/0/verification_attempts_remaining"), json!(7));
    server.clock.advance(Millis::from_secs(10));
    let right = [("strategy", "password"), ("password", PASSWORD)];
    browser.sign_in_step(&id, "attempt_first_factor", &right).await.ok();
}

#[tokio::test]
async fn the_fourth_answer_about_one_account_waits_wherever_it_comes_from() {
    let (server, tenant) = limited().await;
    let wrong = [("strategy", "password"), ("password", "not the password")];
    for n in 0..4 {
        let mut browser = server.browser_of(&tenant).from(&format!("203.0.113.{n}"));
        let id = browser.identify(JANE).await;
        let answer = browser.sign_in_step(&id, "attempt_first_factor", &wrong).await;
        if n < 3 { assert_eq!(answer.status, 422) } else { refused(&answer, "10") }
    }
}

#[tokio::test]
async fn thirty_wrong_answers_about_one_account_are_enough_for_an_hour() {
    let (server, tenant) = limited().await;
    let tenant = server.settings(&tenant, |it| it.attack_protection.lockout.enabled = false).await;
    let wrong = [("strategy", "password"), ("password", "not the password")];
    let mut browser = server.browser_of(&tenant).from(HERE);
    let id = browser.identify(JANE).await;
    for _ in 0..30 {
        server.clock.advance(Millis::from_secs(10));
        assert_eq!(browser.sign_in_step(&id, "attempt_first_factor", &wrong).await.status, 422);
    }
    server.clock.advance(Millis::from_secs(10));
    let other = server.browser_of(&tenant).from("203.0.113.10");
    for mut browser in [browser, other] {
        let id = browser.identify(JANE).await;
        let right = [("strategy", "password"), ("password", PASSWORD)];
        refused(&browser.sign_in_step(&id, "attempt_first_factor", &right).await, "3300");
    }
}

#[tokio::test]
async fn the_sixth_sign_up_of_an_address_or_for_an_address_waits() {
    let (server, tenant) = limited().await;
    let sign_up = async |ip: &str, email: &str| {
        server.browser_of(&tenant).from(ip).post("/v1/client/sign_ups", &[("email_address", email)]).await
    };
    for n in 0..5 {
        sign_up(HERE, &format!("new{n}@example.com")).await.ok();
        sign_up(&format!("198.51.100.{n}"), "new@example.com").await.ok();
    }
    refused(&sign_up(HERE, "new9@example.com").await, "10");
    refused(&sign_up("198.51.100.9", "new@example.com").await, "10");
    // Whose address is taken cannot be asked by changing one sign-up either.
    server.clock.advance(Millis::from_secs(10));
    let mut browser = server.browser_of(&tenant).from(HERE);
    let id = browser.post("/v1/client/sign_ups", &[]).await.ok().text("/response/id");
    let path = format!("/v1/client/sign_ups/{id}");
    for _ in 0..4 {
        assert_eq!(browser.patch(&path, &[("email_address", JANE)]).await.status, 422);
    }
    refused(&browser.patch(&path, &[("email_address", JANE)]).await, "10");
    browser.patch(&path, &[("legal_accepted", "true")]).await.ok();
}

#[tokio::test]
async fn the_fourth_code_waits_and_is_no_try() {
    let (server, tenant) = limited().await;
    let mut browser = server.browser_of(&tenant).from(HERE);
    let fields = [("email_address", "new@example.com"), ("password", PASSWORD)];
    let id = browser.post("/v1/client/sign_ups", &fields).await.ok().text("/response/id");
    let path = format!("/v1/client/sign_ups/{id}");
    browser.post(&format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await.ok();
    let code = server.code(&tenant, "new@example.com").await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let attempt = format!("{path}/attempt_verification");
    for _ in 0..3 {
        let answer = browser.post(&attempt, &[("strategy", "email_code"), ("code", wrong)]).await;
        assert_eq!(answer.refusal(), (422, "form_code_incorrect".into()));
    }
    let right = [("strategy", "email_code"), ("code", code.as_str())];
    refused(&browser.post(&attempt, &right).await, "10");
    refused(&browser.clone().from("198.51.100.1").post(&attempt, &right).await, "10");
    server.clock.advance(Millis::from_secs(10));
    browser.post(&attempt, &right).await.ok();
}

#[tokio::test]
async fn an_address_gets_ten_challenges_an_hour() {
    let server = TestServer::start().await;
    let tenant = server.development();
    let ask = async |email: &str| {
        let mut browser = server.browser_of(&tenant);
        let fields = [("email_address", email), ("strategy", "email_code")];
        browser.post("/v1/client/sign_ups", &fields).await
    };
    for _ in 0..10 {
        ask("new@example.com").await.ok();
        server.clock.advance(Millis::from_secs(30));
    }
    let answer = ask("new@example.com").await;
    assert_eq!(answer.refusal(), (429, "verification_code_rate_limit_exceeded".into()));
    assert_eq!(answer.header("retry-after"), "3300");
    ask("other@example.com").await.ok();
    server.clock.advance(Millis::from_secs(3300));
    ask("new@example.com").await.ok();
    for _ in 0..11 {
        ask("new+clerk_test@example.com").await.ok();
    }
}

#[tokio::test]
async fn one_address_makes_the_server_send_sixty_challenges_an_hour() {
    let (server, tenant) = limited().await;
    let ask = async |n: usize| {
        server.clock.advance(Millis::from_secs(3));
        let email = format!("new{n}@example.com");
        let fields = [("email_address", email.as_str()), ("strategy", "email_code")];
        server.browser_of(&tenant).from(HERE).post("/v1/client/sign_ups", &fields).await
    };
    for n in 0..60 {
        ask(n).await.ok();
    }
    assert_eq!(ask(60).await.refusal(), (429, "verification_code_rate_limit_exceeded".into()));
    server.clock.advance(Millis::from_mins(60));
    ask(61).await.ok();
}

#[tokio::test]
async fn instances_count_apart() {
    let (server, tenant) = limited().await;
    let other = server.application(NewApplication { name: "Other".into(), ..NewApplication::default() }).await;
    let other = server.settings(&other.development.tenant, |it| it.attack_protection.rate_limits = Some(true)).await;
    for _ in 0..5 {
        start(&mut server.browser_of(&tenant).from(HERE), JANE).await.ok();
    }
    refused(&start(&mut server.browser_of(&tenant).from(HERE), JANE).await, "10");
    let answer = start(&mut server.browser_of(&other).from(HERE), JANE).await;
    assert_eq!(answer.refusal(), (422, "form_identifier_not_found".into()));
}

#[tokio::test]
async fn limits_are_off_in_development_and_on_in_production() {
    let server = TestServer::start().await;
    for _ in 0..9 {
        assert_eq!(start(&mut server.browser().from(HERE), JANE).await.status, 422);
    }
    let live = server.production().await.production.tenant;
    for _ in 0..5 {
        assert_eq!(start(&mut server.browser_of(&live).from(HERE), JANE).await.status, 422);
    }
    refused(&start(&mut server.browser_of(&live).from(HERE), JANE).await, "10");
    let live = server.settings(&live, |it| it.attack_protection.rate_limits = Some(false)).await;
    assert_eq!(start(&mut server.browser_of(&live).from(HERE), JANE).await.status, 422);
}

#[tokio::test]
async fn a_backend_asks_a_hundred_times_in_ten_seconds_and_keys_are_always_there() {
    let (server, _) = limited().await;
    let backend: Backend = server.backend().await;
    server.clock.advance(Millis::from_secs(10));
    for _ in 0..100 {
        backend.get("/v1/users/count").await.ok();
    }
    refused(&backend.get("/v1/users/count").await, "10");
    refused(&backend.get("/users/count").await, "10");
    backend.get("/v1/jwks").await.ok();
    server.clock.advance(Millis::from_secs(10));
    backend.get("/v1/users/count").await.ok();
}

#[tokio::test]
async fn a_user_is_changed_ten_times_in_ten_seconds() {
    let (server, _) = limited().await;
    let backend = server.backend().await;
    let id = backend.get("/v1/users").await.ok().text("/0/id");
    let path = format!("/v1/users/{id}");
    for n in 0..5 {
        backend.patch(&path, json!({ "first_name": format!("Jane {n}") })).await.ok();
        backend.patch(&format!("{path}/metadata"), json!({ "public_metadata": { "n": n } })).await.ok();
    }
    refused(&backend.patch(&path, json!({ "first_name": "Jane" })).await, "10");
    let joe = json!({ "email_address": ["joe@example.com"], "password": PASSWORD });
    let joe = backend.post("/v1/users", joe).await.ok().text("/id");
    backend.patch(&format!("/v1/users/{joe}"), json!({ "first_name": "Joe" })).await.ok();
    server.clock.advance(Millis::from_secs(10));
    backend.patch(&path, json!({ "first_name": "Jane" })).await.ok();
}

#[tokio::test]
async fn invitations_are_a_hundred_an_hour_and_bulks_twenty_five() {
    let (server, _) = limited().await;
    let backend = server.backend().await;
    let one = |n: usize| json!({ "email_address": format!("new{n}@example.com"), "notify": false });
    for n in 0..100 {
        if n % 50 == 0 {
            server.clock.advance(Millis::from_secs(10));
        }
        backend.post("/v1/invitations", one(n)).await.ok();
    }
    server.clock.advance(Millis::from_secs(10));
    refused(&backend.post("/v1/invitations", one(100)).await, "3580");
    for n in 0..25 {
        let two = json!([one(200 + 2 * n), one(201 + 2 * n)]);
        backend.post("/v1/invitations/bulk", two).await.ok();
    }
    refused(&backend.post("/v1/invitations/bulk", json!([one(300), one(301)])).await, "3600");
    server.clock.advance(Millis::from_mins(60));
    backend.post("/v1/invitations", one(100)).await.ok();
}
