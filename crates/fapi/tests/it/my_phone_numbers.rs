//! Phone numbers that signed-in users keep, and codes to them as a second factor.

use serde_json::{Value, json};
use std::sync::Arc;
use verger_model::Millis;
use verger_service::Tenant;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer, totp_code};

const JANE: &str = "jane@example.com";
const NUMBER: &str = "+442079460123";
const OTHER: &str = "+442079460124";

/// A server with phone numbers and every second factor on, and Jane signed in on one browser.
async fn signed_in() -> (TestServer, Arc<Tenant>, Browser) {
    let server = TestServer::start().await;
    let tenant = server
        .settings(&server.development(), |settings| {
            settings.attributes.phone_number.enabled = true;
            settings.multi_factor.phone_code = true;
            settings.multi_factor.authenticator_app = true;
            settings.multi_factor.backup_codes = true;
            settings.sessions.reverification = false;
        })
        .await;
    let mut browser = server.browser();
    browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
    (server, tenant, browser)
}

fn path(id: &str) -> String {
    format!("/v1/me/phone_numbers/{id}")
}

async fn add(browser: &mut Browser, number: &str) -> String {
    browser.post("/v1/me/phone_numbers/", &[("phone_number", number)]).await.ok().text("/response/id")
}

async fn prepare(browser: &mut Browser, id: &str) -> Answer {
    browser.post(&format!("{}/prepare_verification", path(id)), &[("strategy", "phone_code")]).await
}

async fn attempt(browser: &mut Browser, id: &str, code: &str) -> Answer {
    browser.post(&format!("{}/attempt_verification", path(id)), &[("code", code)]).await
}

/// Adds a number and proves it. Gives back its id. Afterwards a new code may be sent.
async fn proved(server: &TestServer, browser: &mut Browser, number: &str) -> String {
    let id = add(browser, number).await;
    prepare(browser, &id).await.ok();
    let code = server.sms_code(&browser.tenant, number).await;
    attempt(browser, &id, &code).await.ok();
    server.clock.advance(Millis::from_mins(1));
    id
}

async fn reserve(browser: &mut Browser, id: &str) -> Answer {
    browser.patch(&path(id), &[("reserved_for_second_factor", "true")]).await
}

/// A new browser at the step of the second factor, and the answer that told so.
async fn at_second_factor(server: &TestServer) -> (Browser, Answer) {
    let mut browser = server.browser();
    let asked = browser.sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(asked.text("/response/status"), "needs_second_factor");
    (browser, asked)
}

async fn answer(browser: &mut Browser, id: &str, code: &str) -> Answer {
    browser.sign_in_step(id, "attempt_second_factor", &[("strategy", "phone_code"), ("code", code)]).await
}

fn param(answer: &Answer) -> Value {
    answer.at("/errors/0/meta/param_name")
}

#[tokio::test]
async fn a_number_is_added_proved_and_taken_away() {
    let (server, tenant, mut browser) = signed_in().await;
    let made = browser.post("/v1/me/phone_numbers/", &[("phone_number", "+44 20 7946 0123")]).await.ok();
    assert_eq!((made.text("/response/phone_number"), made.at("/response/verification")), (NUMBER.into(), Value::Null));
    assert_eq!(made.at("/client/sessions/0/user/phone_numbers/0/id"), made.at("/response/id"));
    let id = made.text("/response/id");
    assert_eq!(attempt(&mut browser, &id, "123456").await.refusal(), (400, "verification_missing".into()));
    let sent = prepare(&mut browser, &id).await.ok();
    assert_eq!(sent.text("/response/verification/status"), "unverified");
    assert_eq!(sent.text("/response/verification/strategy"), "phone_code");
    let code = server.sms_code(&tenant, NUMBER).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(attempt(&mut browser, &id, wrong).await.refusal(), (422, "form_code_incorrect".into()));
    let done = attempt(&mut browser, &id, &code).await.ok();
    assert_eq!(done.text("/response/verification/status"), "verified");
    assert_eq!(done.at("/response/verification/attempts"), 2);
    assert_eq!(done.at("/client/sessions/0/user/primary_phone_number_id"), json!(id));
    assert_eq!(attempt(&mut browser, &id, &code).await.refusal(), (400, "verification_already_verified".into()));
    assert_eq!(prepare(&mut browser, &id).await.refusal(), (400, "verification_already_verified".into()));

    assert_eq!(browser.get(&path(&id)).await.ok().at("/response"), done.at("/response"));
    assert_eq!(browser.get("/v1/me/phone_numbers").await.ok().at("/0"), done.at("/response"));
    let gone = browser.delete(&path(&id)).await.ok();
    assert_eq!(gone.at("/response/deleted"), true);
    assert_eq!(gone.at("/client/sessions/0/user/phone_numbers"), json!([]));
    assert_eq!(gone.at("/client/sessions/0/user/primary_phone_number_id"), Value::Null);
    assert_eq!(browser.get(&path(&id)).await.refusal(), (404, "resource_not_found".into()));
}

#[tokio::test]
async fn a_number_that_is_none_or_taken_is_refused() {
    let (server, _, mut browser) = signed_in().await;
    add(&mut browser, NUMBER).await;
    let new = json!({ "phone_number": [OTHER], "email_address": ["eve@example.com"], "password": PASSWORD });
    server.backend().await.post("/v1/users", new).await.ok();
    for (number, code) in [
        (NUMBER, "form_identifier_exists"),
        (OTHER, "form_identifier_exists"),
        ("020 7946 0123", "form_param_format_invalid"),
    ] {
        let refused = browser.post("/v1/me/phone_numbers", &[("phone_number", number)]).await;
        assert_eq!((refused.refusal(), param(&refused)), ((422, code.into()), json!("phone_number")), "{number}");
    }
    assert_eq!(browser.post("/v1/me/phone_numbers", &[]).await.refusal(), (422, "form_param_missing".into()));
    for last in 5..9 {
        add(&mut browser, &format!("+44207946013{last}")).await;
    }
    let refused = browser.post("/v1/me/phone_numbers", &[("phone_number", "+442079460139")]).await;
    assert_eq!(refused.refusal(), (400, "too_many_unverified_identifications".into()));
}

#[tokio::test]
async fn a_number_that_is_not_let_in_is_not_added() {
    let (server, tenant, mut browser) = signed_in().await;
    server.settings(&tenant, |settings| settings.restrictions.blocklist = true).await;
    server.backend().await.post("/v1/blocklist_identifiers", json!({ "identifier": NUMBER })).await.ok();
    let refused = browser.post("/v1/me/phone_numbers", &[("phone_number", "+44 20 7946 0123")]).await;
    assert_eq!((refused.refusal(), param(&refused)), ((403, "not_allowed_access".into()), json!("phone_number")));
    add(&mut browser, OTHER).await;
}

#[tokio::test]
async fn somebody_else_may_prove_the_same_number_first() {
    let (server, tenant, mut browser) = signed_in().await;
    let id = add(&mut browser, NUMBER).await;
    prepare(&mut browser, &id).await.ok();
    let code = server.sms_code(&tenant, NUMBER).await;
    let new = json!({ "phone_number": [NUMBER], "email_address": ["eve@example.com"], "password": PASSWORD });
    server.backend().await.post("/v1/users", new).await.ok();
    assert_eq!(attempt(&mut browser, &id, &code).await.refusal(), (422, "form_identifier_exists".into()));
    server.clock.advance(Millis::from_mins(1));
    assert_eq!(prepare(&mut browser, &id).await.refusal(), (422, "form_identifier_exists".into()));
}

#[tokio::test]
async fn nobody_touches_the_numbers_of_others() {
    let (server, _, mut browser) = signed_in().await;
    let id = proved(&server, &mut browser, NUMBER).await;
    let mut eve = server.browser();
    eve.session = Some(eve.sign_up("eve@example.com").await.text("/client/sessions/0/id"));
    let answers = [
        eve.get(&path(&id)).await,
        reserve(&mut eve, &id).await,
        eve.delete(&path(&id)).await,
        prepare(&mut eve, &id).await,
        attempt(&mut eve, &id, "424242").await,
        eve.get(&path("idn_000000000000000000000000000")).await,
        eve.delete(&path("x")).await,
    ];
    for answer in answers {
        assert_eq!(answer.refusal(), (404, "resource_not_found".into()));
    }
    assert_eq!(server.browser().get("/v1/me/phone_numbers").await.status, 401);
    assert_eq!(server.browser().post("/v1/me/phone_numbers", &[("phone_number", OTHER)]).await.status, 401);
}

#[tokio::test]
async fn where_users_have_no_numbers_none_is_added() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
    let refused = browser.post("/v1/me/phone_numbers", &[("phone_number", NUMBER)]).await;
    assert_eq!((refused.refusal(), param(&refused)), ((422, "form_param_unknown".into()), json!("phone_number")));
}

#[tokio::test]
async fn wrong_codes_to_a_number_count_towards_the_lock() {
    let (server, tenant, mut browser) = signed_in().await;
    let id = add(&mut browser, NUMBER).await;
    for _ in 0..2 {
        prepare(&mut browser, &id).await.ok();
        for _ in 0..5 {
            attempt(&mut browser, &id, "0000000").await;
        }
        server.clock.advance(Millis::from_mins(1));
    }
    let code = server.sms_code(&tenant, NUMBER).await;
    assert_eq!(attempt(&mut browser, &id, &code).await.refusal(), (403, "user_locked".into()));
}

#[tokio::test]
async fn a_number_becomes_a_second_factor_with_backup_codes_beside_it() {
    let (server, tenant, mut browser) = signed_in().await;
    let id = proved(&server, &mut browser, NUMBER).await;
    let done = reserve(&mut browser, &id).await.ok();
    assert_eq!(done.at("/response/reserved_for_second_factor"), true);
    assert_eq!(done.at("/response/default_second_factor"), true);
    assert_eq!(done.at("/response/backup_codes").as_array().map(Vec::len), Some(10));
    let user = done.at("/client/sessions/0/user");
    assert_eq!((&user["two_factor_enabled"], &user["backup_code_enabled"]), (&json!(true), &json!(true)));
    assert_eq!(user["mfa_enabled_at"], server.service.now().0);
    assert_eq!(user["totp_enabled"], false);
    // A second factor names nobody any more.
    assert_eq!(user["primary_phone_number_id"], Value::Null);
    assert_eq!(browser.get(&path(&id)).await.ok().at("/response/backup_codes"), Value::Null);

    let (mut other, asked) = at_second_factor(&server).await;
    let factors = asked.at("/response/supported_second_factors");
    assert_eq!((&factors[0]["strategy"], &factors[1]["strategy"]), (&json!("phone_code"), &json!("backup_code")));
    assert_eq!(factors[0]["phone_number_id"], json!(id));
    assert_eq!(factors[0]["safe_identifier"], "+**********23");
    assert_eq!(factors[0]["default"], true);
    let attempt = asked.text("/response/id");
    assert_eq!(answer(&mut other, &attempt, "123456").await.refusal(), (400, "verification_missing".into()));
    let fields = [("strategy", "phone_code"), ("phone_number_id", id.as_str())];
    let sent = other.sign_in_step(&attempt, "prepare_second_factor", &fields).await.ok();
    assert_eq!(sent.text("/response/second_factor_verification/strategy"), "phone_code");
    assert_eq!(sent.text("/response/second_factor_verification/channel"), "sms");
    let code = server.sms_code(&tenant, NUMBER).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    assert_eq!(answer(&mut other, &attempt, wrong).await.refusal(), (422, "form_code_incorrect".into()));
    let signed_in = answer(&mut other, &attempt, &code).await.ok();
    assert_eq!(signed_in.text("/response/status"), "complete");
    assert_eq!(signed_in.at("/client/sessions/0/factor_verification_age"), json!([0, 0]));
    assert_eq!(answer(&mut other, &attempt, &code).await.refusal(), (400, "verification_already_verified".into()));
}

#[tokio::test]
async fn one_phone_is_not_both_factors() {
    let (server, _, mut browser) = signed_in().await;
    let id = proved(&server, &mut browser, NUMBER).await;
    reserve(&mut browser, &id).await.ok();
    let mut other = server.browser();
    let named = other.post("/v1/client/sign_ins", &[("identifier", NUMBER)]).await.ok();
    let factors = named.at("/response/supported_first_factors");
    let by_phone = |it: &&Value| it["strategy"].as_str().is_some_and(|it| it.ends_with("phone_code"));
    assert_eq!(factors.as_array().unwrap().iter().filter(by_phone).count(), 0, "{factors}");
    for strategy in ["phone_code", "reset_password_phone_code"] {
        let fields = [("strategy", strategy)];
        let refused = other.sign_in_step(&named.text("/response/id"), "prepare_first_factor", &fields).await;
        assert_eq!(refused.refusal(), (400, "strategy_for_user_invalid".into()), "{strategy}");
    }
}

#[tokio::test]
async fn a_number_given_for_the_second_factor_is_one_once_proved() {
    let (server, tenant, mut browser) = signed_in().await;
    let fields = [("phone_number", NUMBER), ("reserved_for_second_factor", "true")];
    let made = browser.post("/v1/me/phone_numbers", &fields).await.ok();
    assert_eq!(made.at("/client/sessions/0/user/two_factor_enabled"), false);
    let id = made.text("/response/id");
    prepare(&mut browser, &id).await.ok();
    let code = server.sms_code(&tenant, NUMBER).await;
    let done = attempt(&mut browser, &id, &code).await.ok();
    assert_eq!(done.at("/response/backup_codes").as_array().map(Vec::len), Some(10));
    assert_eq!(done.at("/client/sessions/0/user/two_factor_enabled"), true);
}

#[tokio::test]
async fn one_of_the_second_factors_is_the_default() {
    let (server, _, mut browser) = signed_in().await;
    let first = proved(&server, &mut browser, NUMBER).await;
    let second = proved(&server, &mut browser, OTHER).await;
    let not_yet = browser.patch(&path(&second), &[("default_second_factor", "true")]).await;
    assert_eq!(not_yet.refusal(), (422, "form_param_value_invalid".into()));
    reserve(&mut browser, &first).await.ok();
    assert_eq!(reserve(&mut browser, &second).await.ok().at("/response/default_second_factor"), false);
    let refused = browser.patch(&path(&first), &[("default_second_factor", "false")]).await;
    assert_eq!(refused.refusal(), (422, "form_disable_default_second_factor_not_allowed".into()));
    let moved = browser.patch(&path(&second), &[("default_second_factor", "true")]).await.ok();
    assert_eq!(moved.at("/response/default_second_factor"), true);
    assert_eq!(moved.at("/client/sessions/0/user/phone_numbers/0/default_second_factor"), false);
    let (_, asked) = at_second_factor(&server).await;
    assert_eq!(asked.at("/response/supported_second_factors/0/phone_number_id"), json!(second));
    let gone = browser.delete(&path(&second)).await.ok();
    assert_eq!(gone.at("/client/sessions/0/user/phone_numbers/0/default_second_factor"), true);
}

#[tokio::test]
async fn giving_up_the_last_number_gives_up_its_backup_codes() {
    let (server, _, mut browser) = signed_in().await;
    let id = proved(&server, &mut browser, NUMBER).await;
    reserve(&mut browser, &id).await.ok();
    let given_up = browser.patch(&path(&id), &[("reserved_for_second_factor", "false")]).await.ok();
    let user = given_up.at("/client/sessions/0/user");
    assert_eq!((&user["two_factor_enabled"], &user["backup_code_enabled"]), (&json!(false), &json!(false)));
    assert_eq!(user["mfa_disabled_at"], server.service.now().0);
    assert_eq!(user["primary_phone_number_id"], json!(id));
    assert_eq!(server.browser().sign_in(JANE, PASSWORD).await.ok().text("/response/status"), "complete");
}

#[tokio::test]
async fn what_cannot_be_a_second_factor_does_not_become_one() {
    let (server, tenant, mut browser) = signed_in().await;
    let id = add(&mut browser, NUMBER).await;
    let refused = reserve(&mut browser, &id).await;
    assert_eq!(refused.refusal(), (400, "identification_update_second_factor_unverified".into()));
    server.settings(&tenant, |settings| settings.multi_factor.phone_code = false).await;
    assert_eq!(reserve(&mut browser, &id).await.refusal(), (400, "form_param_value_disabled".into()));
    let fields = [("phone_number", OTHER), ("reserved_for_second_factor", "true")];
    let refused = browser.post("/v1/me/phone_numbers", &fields).await;
    assert_eq!(refused.refusal(), (400, "form_param_value_disabled".into()));
}

#[tokio::test]
async fn the_last_way_in_stays_one() {
    let server = TestServer::start().await;
    let tenant = server
        .settings(&server.development(), |settings| {
            settings.attributes.email_address.required = false;
            settings.attributes.password = verger_model::settings::Attribute::default();
            settings.attributes.phone_number.enabled = true;
            settings.multi_factor.phone_code = true;
        })
        .await;
    let mut browser = server.browser();
    let fields = [("phone_number", NUMBER), ("strategy", "phone_code")];
    let id = browser.post("/v1/client/sign_ups", &fields).await.ok().text("/response/id");
    let code = server.sms_code(&tenant, NUMBER).await;
    let fields = [("strategy", "phone_code"), ("code", code.as_str())];
    let done = browser.post(&format!("/v1/client/sign_ups/{id}/attempt_verification"), &fields).await.ok();
    browser.session = Some(done.text("/client/sessions/0/id"));
    let id = done.text("/client/sessions/0/user/phone_numbers/0/id");
    assert_eq!(reserve(&mut browser, &id).await.refusal(), (400, "identification_update_failed".into()));
    assert_eq!(browser.delete(&path(&id)).await.refusal(), (400, "identification_deletion_failed".into()));
    server.settings(&tenant, |settings| settings.attributes.phone_number.required = true).await;
    let refused = browser.delete(&path(&id)).await;
    assert_eq!(refused.refusal(), (400, "last_required_identification_deletion_failed".into()));
}

#[tokio::test]
async fn where_a_second_factor_is_required_a_number_fulfils_it_and_stays() {
    let (server, tenant, _) = signed_in().await;
    server.settings(&tenant, |settings| settings.multi_factor.required = true).await;
    let mut browser = server.browser();
    let done = browser.sign_in(JANE, PASSWORD).await.ok();
    assert_eq!(done.text("/client/sessions/0/status"), "pending");
    assert_eq!(done.at("/client/sessions/0/tasks"), json!([{ "key": "setup-mfa" }]));
    browser.session = Some(done.text("/client/sessions/0/id"));
    let id = proved(&server, &mut browser, NUMBER).await;
    let cleared = reserve(&mut browser, &id).await.ok();
    assert_eq!(cleared.text("/client/sessions/0/status"), "active");
    assert_eq!(cleared.at("/response/backup_codes").as_array().map(Vec::len), Some(10));
    let unreserved = browser.patch(&path(&id), &[("reserved_for_second_factor", "false")]).await;
    for refused in [unreserved, browser.delete(&path(&id)).await] {
        assert_eq!(refused.refusal(), (400, "second_factor_deletion_not_allowed".into()));
    }
    // Beside an app it may go, and the app beside it.
    let secret = browser.post("/v1/me/totp", &[]).await.ok().text("/response/secret");
    let code = totp_code(&secret, server.service.now());
    browser.post("/v1/me/totp/attempt_verification", &[("code", &code)]).await.ok();
    browser.delete("/v1/me/totp").await.ok();
    assert_eq!(browser.delete(&path(&id)).await.refusal(), (400, "second_factor_deletion_not_allowed".into()));
}

#[tokio::test]
async fn a_phone_that_is_no_factor_any_more_answers_nothing() {
    let (server, tenant, mut browser) = signed_in().await;
    let id = proved(&server, &mut browser, NUMBER).await;
    reserve(&mut browser, &id).await.ok();
    let (mut other, asked) = at_second_factor(&server).await;
    let attempt = asked.text("/response/id");
    other.sign_in_step(&attempt, "prepare_second_factor", &[("strategy", "phone_code")]).await.ok();
    let code = server.sms_code(&tenant, NUMBER).await;
    browser.patch(&path(&id), &[("reserved_for_second_factor", "false")]).await.ok();
    assert_eq!(answer(&mut other, &attempt, &code).await.refusal(), (400, "no_second_factors".into()));
    let again = other.sign_in_step(&attempt, "prepare_second_factor", &[("strategy", "phone_code")]).await;
    assert_eq!(again.refusal(), (400, "no_second_factors".into()));
}

#[tokio::test]
async fn a_code_for_another_step_is_no_second_factor() {
    let (server, tenant, mut browser) = signed_in().await;
    let id = proved(&server, &mut browser, NUMBER).await;
    reserve(&mut browser, &id).await.ok();
    let (mut other, asked) = at_second_factor(&server).await;
    let attempt = asked.text("/response/id");
    let foreign = [("strategy", "phone_code"), ("phone_number_id", "idn_000000000000000000000000000")];
    let refused = other.sign_in_step(&attempt, "prepare_second_factor", &foreign).await;
    assert_eq!(
        (refused.refusal(), param(&refused)),
        ((422, "form_param_value_invalid".into()), json!("phone_number_id"))
    );
    // A code that proves an address is none for the phone.
    let mut by_mail = server.browser();
    by_mail.post("/v1/client/sign_ins", &[("identifier", JANE), ("strategy", "email_code")]).await.ok();
    let mailed = server.code(&tenant, JANE).await;
    other.sign_in_step(&attempt, "prepare_second_factor", &[("strategy", "phone_code")]).await.ok();
    assert_eq!(answer(&mut other, &attempt, &mailed).await.refusal(), (422, "form_code_incorrect".into()));
}

#[tokio::test]
async fn wrong_codes_of_the_second_factor_lock_the_account() {
    let (server, tenant, mut browser) = signed_in().await;
    let id = proved(&server, &mut browser, NUMBER).await;
    reserve(&mut browser, &id).await.ok();
    let (mut other, asked) = at_second_factor(&server).await;
    let attempt = asked.text("/response/id");
    for _ in 0..2 {
        other.sign_in_step(&attempt, "prepare_second_factor", &[("strategy", "phone_code")]).await.ok();
        for _ in 0..5 {
            answer(&mut other, &attempt, "0000000").await;
        }
        server.clock.advance(Millis::from_mins(1));
    }
    let code = server.sms_code(&tenant, NUMBER).await;
    assert_eq!(answer(&mut other, &attempt, &code).await.refusal(), (403, "user_locked".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_parallel_tries_of_a_second_factor_one_signs_in() {
    let (server, tenant, mut browser) = signed_in().await;
    let id = proved(&server, &mut browser, NUMBER).await;
    reserve(&mut browser, &id).await.ok();
    let (mut other, asked) = at_second_factor(&server).await;
    let attempt = asked.text("/response/id");
    other.sign_in_step(&attempt, "prepare_second_factor", &[("strategy", "phone_code")]).await.ok();
    let code = server.sms_code(&tenant, NUMBER).await;
    let tries: Vec<_> = (0..50)
        .map(|_| {
            let (mut other, attempt, code) = (other.clone(), attempt.clone(), code.clone());
            tokio::spawn(async move { answer(&mut other, &attempt, &code).await })
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
async fn the_backend_takes_every_second_factor_away() {
    let (server, _, mut browser) = signed_in().await;
    let id = proved(&server, &mut browser, NUMBER).await;
    reserve(&mut browser, &id).await.ok();
    let user = browser.get("/v1/me").await.ok().text("/response/id");
    let backend = server.backend().await;
    backend.delete(&format!("/v1/users/{user}/mfa")).await.ok();
    let after = backend.get(&format!("/v1/users/{user}")).await.ok();
    assert_eq!(after.at("/two_factor_enabled"), false);
    assert_eq!(after.at("/phone_numbers/0/reserved_for_second_factor"), false);
    assert_eq!(server.browser().sign_in(JANE, PASSWORD).await.ok().text("/response/status"), "complete");
}

#[tokio::test]
async fn what_is_dear_asks_for_the_phone_again() {
    let (server, tenant, mut browser) = signed_in().await;
    let id = proved(&server, &mut browser, NUMBER).await;
    reserve(&mut browser, &id).await.ok();
    let tenant = server
        .settings(&tenant, |settings| {
            settings.sessions.reverification = true;
            settings.multi_factor.authenticator_app = false;
        })
        .await;
    server.clock.advance(Millis::from_mins(11));
    let answers = [
        browser.post("/v1/me/phone_numbers", &[("phone_number", OTHER)]).await,
        browser.patch(&path(&id), &[("reserved_for_second_factor", "false")]).await,
        browser.delete(&path(&id)).await,
    ];
    for refused in answers {
        assert_eq!(refused.refusal(), (403, "session_reverification_required".into()));
    }
    let session = browser.session.clone().expect("a session");
    let verify = format!("/v1/client/sessions/{session}/verify");
    let started = browser.post(&verify, &[("level", "second_factor")]).await.ok();
    assert_eq!(started.text("/response/supported_second_factors/0/strategy"), "phone_code");
    let missing = [("strategy", "phone_code"), ("code", "123456")];
    let refused = browser.post(&format!("{verify}/attempt_second_factor"), &missing).await;
    assert_eq!(refused.refusal(), (400, "verification_missing".into()));
    let refused = browser.post(&format!("{verify}/prepare_second_factor"), &[("strategy", "totp")]).await;
    assert_eq!(refused.refusal(), (422, "form_param_value_invalid".into()));
    browser.post(&format!("{verify}/prepare_second_factor"), &[("strategy", "phone_code")]).await.ok();
    let code = server.sms_code(&tenant, NUMBER).await;
    let wrong = [("strategy", "phone_code"), ("code", "0000000")];
    let refused = browser.post(&format!("{verify}/attempt_second_factor"), &wrong).await;
    assert_eq!(refused.refusal(), (422, "form_code_incorrect".into()));
    let fields = [("strategy", "phone_code"), ("code", code.as_str())];
    let done = browser.post(&format!("{verify}/attempt_second_factor"), &fields).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    add(&mut browser, OTHER).await;
    browser.delete(&path(&id)).await.ok();
}
