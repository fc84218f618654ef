//! What a refused password costs: nobody learns by the clock who has an account.

use serde_json::json;
use std::future::Future;
use verger_service::HashWork;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";
const WRONG: &str = "not the password";
/// One digest with the parameters of new passwords: 19 MiB, two passes.
const ONE: HashWork = HashWork { calls: 1, argon2_digests: 1, argon2_kib: 2 * 19_456 };
/// bcrypt of [`PASSWORD`], made by another system.
const BCRYPT: &str = "$2b$04$abcdefghijklmnopqrstuuZ6FQYRqyxExIV1Y1QdAbcfzTcbeBCEa";

async fn cost(server: &TestServer, asked: impl Future<Output = Answer>) -> (Answer, HashWork) {
    let before = server.service.hash_work();
    let answer = asked.await;
    let after = server.service.hash_work();
    let work = HashWork {
        calls: after.calls - before.calls,
        argon2_digests: after.argon2_digests - before.argon2_digests,
        argon2_kib: after.argon2_kib - before.argon2_kib,
    };
    (answer, work)
}

/// A server with one user, made by the application's backend.
async fn with_user(user: serde_json::Value) -> (TestServer, String) {
    let server = TestServer::start().await;
    let id = server.backend().await.post("/v1/users", user).await.ok().text("/id");
    (server, id)
}

fn with_password() -> serde_json::Value {
    json!({ "email_address": [JANE], "password": PASSWORD })
}

fn without_password() -> serde_json::Value {
    json!({ "email_address": [JANE], "skip_password_requirement": true })
}

/// Both ways to give a password: with the name, and after it.
async fn both_ways(server: &TestServer, email: &str, password: &str) -> [(Answer, HashWork); 2] {
    let at_once = cost(server, server.browser().sign_in(email, password)).await;
    let mut browser = server.browser();
    let id = browser.identify(email).await;
    let fields = [("strategy", "password"), ("password", password)];
    [at_once, cost(server, browser.sign_in_step(&id, "attempt_first_factor", &fields)).await]
}

#[tokio::test]
async fn a_wrong_password_is_one_digest() {
    let (server, _) = with_user(with_password()).await;
    for (answer, work) in both_ways(&server, JANE, WRONG).await {
        assert_eq!((answer.refusal(), work), ((422, "form_password_incorrect".into()), ONE));
    }
}

#[tokio::test]
async fn an_unknown_user_costs_what_a_wrong_password_costs() {
    let (server, _) = with_user(with_password()).await;
    for name in ["nobody@example.com", "nobody@x.test"] {
        let (answer, work) = cost(&server, server.browser().sign_in(name, WRONG)).await;
        assert_eq!((answer.refusal(), work), ((422, "form_identifier_not_found".into()), ONE), "{name}");
    }
    let unsaid = [("identifier", "nobody@example.com"), ("password", WRONG)];
    let (answer, work) = cost(&server, server.browser().post("/v1/client/sign_ins", &unsaid)).await;
    assert_eq!((answer.refusal(), work), ((422, "form_identifier_not_found".into()), ONE));
}

#[tokio::test]
async fn a_user_without_a_password_costs_what_a_wrong_password_costs() {
    let (server, _) = with_user(without_password()).await;
    for (answer, work) in both_ways(&server, JANE, WRONG).await {
        assert_eq!((answer.refusal(), work), ((400, "strategy_for_user_invalid".into()), ONE));
    }
}

#[tokio::test]
async fn a_banned_or_locked_user_costs_what_a_wrong_password_costs() {
    for (step, code) in [("ban", "user_banned"), ("lock", "user_locked")] {
        let (server, id) = with_user(with_password()).await;
        server.backend().await.post(&format!("/v1/users/{id}/{step}"), json!({})).await.ok();
        for password in [WRONG, PASSWORD] {
            for (answer, work) in both_ways(&server, JANE, password).await {
                assert_eq!((answer.refusal(), work), ((403, code.into()), ONE));
            }
        }
    }
}

#[tokio::test]
async fn a_right_password_is_one_digest() {
    let (server, _) = with_user(with_password()).await;
    for (answer, work) in both_ways(&server, JANE, PASSWORD).await {
        assert_eq!((answer.ok().text("/response/status").as_str(), work), ("complete", ONE));
    }
}

#[tokio::test]
async fn a_cheap_digest_from_elsewhere_costs_as_much_whether_the_password_is_right_or_wrong() {
    let imported = json!({ "email_address": [JANE], "password_digest": BCRYPT, "password_hasher": "bcrypt" });
    let (server, _) = with_user(imported).await;
    let twice = HashWork { calls: 2, ..ONE };
    let (answer, work) = cost(&server, server.browser().sign_in(JANE, WRONG)).await;
    assert_eq!((answer.refusal(), work), ((422, "form_password_incorrect".into()), twice));
    let (answer, work) = cost(&server, server.browser().sign_in(JANE, PASSWORD)).await;
    assert_eq!((answer.ok().status, work), (200, twice));
    let (answer, work) = cost(&server, server.browser().sign_in(JANE, PASSWORD)).await;
    assert_eq!((answer.ok().status, work), (200, ONE));
}

#[tokio::test]
async fn no_password_is_hashed_that_nobody_would_look_at() {
    let (server, _) = with_user(with_password()).await;
    let none = HashWork::default();
    let endless = "x".repeat(4097);
    for name in [JANE, "nobody@example.com"] {
        let (_, work) = cost(&server, server.browser().sign_in(name, &endless)).await;
        assert_eq!(work, none, "{name}");
        let by_code = [("identifier", name), ("strategy", "email_code"), ("password", WRONG)];
        let (_, work) = cost(&server, server.browser().post("/v1/client/sign_ins", &by_code)).await;
        assert_eq!(work, none, "{name}");
    }
    let tenant = server.settings(&server.development(), |it| it.attributes.password.enabled = false).await;
    let browser = |name: &'static str| {
        let mut browser: Browser = server.browser_of(&tenant);
        async move { browser.sign_in(name, WRONG).await }
    };
    let (answer, work) = cost(&server, browser(JANE)).await;
    assert_eq!((answer.refusal(), work), ((400, "strategy_for_user_invalid".into()), none));
    let (answer, work) = cost(&server, browser("nobody@example.com")).await;
    assert_eq!((answer.refusal(), work), ((422, "form_identifier_not_found".into()), none));
}

#[tokio::test]
async fn the_backend_is_answered_after_the_same_work() {
    let (server, id) = with_user(with_password()).await;
    let backend = server.backend().await;
    let verify = format!("/v1/users/{id}/verify_password");
    let body = || json!({ "password": WRONG });
    let (answer, work) = cost(&server, backend.post(&verify, body())).await;
    assert_eq!((answer.refusal(), work), ((422, "incorrect_password".into()), ONE));
    backend.post(&format!("/v1/users/{id}/lock"), json!({})).await.ok();
    let (answer, work) = cost(&server, backend.post(&verify, body())).await;
    assert_eq!((answer.refusal(), work), ((403, "user_locked".into()), ONE));

    let (server, id) = with_user(without_password()).await;
    let backend = server.backend().await;
    let (answer, work) = cost(&server, backend.post(&format!("/v1/users/{id}/verify_password"), body())).await;
    assert_eq!((answer.refusal(), work), ((400, "no_password_set".into()), ONE));
}
