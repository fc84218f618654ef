//! Phone numbers: signing up with one, signing in by code, and the way to a new password.

use serde_json::{Value, json};
use std::sync::Arc;
use verger_model::settings::Attribute;
use verger_model::{Channel, Millis};
use verger_service::Tenant;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer};

const NUMBER: &str = "+442079460123";
const OTHER: &str = "+442079460124";
const JANE: &str = "jane@example.com";

/// A server whose root instance knows users by their phone numbers alone.
async fn phones_only() -> (TestServer, Arc<Tenant>) {
    let server = TestServer::start().await;
    let tenant = server
        .settings(&server.development(), |settings| {
            settings.attributes.email_address = Attribute::default();
            settings.attributes.password = Attribute::default();
            settings.attributes.phone_number.enabled = true;
            settings.attributes.phone_number.required = true;
        })
        .await;
    (server, tenant)
}

/// Signs up with a number and the code that comes to it.
async fn sign_up(server: &TestServer, number: &str) -> (Browser, Answer) {
    let mut browser = server.browser();
    let id = browser.post("/v1/client/sign_ups", &[("phone_number", number)]).await.ok().text("/response/id");
    prepare(&mut browser, &id, &[]).await.ok();
    let code = server.sms_code(&browser.tenant, number).await;
    let done = attempt(&mut browser, &id, &code).await.ok();
    server.clock.advance(Millis::from_mins(1));
    (browser, done)
}

async fn prepare(browser: &mut Browser, id: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("strategy", "phone_code")];
    fields.extend(more);
    browser.post(&format!("/v1/client/sign_ups/{id}/prepare_verification"), &fields).await
}

async fn attempt(browser: &mut Browser, id: &str, code: &str) -> Answer {
    let fields = [("strategy", "phone_code"), ("code", code)];
    browser.post(&format!("/v1/client/sign_ups/{id}/attempt_verification"), &fields).await
}

fn param(answer: &Answer) -> Value {
    answer.at("/errors/0/meta/param_name")
}

#[tokio::test]
async fn a_user_signs_up_with_a_number_and_the_code_sent_to_it() {
    let (server, tenant) = phones_only().await;
    let mut browser = server.browser();
    let made = browser.post("/v1/client/sign_ups", &[("phone_number", "+44 (20) 7946-0123")]).await.ok();
    assert_eq!(made.text("/response/phone_number"), NUMBER);
    assert_eq!(made.at("/response/required_fields"), json!(["phone_number"]));
    assert_eq!(made.at("/response/unverified_fields"), json!(["phone_number"]));
    assert_eq!(made.text("/response/verifications/phone_number/next_action"), "needs_prepare");
    assert_eq!(made.at("/response/verifications/phone_number/supported_strategies"), json!(["phone_code"]));
    let id = made.text("/response/id");
    let sent = prepare(&mut browser, &id, &[]).await.ok();
    assert_eq!(sent.text("/response/verifications/phone_number/strategy"), "phone_code");
    assert_eq!(sent.text("/response/verifications/phone_number/channel"), "sms");
    assert_eq!(sent.text("/response/verifications/phone_number/next_action"), "needs_attempt");

    let text = server.texts(&tenant, NUMBER).await.remove(0);
    let code = text.code.expect("a code");
    assert!(text.message.starts_with(&code) && text.message.contains("verification code"), "{}", text.message);
    let done = attempt(&mut browser, &id, &code).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    let user = done.at("/client/sessions/0/user");
    assert_eq!(user["phone_numbers"][0]["phone_number"], NUMBER);
    assert_eq!(user["phone_numbers"][0]["verification"]["status"], "verified");
    assert_eq!(user["phone_numbers"][0]["verification"]["strategy"], "phone_code");
    assert_eq!(user["primary_phone_number_id"], user["phone_numbers"][0]["id"]);
    assert_eq!(done.text("/client/sessions/0/public_user_data/identifier"), NUMBER);
    assert_eq!(done.text("/client/last_authentication_strategy"), "phone_code");
}

#[tokio::test]
async fn a_code_is_sent_at_once_when_the_request_names_the_strategy() {
    let (server, tenant) = phones_only().await;
    let mut browser = server.browser();
    let fields = [("phone_number", NUMBER), ("strategy", "phone_code")];
    let made = browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(made.text("/response/verifications/phone_number/next_action"), "needs_attempt");
    let code = server.sms_code(&tenant, NUMBER).await;
    attempt(&mut browser, &made.text("/response/id"), &code).await.ok();
}

#[tokio::test]
async fn the_lists_are_asked_about_numbers_too() {
    let (server, tenant) = phones_only().await;
    let backend = server.backend().await;
    let try_with = async |number| server.browser().post("/v1/client/sign_ups", &[("phone_number", number)]).await;
    server.settings(&tenant, |settings| settings.restrictions.blocklist = true).await;
    backend.post("/v1/blocklist_identifiers", json!({ "identifier": NUMBER })).await.ok();
    let refused = try_with("+44 20 7946 0123").await;
    assert_eq!((refused.refusal(), param(&refused)), ((403, "not_allowed_access".into()), json!("phone_number")));
    try_with(OTHER).await.ok();

    server.settings(&tenant, |settings| settings.restrictions.allowlist = true).await;
    assert_eq!(try_with(OTHER).await.refusal(), (403, "not_allowed_access".into()));
    backend.post("/v1/allowlist_identifiers", json!({ "identifier": OTHER })).await.ok();
    try_with(OTHER).await.ok();
}

#[tokio::test]
async fn an_address_and_a_number_are_both_proved() {
    let server = TestServer::start().await;
    let tenant =
        server.settings(&server.development(), |settings| settings.attributes.phone_number.enabled = true).await;
    let mut browser = server.browser();
    let fields = [("email_address", JANE), ("phone_number", NUMBER), ("password", PASSWORD)];
    let made = browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(made.at("/response/unverified_fields"), json!(["email_address", "phone_number"]));
    let id = made.text("/response/id");
    let path = format!("/v1/client/sign_ups/{id}/prepare_verification");
    browser.post(&path, &[("strategy", "email_code")]).await.ok();
    let code = server.code(&tenant, JANE).await;
    let path = format!("/v1/client/sign_ups/{id}/attempt_verification");
    let half = browser.post(&path, &[("strategy", "email_code"), ("code", &code)]).await.ok();
    assert_eq!(half.text("/response/status"), "missing_requirements");
    assert_eq!(half.at("/response/unverified_fields"), json!(["phone_number"]));
    prepare(&mut browser, &id, &[]).await.ok();
    let code = server.sms_code(&tenant, NUMBER).await;
    assert_eq!(attempt(&mut browser, &id, &code).await.ok().text("/response/status"), "complete");
}

#[tokio::test]
async fn a_number_need_not_be_proved_where_the_instance_says_so() {
    let server = TestServer::start().await;
    server
        .settings(&server.development(), |settings| {
            settings.attributes.phone_number.enabled = true;
            settings.attributes.phone_number.verify_at_sign_up = false;
        })
        .await;
    let mut browser = server.browser();
    let fields = [("email_address", JANE), ("phone_number", NUMBER), ("password", PASSWORD)];
    let made = browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(made.at("/response/unverified_fields"), json!(["email_address"]));
}

#[tokio::test]
async fn one_field_takes_an_address_or_a_number() {
    let server = TestServer::start().await;
    server
        .settings(&server.development(), |settings| {
            settings.attributes.email_address = Attribute { enabled: true, required: false };
            settings.attributes.phone_number.enabled = true;
            settings.attributes.password = Attribute::default();
        })
        .await;
    let field = "email_address_or_phone_number";
    let mut browser = server.browser();
    let empty = browser.post("/v1/client/sign_ups", &[]).await.ok();
    assert_eq!(empty.at("/response/missing_fields"), json!([field]));
    let by_mail = browser.post("/v1/client/sign_ups", &[(field, JANE)]).await.ok();
    assert_eq!(
        (by_mail.text("/response/email_address"), by_mail.at("/response/missing_fields")),
        (JANE.into(), json!([]))
    );
    let by_phone = browser.post("/v1/client/sign_ups", &[(field, NUMBER)]).await.ok();
    assert_eq!(by_phone.text("/response/phone_number"), NUMBER);
    let neither = browser.post("/v1/client/sign_ups", &[(field, "jane")]).await;
    assert_eq!((neither.refusal(), param(&neither)), ((422, "form_param_format_invalid".into()), json!(field)));
}

#[tokio::test]
async fn a_number_that_is_none_or_taken_is_refused() {
    let (server, _) = phones_only().await;
    sign_up(&server, NUMBER).await;
    let mut browser = server.browser();
    for (number, code) in [
        (NUMBER, "form_identifier_exists"),
        ("07946 0123", "form_param_format_invalid"),
        ("+4420;79460123", "form_param_format_invalid"),
        ("+44 2079460123                              ", "form_param_format_invalid"),
    ] {
        let refused = browser.post("/v1/client/sign_ups", &[("phone_number", number)]).await;
        assert_eq!((refused.refusal(), param(&refused)), ((422, code.into()), json!("phone_number")), "{number}");
    }
}

#[tokio::test]
async fn where_users_have_no_numbers_none_is_taken() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let refused = browser.post("/v1/client/sign_ups", &[("phone_number", NUMBER)]).await;
    assert_eq!((refused.refusal(), param(&refused)), ((422, "form_param_unknown".into()), json!("phone_number")));
    let refused = browser.post("/v1/client/sign_ups", &[("email_address_or_phone_number", JANE)]).await;
    assert_eq!(refused.refusal(), (422, "form_param_unknown".into()));
    let id = browser.post("/v1/client/sign_ups", &[("email_address", JANE)]).await.ok().text("/response/id");
    let refused = prepare(&mut browser, &id, &[]).await;
    assert_eq!((refused.refusal(), param(&refused)), ((422, "form_param_missing".into()), json!("phone_number")));
}

#[tokio::test]
async fn every_wrong_answer_to_a_sent_code_is_told_apart() {
    let (server, tenant) = phones_only().await;
    let mut browser = server.browser();
    let id = browser.post("/v1/client/sign_ups", &[("phone_number", NUMBER)]).await.ok().text("/response/id");
    assert_eq!(attempt(&mut browser, &id, "123456").await.refusal(), (400, "verification_missing".into()));
    prepare(&mut browser, &id, &[]).await.ok();
    let code = server.sms_code(&tenant, NUMBER).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(attempt(&mut browser, &id, wrong).await.refusal(), (422, "form_code_incorrect".into()));
    server.clock.advance(Millis::from_mins(10));
    assert_eq!(attempt(&mut browser, &id, &code).await.refusal(), (400, "verification_expired".into()));
    prepare(&mut browser, &id, &[]).await.ok();
    for _ in 0..5 {
        attempt(&mut browser, &id, wrong).await;
    }
    let code = server.sms_code(&tenant, NUMBER).await;
    assert_eq!(attempt(&mut browser, &id, &code).await.refusal(), (400, "verification_failed".into()));
    server.clock.advance(Millis::from_mins(1));
    prepare(&mut browser, &id, &[]).await.ok();
    let code = server.sms_code(&tenant, NUMBER).await;
    attempt(&mut browser, &id, &code).await.ok();
    assert_eq!(attempt(&mut browser, &id, &code).await.refusal(), (400, "verification_already_verified".into()));
    assert_eq!(prepare(&mut browser, &id, &[]).await.refusal(), (400, "verification_already_verified".into()));
}

#[tokio::test]
async fn a_phone_is_not_pestered() {
    let (server, tenant) = phones_only().await;
    let mut browser = server.browser();
    let id = browser.post("/v1/client/sign_ups", &[("phone_number", NUMBER)]).await.ok().text("/response/id");
    prepare(&mut browser, &id, &[]).await.ok();
    prepare(&mut browser, &id, &[]).await.ok();
    let mut other = server.browser();
    let theirs = other.post("/v1/client/sign_ups", &[("phone_number", NUMBER)]).await.ok().text("/response/id");
    let refused = prepare(&mut other, &theirs, &[]).await;
    assert_eq!(refused.refusal(), (429, "verification_code_too_many_requests".into()));
    assert_eq!(refused.header("retry-after"), "30");
    assert_eq!(server.texts(&tenant, NUMBER).await.len(), 1);
}

#[tokio::test]
async fn fictional_numbers_take_the_test_code_and_get_nothing() {
    let (server, tenant) = phones_only().await;
    let mut browser = server.browser();
    let fields = [("phone_number", "+12015550100"), ("strategy", "phone_code")];
    let id = browser.post("/v1/client/sign_ups", &fields).await.ok().text("/response/id");
    for wrong in ["000000", "111111"] {
        assert_eq!(attempt(&mut browser, &id, wrong).await.refusal(), (422, "form_code_incorrect".into()));
    }
    attempt(&mut browser, &id, "424242").await.ok();
    assert!(server.texts(&tenant, "+12015550100").await.is_empty());
}

#[tokio::test]
async fn a_code_travels_by_the_channel_that_is_asked_for_and_offered() {
    let (server, tenant) = phones_only().await;
    let mut browser = server.browser();
    let id = browser.post("/v1/client/sign_ups", &[("phone_number", NUMBER)]).await.ok().text("/response/id");
    for channel in ["whatsapp", "pigeon"] {
        let refused = prepare(&mut browser, &id, &[("channel", channel)]).await;
        assert_eq!((refused.refusal(), param(&refused)), ((422, "form_param_value_invalid".into()), json!("channel")));
    }
    let tenant = server.settings(&tenant, |settings| settings.phone.channels.push(Channel::Whatsapp)).await;
    let sent = prepare(&mut browser, &id, &[("channel", "whatsapp")]).await.ok();
    assert_eq!(sent.text("/response/verifications/phone_number/channel"), "whatsapp");
    let text = server.texts(&tenant, NUMBER).await.remove(0);
    assert_eq!(text.channel, Channel::Whatsapp);
    attempt(&mut browser, &id, &text.code.expect("a code")).await.ok();
}

#[tokio::test]
async fn a_user_signs_in_by_the_code_sent_to_the_number() {
    let (server, tenant) = phones_only().await;
    sign_up(&server, NUMBER).await;
    let mut browser = server.browser();
    let named = browser.post("/v1/client/sign_ins", &[("identifier", NUMBER)]).await.ok();
    assert_eq!(named.at("/response/supported_identifiers"), json!(["phone_number"]));
    let factor = named.at("/response/supported_first_factors/0");
    assert_eq!((&factor["strategy"], &factor["safe_identifier"]), (&json!("phone_code"), &json!(NUMBER)));
    assert_eq!(factor["primary"], true);
    let id = named.text("/response/id");
    let fields = [("strategy", "phone_code"), ("phone_number_id", factor["phone_number_id"].as_str().unwrap())];
    let sent = browser.sign_in_step(&id, "prepare_first_factor", &fields).await.ok();
    assert_eq!(sent.text("/response/first_factor_verification/channel"), "sms");
    let code = server.sms_code(&tenant, NUMBER).await;
    let fields = [("strategy", "phone_code"), ("code", code.as_str())];
    let done = browser.sign_in_step(&id, "attempt_first_factor", &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/client/last_authentication_strategy"), "phone_code");
}

#[tokio::test]
async fn who_signs_in_by_code_is_asked_for_a_right_one() {
    let (server, _) = phones_only().await;
    sign_up(&server, NUMBER).await;
    let mut browser = server.browser();
    let unknown = browser.post("/v1/client/sign_ins", &[("identifier", OTHER)]).await;
    assert_eq!((unknown.refusal(), param(&unknown)), ((422, "form_identifier_not_found".into()), json!("identifier")));
    let malformed = browser.post("/v1/client/sign_ins", &[("identifier", "+44abc")]).await;
    assert_eq!(malformed.refusal(), (422, "form_param_format_invalid".into()));
    let fields = [("identifier", NUMBER), ("strategy", "phone_code")];
    let id = browser.post("/v1/client/sign_ins", &fields).await.ok().text("/response/id");
    for _ in 0..4 {
        let fields = [("strategy", "phone_code"), ("code", "0000000")];
        let wrong = browser.sign_in_step(&id, "attempt_first_factor", &fields).await;
        assert_eq!(wrong.refusal(), (422, "form_code_incorrect".into()));
    }
    let fields = [("strategy", "email_code"), ("code", "000000")];
    let other = browser.sign_in_step(&id, "attempt_first_factor", &fields).await;
    assert_eq!(other.refusal(), (400, "verification_strategy_invalid".into()));
    let fields = [("strategy", "phone_code"), ("phone_number_id", "idn_000000000000000000000000000")];
    let foreign = browser.sign_in_step(&id, "prepare_first_factor", &fields).await;
    assert_eq!(
        (foreign.refusal(), param(&foreign)),
        ((422, "form_param_value_invalid".into()), json!("phone_number_id"))
    );
}

#[tokio::test]
async fn codes_to_phones_can_be_switched_off_for_signing_in() {
    let server = TestServer::start().await;
    let tenant = server
        .settings(&server.development(), |settings| {
            settings.attributes.phone_number.enabled = true;
            settings.sign_in.phone_code = false;
        })
        .await;
    let new = json!({ "phone_number": [NUMBER], "email_address": [JANE], "password": PASSWORD });
    server.backend().await.post("/v1/users", new).await.ok();
    let mut browser = server.browser();
    let named = browser.post("/v1/client/sign_ins", &[("identifier", NUMBER)]).await.ok();
    let factors = named.at("/response/supported_first_factors");
    assert!(factors.as_array().unwrap().iter().all(|it| it["strategy"] != "phone_code"), "{factors}");
    let refused =
        browser.sign_in_step(&named.text("/response/id"), "prepare_first_factor", &[("strategy", "phone_code")]).await;
    assert_eq!(refused.refusal(), (400, "strategy_for_user_invalid".into()));
    assert!(server.texts(&tenant, NUMBER).await.is_empty());
}

#[tokio::test]
async fn another_address_is_shown_masked() {
    let server = TestServer::start().await;
    server.settings(&server.development(), |settings| settings.attributes.phone_number.enabled = true).await;
    let new = json!({ "phone_number": [NUMBER], "email_address": [JANE], "password": PASSWORD });
    server.backend().await.post("/v1/users", new).await.ok();
    let named = server.browser().post("/v1/client/sign_ins", &[("identifier", JANE)]).await.ok();
    let factors = named.at("/response/supported_first_factors");
    let phone = factors.as_array().unwrap().iter().find(|it| it["strategy"] == "phone_code").unwrap();
    assert_eq!(phone["safe_identifier"], "+**********23");
}

#[tokio::test]
async fn a_password_is_reset_by_the_code_sent_to_the_number() {
    let server = TestServer::start().await;
    let tenant =
        server.settings(&server.development(), |settings| settings.attributes.phone_number.enabled = true).await;
    let new = json!({ "phone_number": [NUMBER], "email_address": [JANE], "password": PASSWORD });
    server.backend().await.post("/v1/users", new).await.ok();
    let mut browser = server.browser();
    let fields = [("identifier", NUMBER), ("strategy", "reset_password_phone_code")];
    let id = browser.post("/v1/client/sign_ins", &fields).await.ok().text("/response/id");
    let text = server.texts(&tenant, NUMBER).await.remove(0);
    assert!(text.message.contains("password reset"), "{}", text.message);
    let code = text.code.expect("a code");
    let fields = [("strategy", "reset_password_phone_code"), ("code", code.as_str())];
    let proved = browser.sign_in_step(&id, "attempt_first_factor", &fields).await.ok();
    assert_eq!(proved.text("/response/status"), "needs_new_password");
    assert_eq!(proved.at("/client/sessions"), json!([]));
    let done = browser.sign_in_step(&id, "reset_password", &[("password", "another long password 2")]).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/client/last_authentication_strategy"), "reset_password_phone_code");
    let mut other = server.browser();
    assert_eq!(other.sign_in(NUMBER, "another long password 2").await.ok().text("/response/status"), "complete");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_parallel_tries_of_a_code_one_signs_in() {
    let (server, tenant) = phones_only().await;
    sign_up(&server, NUMBER).await;
    let mut browser = server.browser();
    let fields = [("identifier", NUMBER), ("strategy", "phone_code")];
    let id = browser.post("/v1/client/sign_ins", &fields).await.ok().text("/response/id");
    let code = server.sms_code(&tenant, NUMBER).await;
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let (mut browser, id, code) = (browser.clone(), id.clone(), code.clone());
            tokio::spawn(async move {
                browser
                    .sign_in_step(&id, "attempt_first_factor", &[("strategy", "phone_code"), ("code", code.as_str())])
                    .await
            })
        })
        .collect();
    let mut successes = 0;
    for attempt in tries {
        let answer = attempt.await.expect("a try does not panic");
        assert!(answer.status < 500, "{}", String::from_utf8_lossy(&answer.body));
        successes += usize::from(answer.status == 200);
    }
    assert_eq!(successes, 1);
}

#[tokio::test]
async fn another_instance_knows_neither_number_nor_code() {
    let (server, _) = phones_only().await;
    sign_up(&server, NUMBER).await;
    let other = server.application(verger_service::NewApplication { name: "Shop".into(), ..Default::default() }).await;
    let tenant = other.development.tenant;
    let tenant = server.settings(&tenant, |settings| settings.attributes.phone_number.enabled = true).await;
    let mut browser = server.browser_of(&tenant);
    let unknown = browser.post("/v1/client/sign_ins", &[("identifier", NUMBER)]).await;
    assert_eq!(unknown.refusal(), (422, "form_identifier_not_found".into()));
    assert!(server.texts(&tenant, NUMBER).await.is_empty());
}

#[tokio::test]
async fn production_hands_messages_to_the_sender() {
    let server = TestServer::start().await;
    let live = server.production().await;
    let tenant = live.production.tenant;
    let tenant = server.settings(&tenant, |settings| settings.attributes.phone_number.enabled = true).await;
    let mut browser = server.browser_of(&tenant);
    let fields = [("phone_number", NUMBER), ("strategy", "phone_code")];
    browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(server.texts(&tenant, NUMBER).await.len(), 1);
    // No test mode here: the fictional number is a number like any other.
    server.clock.advance(Millis::from_mins(1));
    let fields = [("phone_number", "+12015550100"), ("strategy", "phone_code")];
    browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(server.texts(&tenant, "+12015550100").await.len(), 1);
}

#[tokio::test]
async fn the_environment_shows_what_phones_are_good_for() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let off = browser.get("/v1/environment").await.ok().at("/user_settings/attributes/phone_number");
    assert_eq!((&off["enabled"], &off["first_factors"]), (&json!(false), &json!([])));
    server
        .settings(&server.development(), |settings| {
            settings.attributes.phone_number.enabled = true;
            settings.multi_factor.phone_code = true;
            settings.phone.channels.push(Channel::Whatsapp);
            settings.phone.preferred_channels.insert("US".into(), Channel::Whatsapp);
        })
        .await;
    let shown = browser.get("/v1/environment").await.ok();
    let phone = shown.at("/user_settings/attributes/phone_number");
    for list in ["first_factors", "second_factors", "verifications"] {
        assert_eq!(phone[list], json!(["phone_code"]), "{list}");
    }
    for flag in ["enabled", "used_for_first_factor", "used_for_second_factor", "verify_at_sign_up"] {
        assert_eq!(phone[flag], true, "{flag}");
    }
    assert_eq!(phone["channels"], json!(["sms", "whatsapp"]));
    assert_eq!(shown.at("/auth_config/preferred_channels"), json!({ "US": "whatsapp" }));
    assert_eq!(shown.text("/auth_config/phone_number"), "on");
    assert_eq!(shown.at("/auth_config/second_factors"), json!(["phone_code"]));
}
