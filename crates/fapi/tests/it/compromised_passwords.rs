//! Passwords that somebody else may know: what they still open, and how they are replaced.

use serde_json::{Value, json};
use verger_model::Millis;
use verger_model::settings::Settings;
use verger_testkit::{Answer, Backend, Browser, PASSWORD, TestServer, totp_code};

const JANE: &str = "jane@example.com";
const NEW_PASSWORD: &str = "another long password 2";

/// A server with these settings and Jane signed up, whose password is then marked.
async fn compromised(change: impl FnOnce(&mut Settings)) -> (TestServer, Backend, String) {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    server.browser().sign_up(JANE).await;
    let id = backend.get("/v1/users?email_address=jane@example.com").await.ok().text("/0/id");
    server.settings(&server.development(), change).await;
    mark(&backend, &id).await;
    (server, backend, id)
}

async fn mark(backend: &Backend, id: &str) {
    let marked = backend.post(&format!("/v1/users/{id}/password/set_compromised"), json!({})).await.ok();
    assert_eq!(marked.at("/requires_password_reset"), true);
}

/// Signs in by a code sent to Jane; the session waits for a new password.
async fn waiting(server: &TestServer) -> Browser {
    let mut browser = server.browser();
    let id = browser.identify(JANE).await;
    let done = browser.sign_in_by_mail(&id, "email_code", JANE, &[]).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/client/sessions/0/status"), "pending");
    assert_eq!(done.at("/client/sessions/0/tasks"), json!([{ "key": "reset-password" }]));
    browser.session = Some(done.text("/client/sessions/0/id"));
    browser
}

async fn change(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    browser.post("/v1/me/change_password", fields).await
}

#[tokio::test]
async fn a_compromised_password_alone_no_longer_signs_in() {
    let (server, _backend, _) = compromised(|_| {}).await;
    let mut browser = server.browser().open().await;
    let refused = browser.sign_in(JANE, PASSWORD).await;
    assert_eq!(refused.refusal(), (422, "form_password_compromised".into()));
    assert_eq!(refused.text("/errors/0/meta/param_name"), "password");
    let client = browser.get("/v1/client").await.ok();
    assert_eq!(client.at("/response/sessions"), json!([]));
    assert_eq!(client.text("/response/sign_in/status"), "needs_first_factor");
    let wrong = server.browser().sign_in(JANE, NEW_PASSWORD).await;
    assert_eq!(wrong.refusal(), (422, "form_password_incorrect".into()));
}

#[tokio::test]
async fn another_factor_leads_to_a_session_that_waits_for_a_new_password() {
    let (server, backend, id) = compromised(|_| {}).await;
    let mut browser = waiting(&server).await;
    let same = change(&mut browser, &[("new_password", PASSWORD)]).await;
    assert_eq!(same.refusal(), (422, "form_new_password_matches_current".into()));
    assert_eq!(same.text("/errors/0/meta/param_name"), "new_password");
    let done = change(&mut browser, &[("new_password", NEW_PASSWORD)]).await.ok();
    assert_eq!(done.text("/client/sessions/0/status"), "active");
    assert_eq!(done.at("/client/sessions/0/tasks"), Value::Null);
    assert_eq!(backend.get(&format!("/v1/users/{id}")).await.ok().at("/requires_password_reset"), false);
    let done = server.browser().sign_in(JANE, NEW_PASSWORD).await.ok();
    assert_eq!(done.text("/client/sessions/0/status"), "active");
}

#[tokio::test]
async fn whoever_names_the_old_password_must_name_it_rightly() {
    let (server, _backend, _) = compromised(|_| {}).await;
    let mut browser = waiting(&server).await;
    let wrong = change(&mut browser, &[("current_password", "no such one"), ("new_password", NEW_PASSWORD)]).await;
    assert_eq!(wrong.refusal(), (422, "form_password_incorrect".into()));
    change(&mut browser, &[("current_password", PASSWORD), ("new_password", NEW_PASSWORD)]).await.ok();
}

#[tokio::test]
async fn without_the_task_the_old_password_must_be_named() {
    let server = TestServer::start().await;
    server.settings(&server.development(), |settings| settings.sessions.reverification = false).await;
    let mut browser = server.browser();
    browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
    let missing = change(&mut browser, &[("new_password", NEW_PASSWORD)]).await;
    assert_eq!(missing.refusal(), (422, "form_param_missing".into()));
}

#[tokio::test]
async fn where_only_a_reset_is_left_it_is_asked_for() {
    let (server, backend, id) = compromised(|settings| settings.sign_in.email_code = false).await;
    let mut browser = server.browser();
    let refused = browser.sign_in(JANE, PASSWORD).await;
    assert_eq!(refused.refusal(), (422, "password_reset_required".into()));
    let attempt = browser.identify(JANE).await;
    let new = [("password", NEW_PASSWORD)];
    let done = browser.sign_in_by_mail(&attempt, "reset_password_email_code", JANE, &new).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/client/sessions/0/status"), "active");
    assert_eq!(backend.get(&format!("/v1/users/{id}")).await.ok().at("/requires_password_reset"), false);
}

#[tokio::test]
async fn whoever_has_no_other_way_is_let_in_to_set_a_new_password() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    server.settings(&server.development(), |settings| settings.attributes.username.enabled = true).await;
    let body = json!({ "username": "jane_doe", "password": PASSWORD, "skip_user_requirement": true });
    let id = backend.post("/v1/users", body).await.ok().text("/id");
    mark(&backend, &id).await;
    let mut browser = server.browser();
    let done = browser.sign_in("jane_doe", PASSWORD).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.at("/client/sessions/0/tasks"), json!([{ "key": "reset-password" }]));
    browser.session = Some(done.text("/client/sessions/0/id"));
    let done = change(&mut browser, &[("new_password", NEW_PASSWORD)]).await.ok();
    assert_eq!(done.text("/client/sessions/0/status"), "active");
}

#[tokio::test]
async fn a_new_password_comes_before_a_second_factor_is_set_up() {
    let (server, _backend, _) = compromised(|settings| {
        settings.multi_factor.authenticator_app = true;
        settings.multi_factor.required = true;
    })
    .await;
    let mut browser = server.browser();
    let id = browser.identify(JANE).await;
    let done = browser.sign_in_by_mail(&id, "email_code", JANE, &[]).await.ok();
    assert_eq!(done.at("/client/sessions/0/tasks"), json!([{ "key": "reset-password" }, { "key": "setup-mfa" }]));
    browser.session = Some(done.text("/client/sessions/0/id"));
    let done = change(&mut browser, &[("new_password", NEW_PASSWORD)]).await.ok();
    assert_eq!(done.text("/client/sessions/0/status"), "pending");
    assert_eq!(done.at("/client/sessions/0/tasks"), json!([{ "key": "setup-mfa" }]));
}

#[tokio::test]
async fn a_password_that_is_trusted_again_frees_sessions_that_waited() {
    let (server, backend, id) = compromised(|_| {}).await;
    let mut browser = waiting(&server).await;
    let user = backend.post(&format!("/v1/users/{id}/password/unset_compromised"), json!({})).await.ok();
    assert_eq!(user.at("/requires_password_reset"), false);
    assert_eq!(browser.get("/v1/client").await.ok().text("/response/sessions/0/status"), "active");
    server.browser().sign_in(JANE, PASSWORD).await.ok();
}

#[tokio::test]
async fn a_password_of_the_backends_frees_sessions_that_waited() {
    for (path, method, body) in
        [("", "PATCH", json!({ "password": NEW_PASSWORD })), ("/remove_password", "POST", json!({}))]
    {
        let (server, backend, id) = compromised(|_| {}).await;
        let mut browser = waiting(&server).await;
        let user = backend.send(method, &format!("/v1/users/{id}{path}"), Some(body)).await.ok();
        assert_eq!(user.at("/requires_password_reset"), false);
        assert_eq!(browser.get("/v1/client").await.ok().text("/response/sessions/0/status"), "active");
    }
}

#[tokio::test]
async fn a_reset_elsewhere_ends_a_session_that_waited_or_frees_it() {
    for (flag, sessions) in [(None, 0), (Some("true"), 0), (Some("false"), 1)] {
        let (server, _backend, _) = compromised(|_| {}).await;
        let mut first = waiting(&server).await;
        let mut second = server.browser();
        let id = second.identify(JANE).await;
        second.sign_in_by_mail(&id, "reset_password_email_code", JANE, &[]).await.ok();
        let mut fields = vec![("password", NEW_PASSWORD)];
        fields.extend(flag.map(|flag| ("sign_out_of_other_sessions", flag)));
        let done = second.sign_in_step(&id, "reset_password", &fields).await.ok();
        assert_eq!(done.text("/client/sessions/0/status"), "active");
        let left = first.get("/v1/client").await.ok().at("/response/sessions");
        assert_eq!(left.as_array().map(Vec::len), Some(sessions), "{flag:?}");
        assert!(left.as_array().is_some_and(|left| left.iter().all(|it| it["status"] == "active")));
        let mails = server.mails(&second.tenant, JANE).await;
        assert!(mails.iter().any(|mail| mail.slug == "password_changed"));
    }
}

#[tokio::test]
async fn a_reset_of_somebody_with_a_second_factor_asks_for_it_after_the_new_password() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    server.settings(&server.development(), |settings| settings.multi_factor.authenticator_app = true).await;
    let mut browser = server.browser();
    browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
    let secret = browser.post("/v1/me/totp", &[]).await.ok().text("/response/secret");
    let code = totp_code(&secret, server.service.now());
    let user = browser.post("/v1/me/totp/attempt_verification", &[("code", &code)]).await.ok();
    mark(&backend, &user.text("/client/sessions/0/user/id")).await;
    server.clock.advance(Millis::from_secs(60));

    let mut browser = server.browser();
    let id = browser.identify(JANE).await;
    let shown = browser.sign_in_by_mail(&id, "reset_password_email_code", JANE, &[]).await.ok();
    assert_eq!(shown.text("/response/status"), "needs_new_password");
    let early = [("strategy", "totp"), ("code", "123456")];
    let early = browser.sign_in_step(&id, "attempt_second_factor", &early).await;
    assert_eq!(early.refusal(), (400, "client_state_invalid".into()));
    let reset = browser.sign_in_step(&id, "reset_password", &[("password", NEW_PASSWORD)]).await.ok();
    assert_eq!(reset.text("/response/status"), "needs_second_factor");
    assert_eq!(reset.at("/client/sessions"), json!([]));
    let code = totp_code(&secret, server.service.now());
    let fields = [("strategy", "totp"), ("code", code.as_str())];
    let done = browser.sign_in_step(&id, "attempt_second_factor", &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/client/sessions/0/status"), "active");
}

#[tokio::test]
async fn sessions_of_before_go_on_until_they_are_revoked() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    let mut browser = server.browser();
    let id = browser.sign_up(JANE).await.text("/client/sessions/0/user/id");
    mark(&backend, &id).await;
    assert_eq!(browser.get("/v1/client").await.ok().text("/response/sessions/0/status"), "active");
    let body = json!({ "revoke_all_sessions": true });
    backend.post(&format!("/v1/users/{id}/password/set_compromised"), body).await.ok();
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
}
