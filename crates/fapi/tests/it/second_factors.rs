//! Second factors: setting them up, being asked for them, and every way around them.

use serde_json::{Value, json};
use verger_model::Millis;
use verger_testkit::{Browser, PASSWORD, TestServer, totp_code};

const JANE: &str = "jane@example.com";
const NEW_PASSWORD: &str = "another long password 2";

/// A server with both factors on, and Jane signed in on one browser.
async fn signed_in() -> (TestServer, Browser) {
    let server = TestServer::start().await;
    let tenant = server.development();
    server
        .settings(&tenant, |settings| {
            settings.multi_factor.authenticator_app = true;
            settings.multi_factor.backup_codes = true;
        })
        .await;
    let mut browser = server.browser();
    browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
    (server, browser)
}

/// The code of the moment.
fn code(server: &TestServer, secret: &str) -> String {
    totp_code(secret, server.service.now())
}

/// Jane sets up an app. Gives back its secret and her backup codes. Afterwards the next step has begun.
async fn enroll(server: &TestServer, browser: &mut Browser) -> (String, Vec<String>) {
    let secret = browser.post("/v1/me/totp", &[]).await.ok().text("/response/secret");
    let now = code(server, &secret);
    let done = browser.post("/v1/me/totp/attempt_verification", &[("code", &now)]).await.ok();
    let codes = serde_json::from_value(done.at("/response/backup_codes")).expect("codes");
    server.clock.advance(Millis::from_secs(60));
    (secret, codes)
}

/// A new browser at the step of the second factor, and the attempt's id.
async fn at_second_factor(server: &TestServer) -> (Browser, String) {
    let mut browser = server.browser();
    let asked = browser.sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(asked.text("/response/status"), "needs_second_factor");
    (browser, asked.text("/response/id"))
}

async fn answer(browser: &mut Browser, id: &str, strategy: &str, code: &str) -> verger_testkit::Answer {
    browser.sign_in_step(id, "attempt_second_factor", &[("strategy", strategy), ("code", code)]).await
}

#[tokio::test]
async fn an_app_counts_from_its_first_right_code_on() {
    let (server, mut browser) = signed_in().await;
    let made = browser.post("/v1/me/totp", &[]).await.ok();
    assert_eq!(made.at("/response/verified"), false);
    assert_eq!(made.at("/client/sessions/0/user/totp_enabled"), false);
    let (secret, uri) = (made.text("/response/secret"), made.text("/response/uri"));
    assert!(uri.starts_with("otpauth://totp/") && uri.contains(&secret), "{uri}");

    let now = code(&server, &secret);
    let done = browser.post("/v1/me/totp/attempt_verification", &[("code", &now)]).await.ok();
    assert_eq!(done.at("/response/verified"), true);
    assert_eq!(done.at("/response/secret"), Value::Null);
    assert_eq!(done.at("/response/backup_codes").as_array().map(Vec::len), Some(10));
    let user = done.at("/client/sessions/0/user");
    for flag in ["totp_enabled", "two_factor_enabled", "backup_code_enabled"] {
        assert_eq!(user[flag], true, "{flag}");
    }
    assert_eq!(user["mfa_enabled_at"], server.service.now().0);

    assert_eq!(browser.post("/v1/me/totp", &[]).await.refusal(), (400, "totp_already_enabled".into()));
}

#[tokio::test]
async fn a_new_secret_replaces_one_that_was_never_used() {
    let (server, mut browser) = signed_in().await;
    let first = browser.post("/v1/me/totp", &[]).await.ok().text("/response/secret");
    let second = browser.post("/v1/me/totp", &[]).await.ok().text("/response/secret");
    let old = code(&server, &first);
    let refused = browser.post("/v1/me/totp/attempt_verification", &[("code", &old)]).await;
    assert_eq!(refused.refusal(), (422, "form_code_incorrect".into()));
    let new = code(&server, &second);
    browser.post("/v1/me/totp/attempt_verification", &[("code", &new)]).await.ok();
}

#[tokio::test]
async fn without_a_secret_there_is_nothing_to_verify() {
    let (_server, mut browser) = signed_in().await;
    let refused = browser.post("/v1/me/totp/attempt_verification", &[("code", "123456")]).await;
    assert_eq!(refused.refusal(), (400, "verification_missing".into()));
    let refused = browser.post("/v1/me/backup_codes", &[]).await;
    assert_eq!(refused.refusal(), (400, "backup_codes_not_available".into()));
    assert_eq!(browser.delete("/v1/me/totp").await.refusal(), (404, "resource_not_found".into()));
}

#[tokio::test]
async fn what_the_instance_does_not_offer_cannot_be_set_up() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
    for path in ["/v1/me/totp", "/v1/me/backup_codes"] {
        assert_eq!(browser.post(path, &[]).await.refusal(), (400, "form_param_value_disabled".into()), "{path}");
    }
    let nobody = server.browser().post("/v1/me/totp", &[]).await;
    assert_eq!(nobody.status, 401);
}

#[tokio::test]
async fn a_password_alone_no_longer_signs_in() {
    let (server, mut browser) = signed_in().await;
    let (secret, _) = enroll(&server, &mut browser).await;
    let mut other = server.browser();
    let asked = other.sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(asked.text("/response/status"), "needs_second_factor");
    assert_eq!(asked.at("/response/created_session_id"), Value::Null);
    assert_eq!(asked.at("/client/sessions"), json!([]));
    let strategies: Vec<_> = asked
        .at("/response/supported_second_factors")
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["strategy"].clone())
        .collect();
    assert_eq!(strategies, ["totp", "backup_code"]);

    let id = asked.text("/response/id");
    let now = code(&server, &secret);
    let done = answer(&mut other, &id, "totp", &now).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.at("/client/sessions/0/factor_verification_age"), json!([0, 0]));
    assert_eq!(done.text("/response/second_factor_verification/strategy"), "totp");
    assert_eq!(done.text("/client/last_authentication_strategy"), "password");
}

#[tokio::test]
async fn no_first_factor_goes_around_the_second() {
    let (server, mut browser) = signed_in().await;
    enroll(&server, &mut browser).await;
    let user = browser.get("/v1/me").await.ok().text("/response/id");
    let tenant = server.development();

    let mut by_code = server.browser();
    let fields = [("identifier", JANE), ("strategy", "email_code")];
    let id = by_code.post("/v1/client/sign_ins", &fields).await.ok().text("/response/id");
    let mailed = server.code(&tenant, JANE).await;
    let asked =
        by_code.sign_in_step(&id, "attempt_first_factor", &[("strategy", "email_code"), ("code", &mailed)]).await.ok();
    assert_eq!(asked.text("/response/status"), "needs_second_factor");

    server.clock.advance(Millis::from_mins(1));
    let mut by_reset = server.browser();
    let fields = [("identifier", JANE), ("strategy", "reset_password_email_code")];
    let id = by_reset.post("/v1/client/sign_ins", &fields).await.ok().text("/response/id");
    let mailed = server.code(&tenant, JANE).await;
    let fields = [("strategy", "reset_password_email_code"), ("code", mailed.as_str()), ("password", NEW_PASSWORD)];
    let asked = by_reset.sign_in_step(&id, "attempt_first_factor", &fields).await.ok();
    assert_eq!(asked.text("/response/status"), "needs_second_factor");
    assert_eq!(asked.at("/client/sessions"), json!([]));

    let new = verger_service::NewSignInToken { user_id: user, expires_in_seconds: None };
    let (_, ticket, _) = server.service.create_sign_in_token(&server.ctx(&tenant), new).await.expect("a ticket");
    let mut by_ticket = server.browser();
    let asked = by_ticket.post("/v1/client/sign_ins", &[("strategy", "ticket"), ("ticket", &ticket)]).await.ok();
    assert_eq!(asked.text("/response/status"), "needs_second_factor");
    assert_eq!(asked.text("/client/sign_in/id"), asked.text("/response/id"));
}

#[tokio::test]
async fn a_ticket_signs_in_with_the_second_factor() {
    let (server, mut browser) = signed_in().await;
    let (secret, _) = enroll(&server, &mut browser).await;
    let user = browser.get("/v1/me").await.ok().text("/response/id");
    let new = verger_service::NewSignInToken { user_id: user, expires_in_seconds: None };
    let ctx = server.ctx(&server.development());
    let (_, ticket, _) = server.service.create_sign_in_token(&ctx, new).await.expect("a ticket");
    let mut other = server.browser();
    let id = other
        .post("/v1/client/sign_ins", &[("strategy", "ticket"), ("ticket", &ticket)])
        .await
        .ok()
        .text("/response/id");
    let now = code(&server, &secret);
    assert_eq!(answer(&mut other, &id, "totp", &now).await.ok().text("/response/status"), "complete");
}

#[tokio::test]
async fn a_step_is_taken_once_and_none_before_it() {
    let (server, mut browser) = signed_in().await;
    let (secret, _) = enroll(&server, &mut browser).await;
    let (mut first, id) = at_second_factor(&server).await;
    let now = code(&server, &secret);
    answer(&mut first, &id, "totp", &now).await.ok();

    let (mut second, id) = at_second_factor(&server).await;
    assert_eq!(answer(&mut second, &id, "totp", &now).await.refusal(), (422, "form_code_incorrect".into()));
    let before = totp_code(&secret, server.service.now() - Millis::from_secs(30));
    assert_eq!(answer(&mut second, &id, "totp", &before).await.refusal(), (422, "form_code_incorrect".into()));
    let next = totp_code(&secret, server.service.now() + Millis::from_secs(30));
    answer(&mut second, &id, "totp", &next).await.ok();
}

#[tokio::test]
async fn a_code_from_two_steps_ago_is_refused() {
    let (server, mut browser) = signed_in().await;
    let (secret, _) = enroll(&server, &mut browser).await;
    server.clock.advance(Millis::from_mins(5));
    let (mut other, id) = at_second_factor(&server).await;
    let old = totp_code(&secret, server.service.now() - Millis::from_secs(60));
    assert_eq!(answer(&mut other, &id, "totp", &old).await.refusal(), (422, "form_code_incorrect".into()));
}

#[tokio::test]
async fn a_backup_code_works_once() {
    let (server, mut browser) = signed_in().await;
    let (_, codes) = enroll(&server, &mut browser).await;
    let (mut first, id) = at_second_factor(&server).await;
    let done = answer(&mut first, &id, "backup_code", &codes[3].to_uppercase()).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    let (mut second, id) = at_second_factor(&server).await;
    assert_eq!(answer(&mut second, &id, "backup_code", &codes[3]).await.refusal(), (422, "form_code_incorrect".into()));
    answer(&mut second, &id, "backup_code", &codes[4]).await.ok();
}

#[tokio::test]
async fn new_backup_codes_void_the_old_ones() {
    let (server, mut browser) = signed_in().await;
    let (_, old) = enroll(&server, &mut browser).await;
    let renewed = browser.post("/v1/me/backup_codes/", &[]).await.ok();
    let new: Vec<String> = serde_json::from_value(renewed.at("/response/codes")).expect("codes");
    assert_eq!(new.len(), 10);
    let (mut other, id) = at_second_factor(&server).await;
    assert_eq!(answer(&mut other, &id, "backup_code", &old[0]).await.refusal(), (422, "form_code_incorrect".into()));
    answer(&mut other, &id, "backup_code", &new[0]).await.ok();
}

#[tokio::test]
async fn second_factors_are_no_first_factors() {
    let (server, mut browser) = signed_in().await;
    let (secret, codes) = enroll(&server, &mut browser).await;
    let mut other = server.browser();
    let id = other.post("/v1/client/sign_ins", &[("identifier", JANE)]).await.ok().text("/response/id");
    let now = code(&server, &secret);
    for (strategy, code) in [("totp", &now), ("backup_code", &codes[0])] {
        let fields = [("strategy", strategy), ("code", code.as_str())];
        let refused = other.sign_in_step(&id, "attempt_first_factor", &fields).await;
        assert_eq!(refused.refusal(), (422, "form_param_value_invalid".into()), "{strategy}");
        let refused = answer(&mut other, &id, strategy, code).await;
        assert_eq!(refused.refusal(), (400, "client_state_invalid".into()), "{strategy}");
    }
}

#[tokio::test]
async fn answers_of_the_wrong_kind_are_refused() {
    let (server, mut browser) = signed_in().await;
    let (secret, _) = enroll(&server, &mut browser).await;
    let (mut other, id) = at_second_factor(&server).await;
    for (strategy, refusal) in [
        ("password", (422, "form_param_value_invalid")),
        ("email_code", (422, "form_param_value_invalid")),
        ("telepathy", (422, "form_param_value_invalid")),
    ] {
        let refused = answer(&mut other, &id, strategy, "123456").await;
        assert_eq!(refused.refusal(), (refusal.0, refusal.1.into()), "{strategy}");
    }
    let refused = other.sign_in_step(&id, "attempt_second_factor", &[("strategy", "totp")]).await;
    assert_eq!(refused.refusal(), (422, "form_param_missing".into()));
    let refused = other.sign_in_step(&id, "prepare_second_factor", &[("strategy", "totp")]).await;
    assert_eq!(refused.refusal(), (422, "form_param_value_invalid".into()));
    let again =
        other.sign_in_step(&id, "attempt_first_factor", &[("strategy", "password"), ("password", PASSWORD)]).await;
    assert_eq!(again.refusal(), (400, "verification_already_verified".into()));
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.multi_factor.backup_codes = false).await;
    assert_eq!(answer(&mut other, &id, "backup_code", "abcd1234").await.refusal(), (400, "no_second_factors".into()));
    let now = code(&server, &secret);
    answer(&mut other, &id, "totp", &now).await.ok();
}

#[tokio::test]
async fn wrong_second_factors_lock_the_account() {
    let (server, mut browser) = signed_in().await;
    let (secret, _) = enroll(&server, &mut browser).await;
    let (mut other, id) = at_second_factor(&server).await;
    let now = code(&server, &secret);
    let wrong = if now == "000000" { "000001" } else { "000000" };
    for _ in 0..9 {
        assert_eq!(answer(&mut other, &id, "totp", wrong).await.status, 422);
    }
    assert_eq!(answer(&mut other, &id, "totp", wrong).await.refusal(), (403, "user_locked".into()));
    let now = code(&server, &secret);
    assert_eq!(answer(&mut other, &id, "totp", &now).await.refusal(), (403, "user_locked".into()));
    assert_eq!(answer(&mut other, &id, "backup_code", "abcd1234").await.refusal(), (403, "user_locked".into()));
    browser.get("/v1/me").await.ok();
}

#[tokio::test]
async fn giving_up_the_app_gives_up_its_backup_codes() {
    let (server, mut browser) = signed_in().await;
    enroll(&server, &mut browser).await;
    let gone = browser.delete("/v1/me/totp").await.ok();
    assert_eq!(gone.text("/response/object"), "totp");
    assert_eq!(gone.at("/response/deleted"), true);
    let user = gone.at("/client/sessions/0/user");
    for flag in ["totp_enabled", "two_factor_enabled", "backup_code_enabled"] {
        assert_eq!(user[flag], false, "{flag}");
    }
    assert_eq!(user["mfa_disabled_at"], server.service.now().0);
    assert_eq!(server.browser().sign_in(JANE, PASSWORD).await.ok().text("/response/status"), "complete");
}

#[tokio::test]
async fn the_last_factor_stays_where_one_is_required() {
    let (server, mut browser) = signed_in().await;
    enroll(&server, &mut browser).await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.multi_factor.required = true).await;
    let refused = browser.delete("/v1/me/totp").await;
    assert_eq!(refused.refusal(), (400, "second_factor_deletion_not_allowed".into()));
}

#[tokio::test]
async fn another_instances_attempt_is_not_answered() {
    let (server, mut browser) = signed_in().await;
    let (secret, _) = enroll(&server, &mut browser).await;
    let (_, id) = at_second_factor(&server).await;
    let other = server.application(verger_service::NewApplication { name: "Other".into(), ..Default::default() }).await;
    let mut stranger = server.browser_of(&other.development.tenant);
    let now = code(&server, &secret);
    assert_eq!(answer(&mut stranger, &id, "totp", &now).await.status, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_fifty_parallel_tries_of_a_step_or_a_backup_code_succeeds() {
    let (server, mut browser) = signed_in().await;
    let (secret, codes) = enroll(&server, &mut browser).await;
    for (strategy, code) in [("totp", code(&server, &secret)), ("backup_code", codes[0].clone())] {
        let mut waiting = Vec::new();
        for _ in 0..10 {
            waiting.push(at_second_factor(&server).await);
        }
        let tries: Vec<_> = (0..50)
            .map(|n| {
                let ((mut browser, id), code) = (waiting[n % 10].clone(), code.clone());
                tokio::spawn(async move { answer(&mut browser, &id, strategy, &code).await.status })
            })
            .collect();
        let mut statuses = Vec::new();
        for attempt in tries {
            statuses.push(attempt.await.expect("a try does not panic"));
        }
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{strategy}: {statuses:?}");
        assert!(statuses.iter().all(|status| *status < 500), "{strategy}: {statuses:?}");
        server.backend().await.post(&format!("/v1/users/{}/unlock", user_id(&mut browser).await), json!({})).await.ok();
    }
}

async fn user_id(browser: &mut Browser) -> String {
    browser.get("/v1/me").await.ok().text("/response/id")
}

#[tokio::test]
async fn where_a_factor_is_required_a_session_waits_for_it_on_every_device() {
    let server = TestServer::start().await;
    let tenant = server.development();
    server
        .settings(&tenant, |settings| {
            settings.multi_factor.authenticator_app = true;
            settings.multi_factor.required = true;
        })
        .await;
    let mut browser = server.browser();
    let signed_up = browser.sign_up(JANE).await;
    let session = signed_up.at("/client/sessions/0");
    assert_eq!(session["status"], "pending");
    assert_eq!(session["tasks"], json!([{ "key": "setup-mfa" }]));
    let token = session["last_active_token"]["jwt"].as_str().expect("a token");
    assert_eq!(super::sessions::claims(token)["sts"], "pending");
    let mut other = server.browser();
    assert_eq!(other.sign_in(JANE, PASSWORD).await.ok().text("/client/sessions/0/status"), "pending");
    let backend = server.backend().await;
    let user = signed_up.text("/client/sessions/0/user/id");
    for (status, count) in [("pending", 2), ("active", 0)] {
        let listed = backend.get(&format!("/v1/sessions?user_id={user}&status={status}")).await.ok();
        assert_eq!(listed.at("").as_array().map(Vec::len), Some(count), "{status}");
    }

    server.clock.advance(Millis::from_mins(5));
    browser.session = session["id"].as_str().map(str::to_owned);
    let secret = browser.post("/v1/me/totp", &[]).await.ok().text("/response/secret");
    let wrong = browser.post("/v1/me/totp/attempt_verification", &[("code", "abcdef")]).await;
    assert_eq!(wrong.refusal(), (422, "form_code_incorrect".into()));
    let now = code(&server, &secret);
    let done = browser.post("/v1/me/totp/attempt_verification", &[("code", &now)]).await.ok();
    let session = done.at("/client/sessions/0");
    assert_eq!((&session["status"], &session["tasks"]), (&json!("active"), &Value::Null));
    assert_eq!(session["factor_verification_age"], json!([5, 0]));
    assert_eq!(done.at("/client/updated_at"), server.service.now().0, "other tabs must notice");
    let there = other.get("/v1/client").await.ok();
    assert_eq!(there.text("/response/sessions/0/status"), "active");
    assert_eq!(there.at("/response/sessions/0/factor_verification_age"), json!([5, -1]));
}
