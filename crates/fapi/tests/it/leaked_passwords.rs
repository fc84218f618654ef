//! Passwords that a list of leaked ones names, for a list on loopback.

use crate::passwords::everywhere;
use serde_json::json;
use verger_model::settings::{PasswordPolicy, Settings};
use verger_testkit::{Broken, LeakServer, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";
const LEAKED: &str = "Apple#crate 71 tree";
/// SHA-1 of [`LEAKED`] and of the password that the flows take.
const LEAKED_KEY: &str = "666B7256CC5BE3DE09325258441089736337F28E";
const PASSWORD_KEY: &str = "CB6DBC675F103E5E92A0BE659C512BE0A3C36BE6";

/// A server whose instance looks passwords up in this list.
async fn with_list(list: &LeakServer, change: impl FnOnce(&mut Settings)) -> TestServer {
    let server = TestServer::start().await;
    server
        .settings(&server.development(), |settings| {
            settings.password.disable_hibp = false;
            settings.password.hibp_range_url.clone_from(&list.range_url);
            change(settings);
        })
        .await;
    server
}

/// What asks at sign-in too.
fn enforce(settings: &mut Settings) {
    settings.password.enforce_hibp_on_sign_in = true;
}

#[tokio::test]
async fn a_leaked_password_is_refused_at_every_door() {
    let list = LeakServer::start(&[LEAKED_KEY]).await;
    let server = with_list(&list, |_| {}).await;
    for (param, answer) in everywhere(&server, LEAKED).await {
        assert_eq!(answer.refusal(), (422, "form_password_pwned".into()));
        assert_eq!(answer.text("/errors/0/meta/param_name"), param);
    }
}

#[tokio::test]
async fn the_list_is_told_five_digits_and_asked_to_pad() {
    let list = LeakServer::start(&[]).await;
    with_list(&list, |_| {}).await.browser().sign_up(JANE).await;
    assert_eq!(list.asked(), [(PASSWORD_KEY[..5].to_owned(), Some("true".to_owned()))]);
}

#[tokio::test]
async fn a_password_that_breaks_another_rule_is_not_looked_up() {
    let list = LeakServer::start(&[]).await;
    let server = with_list(&list, |settings| settings.password.min_zxcvbn_strength = 3).await;
    for password in ["short", "Summer2019", "password123"] {
        let fields = [("email_address", JANE), ("password", password)];
        assert_eq!(server.browser().post("/v1/client/sign_ups", &fields).await.status, 422, "{password}");
    }
    assert_eq!(list.asked(), []);
}

#[tokio::test]
async fn nothing_is_asked_unless_it_is_switched_on() {
    let list = LeakServer::start(&[PASSWORD_KEY]).await;
    let server = with_list(&list, |settings| settings.password.disable_hibp = true).await;
    server.browser().sign_up(JANE).await;
    server.browser().sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(list.asked(), []);
    assert!(PasswordPolicy::default().disable_hibp);
}

#[tokio::test]
async fn a_list_that_fails_stops_nobody() {
    for how in [Broken::Unavailable, Broken::Endless] {
        let list = LeakServer::start(&[PASSWORD_KEY]).await;
        list.break_down(how);
        let server = with_list(&list, enforce).await;
        server.browser().sign_up(JANE).await;
        let done = server.browser().sign_in(JANE, PASSWORD).await.ok();
        assert_eq!(done.text("/response/status"), "complete", "{how:?}");
        assert_eq!(list.asked().len(), 2);
    }
    let list = LeakServer::start(&[]).await;
    let nowhere = |settings: &mut Settings| settings.password.hibp_range_url = "http://127.0.0.1:9/range/".into();
    with_list(&list, nowhere).await.browser().sign_up(JANE).await;
}

#[tokio::test]
async fn a_leaked_password_signs_in_only_where_that_is_not_enforced() {
    let list = LeakServer::start(&[]).await;
    let server = with_list(&list, |_| {}).await;
    server.browser().sign_up(JANE).await;
    list.leak(PASSWORD_KEY);
    let done = server.browser().sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(done.at("/client/sessions/0/tasks"), json!(null));

    server.settings(&server.development(), enforce).await;
    let mut browser = server.browser().open().await;
    let refused = browser.sign_in(JANE, PASSWORD).await;
    assert_eq!(refused.refusal(), (422, "form_password_pwned".into()));
    assert_eq!(refused.text("/errors/0/meta/param_name"), "password");
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
}

#[tokio::test]
async fn a_wrong_password_is_not_looked_up() {
    let list = LeakServer::start(&[]).await;
    let server = with_list(&list, enforce).await;
    server.browser().sign_up(JANE).await;
    let before = list.asked().len();
    let refused = server.browser().sign_in(JANE, LEAKED).await;
    assert_eq!(refused.refusal(), (422, "form_password_incorrect".into()));
    assert_eq!(server.browser().sign_in("nobody@example.com", PASSWORD).await.code(), "form_identifier_not_found");
    assert_eq!(list.asked().len(), before);
}

#[tokio::test]
async fn whoever_signs_in_another_way_must_replace_a_leaked_password() {
    let list = LeakServer::start(&[]).await;
    let server = with_list(&list, enforce).await;
    server.browser().sign_up(JANE).await;
    list.leak(PASSWORD_KEY);
    let mut browser = server.browser();
    assert_eq!(browser.sign_in(JANE, PASSWORD).await.code(), "form_password_pwned");
    let id = browser.identify(JANE).await;
    let done = browser.sign_in_by_mail(&id, "email_code", JANE, &[]).await.ok();
    assert_eq!(done.at("/client/sessions/0/tasks"), json!([{ "key": "reset-password" }]));
    browser.session = Some(done.text("/client/sessions/0/id"));
    let same = browser.post("/v1/me/change_password", &[("new_password", PASSWORD)]).await;
    assert_eq!(same.refusal(), (422, "form_password_pwned".into()));
    let done = browser.post("/v1/me/change_password", &[("new_password", LEAKED)]).await.ok();
    assert_eq!(done.text("/client/sessions/0/status"), "active");
    server.browser().sign_in(JANE, LEAKED).await.ok();
}
