//! Second factors of users, as their application's backend sees to them.

use serde_json::json;
use verger_model::Millis;
use verger_testkit::{Backend, PASSWORD, TestServer, totp_code};

const JANE: &str = "jane@example.com";

struct Enrolled {
    server: TestServer,
    backend: Backend,
    user: String,
    secret: String,
    codes: Vec<String>,
}

/// Jane with an authenticator app and backup codes.
async fn enrolled() -> Enrolled {
    let server = TestServer::start().await;
    let tenant = server.development();
    server
        .settings(&tenant, |settings| {
            settings.multi_factor.authenticator_app = true;
            settings.multi_factor.backup_codes = true;
        })
        .await;
    let mut browser = server.browser();
    let signed_up = browser.sign_up(JANE).await;
    browser.session = Some(signed_up.text("/client/sessions/0/id"));
    let secret = browser.post("/v1/me/totp", &[]).await.ok().text("/response/secret");
    let code = totp_code(&secret, server.service.now());
    let done = browser.post("/v1/me/totp/attempt_verification", &[("code", &code)]).await.ok();
    let codes = serde_json::from_value(done.at("/response/backup_codes")).expect("codes");
    server.clock.advance(Millis::from_mins(1));
    let backend = server.backend().await;
    Enrolled { server, backend, user: signed_up.text("/client/sessions/0/user/id"), secret, codes }
}

impl Enrolled {
    async fn verify(&self, code: &str) -> verger_testkit::Answer {
        self.backend.post(&format!("/v1/users/{}/verify_totp", self.user), json!({ "code": code })).await
    }
}

#[tokio::test]
async fn codes_of_both_kinds_are_verified_once() {
    let it = enrolled().await;
    let code = totp_code(&it.secret, it.server.service.now());
    assert_eq!(it.verify(&code).await.ok().text("/code_type"), "totp");
    assert_eq!(it.verify(&code).await.refusal(), (422, "totp_incorrect_code".into()));
    assert_eq!(it.verify(&it.codes[0]).await.ok().text("/code_type"), "backup_code");
    assert_eq!(it.verify(&it.codes[0]).await.refusal(), (422, "totp_incorrect_code".into()));
}

#[tokio::test]
async fn what_cannot_be_a_code_is_refused() {
    let it = enrolled().await;
    assert_eq!(it.verify("12345").await.refusal(), (422, "totp_invalid_length".into()));
    let missing = it.backend.post(&format!("/v1/users/{}/verify_totp", it.user), json!({})).await;
    assert_eq!(missing.refusal(), (422, "form_param_missing".into()));
    let unknown = it.backend.post("/v1/users/user_nobody/verify_totp", json!({ "code": "123456" })).await;
    assert_eq!(unknown.refusal(), (404, "resource_not_found".into()));
    for _ in 0..10 {
        assert_eq!(it.verify("zzzzzzzz").await.refusal().0 / 100, 4);
    }
    assert_eq!(it.verify(&it.codes[0]).await.refusal(), (403, "user_locked".into()));
}

#[tokio::test]
async fn factors_are_taken_away_and_doing_it_twice_does_no_harm() {
    let it = enrolled().await;
    for path in ["backup_code", "totp", "mfa", "mfa"] {
        let answer = it.backend.delete(&format!("/v1/users/{}/{path}", it.user)).await.ok();
        assert_eq!(answer.text("/user_id"), it.user, "{path}");
        let user = it.backend.get(&format!("/v1/users/{}", it.user)).await.ok();
        assert_eq!(user.at("/backup_code_enabled"), false, "{path}");
        assert_eq!(user.at("/totp_enabled"), path == "backup_code", "{path}");
    }
    assert_eq!(it.verify("123456").await.refusal(), (400, "totp_disabled".into()));
    let signed_in = it.server.browser().sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(signed_in.text("/response/status"), "complete");
}

#[tokio::test]
async fn another_instances_backend_sees_no_such_user() {
    let it = enrolled().await;
    let other =
        it.server.application(verger_service::NewApplication { name: "Other".into(), ..Default::default() }).await;
    let key = other.development.secret_key.expect("development keys can be shown");
    let stranger = Backend::new(it.server.clone(), key.expose());
    for path in ["backup_code", "totp", "mfa"] {
        let refused = stranger.delete(&format!("/v1/users/{}/{path}", it.user)).await;
        assert_eq!(refused.refusal(), (404, "resource_not_found".into()), "{path}");
    }
    let refused = stranger.post(&format!("/v1/users/{}/verify_totp", it.user), json!({ "code": it.codes[0] })).await;
    assert_eq!(refused.refusal(), (404, "resource_not_found".into()));
}

#[tokio::test]
async fn users_bring_their_factors_from_elsewhere() {
    let it = enrolled().await;
    let (secret, paper) = ("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "old-paper-code-1");
    let body = json!({
        "email_address": ["eve@example.com"], "password": PASSWORD, "totp_secret": secret, "backup_codes": [paper],
    });
    let user = it.backend.post("/v1/users", body).await.ok();
    assert_eq!((user.at("/totp_enabled"), user.at("/backup_code_enabled")), (true.into(), true.into()));
    for (strategy, code) in [("totp", totp_code(secret, it.server.service.now()).as_str()), ("backup_code", paper)] {
        let mut browser = it.server.browser();
        let asked = browser.sign_in("eve@example.com", PASSWORD).await.ok();
        assert_eq!(asked.text("/response/status"), "needs_second_factor");
        let fields = [("strategy", strategy), ("code", code)];
        let done = browser.sign_in_step(&asked.text("/response/id"), "attempt_second_factor", &fields).await.ok();
        assert_eq!(done.text("/response/status"), "complete", "{strategy}");
    }
    let path = format!("/v1/users/{}", it.user);
    it.backend.patch(&path, json!({ "totp_secret": secret })).await.ok();
    it.server.clock.advance(Millis::from_mins(1));
    assert_eq!(it.verify(&totp_code(secret, it.server.service.now())).await.ok().text("/code_type"), "totp");
    for (body, code) in [
        (json!({ "totp_secret": "short" }), "invalid_totp_secret_code"),
        (json!({ "backup_codes": ["1234567"] }), "form_param_value_invalid"),
    ] {
        assert_eq!(it.backend.patch(&path, body).await.refusal(), (422, code.into()));
    }
}
