//! What a new password must be, at every door of the browser where one is set.

use serde_json::json;
use verger_model::settings::PasswordPolicy;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";
const WEAK: &str = "Summer2019";

async fn with_policy(change: impl FnOnce(&mut PasswordPolicy)) -> TestServer {
    let server = TestServer::start().await;
    server.settings(&server.development(), |settings| change(&mut settings.password)).await;
    server
}

async fn sign_up(browser: &mut Browser, password: &str) -> Answer {
    browser.post("/v1/client/sign_ups", &[("email_address", JANE), ("password", password)]).await
}

/// The refusals of one password at every door: sign-up, change, reset.
pub(crate) async fn everywhere(server: &TestServer, password: &str) -> [(String, Answer); 3] {
    let mut jane = server.browser();
    jane.session = Some(jane.sign_up(JANE).await.text("/client/sessions/0/id"));
    let fields = [("current_password", PASSWORD), ("new_password", password)];
    let changed = jane.post("/v1/me/change_password", &fields).await;
    let mut stranger = server.browser();
    let fields = [("email_address", "joe@example.com"), ("password", password)];
    let signed_up = stranger.post("/v1/client/sign_ups", &fields).await;
    let mut forgetful = server.browser();
    let id = forgetful.identify(JANE).await;
    forgetful.sign_in_by_mail(&id, "reset_password_email_code", JANE, &[]).await.ok();
    let reset = forgetful.sign_in_step(&id, "reset_password", &[("password", password)]).await;
    [("password".into(), signed_up), ("new_password".into(), changed), ("password".into(), reset)]
}

#[tokio::test]
async fn a_weak_password_is_refused_with_advice_at_every_door() {
    let server = with_policy(|policy| policy.min_zxcvbn_strength = 3).await;
    for (param, answer) in everywhere(&server, WEAK).await {
        assert_eq!(answer.refusal(), (422, "form_password_not_strong_enough".into()));
        assert_eq!(answer.text("/errors/0/meta/param_name"), param);
        let suggestions = answer.at("/errors/0/meta/zxcvbn/suggestions");
        let codes: Vec<_> = suggestions.as_array().unwrap().iter().map(|it| it["code"].clone()).collect();
        assert_eq!(codes, ["anotherWord", "capitalization"]);
        assert!(suggestions[0]["message"].as_str().is_some_and(|text| !text.is_empty()));
    }
}

#[tokio::test]
async fn a_password_that_everybody_tries_is_refused_at_every_door() {
    let server = TestServer::start().await;
    for (param, answer) in everywhere(&server, "password123").await {
        assert_eq!(answer.refusal(), (422, "form_password_pwned".into()));
        assert_eq!(answer.text("/errors/0/meta/param_name"), param);
    }
}

#[tokio::test]
async fn an_invitation_lifts_no_rule() {
    let server = with_policy(|policy| policy.min_zxcvbn_strength = 3).await;
    let invited = json!({ "email_address": JANE });
    let url = server.backend().await.post("/v1/invitations", invited).await.ok().text("/url");
    let (_, ticket) = url.split_once("ticket=").expect("a ticket in the address");
    let mut browser = server.browser();
    for (password, code) in [
        ("short", "form_password_length_too_short"),
        (WEAK, "form_password_not_strong_enough"),
        (JANE, "form_password_matches_identifier"),
    ] {
        let fields = [("strategy", "ticket"), ("ticket", ticket), ("password", password)];
        let refused = browser.post("/v1/client/sign_ups", &fields).await;
        assert_eq!(refused.refusal(), (422, code.into()));
        assert_eq!(refused.text("/errors/0/meta/param_name"), "password");
    }
    let fields = [("strategy", "ticket"), ("ticket", ticket), ("password", PASSWORD)];
    let done = browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
}

#[tokio::test]
async fn a_strong_password_is_taken_by_the_strictest_policy() {
    let server = with_policy(|policy| {
        policy.min_zxcvbn_strength = 4;
        policy.require_numbers = true;
        policy.require_lowercase = true;
    })
    .await;
    server.browser().sign_up(JANE).await;
}

#[tokio::test]
async fn every_missing_kind_of_character_is_named() {
    let server = with_policy(|policy| {
        policy.require_uppercase = true;
        policy.require_lowercase = true;
        policy.require_numbers = true;
        policy.require_special_char = true;
        policy.allowed_special_characters = "#+".into();
    })
    .await;
    let mut browser = server.browser();
    let refused = sign_up(&mut browser, "!!! !!!!! !!!!").await;
    assert_eq!(refused.status, 422);
    let errors = refused.at("/errors");
    let codes: Vec<_> = errors.as_array().unwrap().iter().map(|it| it["code"].clone()).collect();
    assert_eq!(
        codes,
        [
            "form_password_no_uppercase",
            "form_password_no_lowercase",
            "form_password_no_number",
            "form_password_no_special_char"
        ]
    );
    sign_up(&mut browser, "Apple#crate 71 tree").await.ok();
}

#[tokio::test]
async fn an_endless_password_costs_no_work() {
    let server = with_policy(|policy| policy.min_zxcvbn_strength = 3).await;
    let mut browser = server.browser();
    let before = server.service.hash_work();
    let answer = sign_up(&mut browser, &"x".repeat(5000)).await;
    assert_eq!(answer.refusal(), (422, "form_password_size_in_bytes_exceeded".into()));
    assert_eq!(server.service.hash_work(), before);
}

#[tokio::test]
async fn forms_are_told_what_a_password_must_be() {
    let server = TestServer::start().await;
    let shown = server.browser().get("/v1/environment").await.ok().at("/user_settings/password_settings");
    assert_eq!(
        shown,
        json!({
            "disable_hibp": true, "disable_password_reverification": true, "min_length": 8, "max_length": 72,
            "require_special_char": false, "require_numbers": false, "require_uppercase": false,
            "require_lowercase": false, "show_zxcvbn": false, "min_zxcvbn_strength": 0,
            "enforce_hibp_on_sign_in": false, "allowed_special_characters": PasswordPolicy::SPECIAL_CHARACTERS,
        })
    );
    let server = with_policy(|policy| {
        policy.min_length = 12;
        policy.show_zxcvbn = true;
        policy.min_zxcvbn_strength = 3;
        policy.disable_hibp = false;
        policy.enforce_hibp_on_sign_in = true;
        policy.allowed_special_characters = "#+".into();
    })
    .await;
    let shown = server.browser().get("/v1/environment").await.ok().at("/user_settings/password_settings");
    for (name, value) in [
        ("min_length", json!(12)),
        ("show_zxcvbn", json!(true)),
        ("min_zxcvbn_strength", json!(3)),
        ("disable_hibp", json!(false)),
        ("enforce_hibp_on_sign_in", json!(true)),
        ("allowed_special_characters", json!("#+")),
    ] {
        assert_eq!(shown[name], value, "{name}");
    }
}
