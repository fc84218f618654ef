//! Email addresses that users give to themselves.

use serde_json::Value;
use verger_model::Millis;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";
const NEW: &str = "jane.doe@example.org";

async fn signed_in_as(server: &TestServer, email: &str) -> Browser {
    let mut browser = server.browser();
    browser.session = Some(browser.sign_up(email).await.text("/client/sessions/0/id"));
    browser
}

async fn add(browser: &mut Browser, address: &str) -> Answer {
    browser.post("/v1/me/email_addresses", &[("email_address", address)]).await
}

async fn prepare(browser: &mut Browser, id: &str) -> Answer {
    let path = format!("/v1/me/email_addresses/{id}/prepare_verification");
    browser.post(&path, &[("strategy", "email_code")]).await
}

async fn attempt(browser: &mut Browser, id: &str, code: &str) -> Answer {
    browser.post(&format!("/v1/me/email_addresses/{id}/attempt_verification"), &[("code", code)]).await
}

/// Adds an address and proves it; its id.
async fn prove(server: &TestServer, browser: &mut Browser, address: &str) -> String {
    let id = add(browser, address).await.ok().text("/response/id");
    prepare(browser, &id).await.ok();
    let code = server.code(&browser.tenant, address).await;
    attempt(browser, &id, &code).await.ok();
    id
}

fn user(answer: &Answer) -> Value {
    answer.at("/client/sessions/0/user")
}

#[tokio::test]
async fn an_added_address_signs_in_once_it_is_proved() {
    let server = TestServer::start().await;
    let mut browser = signed_in_as(&server, JANE).await;
    let added = add(&mut browser, " Jane.Doe@Example.ORG ").await.ok();
    assert_eq!(added.text("/response/email_address"), NEW);
    assert_eq!(added.at("/response/verification"), Value::Null);
    let id = added.text("/response/id");

    let unproved = server.browser().sign_in(NEW, PASSWORD).await;
    assert_eq!(unproved.refusal(), (422, "form_identifier_not_found".into()));

    let asked = prepare(&mut browser, &id).await.ok();
    assert_eq!(asked.text("/response/verification/status"), "unverified");
    assert_eq!(asked.at("/response/verification/expire_at"), (server.service.now() + Millis::from_mins(10)).0);
    let code = server.code(&browser.tenant, NEW).await;
    let done = attempt(&mut browser, &id, &code).await.ok();
    assert_eq!(done.text("/response/verification/status"), "verified");
    assert_ne!(user(&done)["primary_email_address_id"], Value::from(id.clone()), "the first one stays primary");

    server.browser().sign_in(NEW, PASSWORD).await.ok();
    let mails = server.mails(&browser.tenant, JANE).await;
    assert!(mails.iter().any(|mail| mail.slug == "email_address_added" && mail.text.contains(NEW)));

    let listed = browser.get("/v1/me/email_addresses").await.ok();
    assert_eq!(listed.json().as_array().map(Vec::len), Some(2));
    let one = browser.get(&format!("/v1/me/email_addresses/{id}")).await.ok();
    assert_eq!(one.text("/response/email_address"), NEW);
}

#[tokio::test]
async fn the_old_address_can_go_when_another_is_primary() {
    let server = TestServer::start().await;
    let mut browser = signed_in_as(&server, JANE).await;
    let old = browser.get("/v1/me").await.ok().text("/response/primary_email_address_id");
    let alone = browser.delete(&format!("/v1/me/email_addresses/{old}")).await;
    assert_eq!(alone.refusal(), (400, "last_required_identification_deletion_failed".into()));

    let unproved = add(&mut browser, "later@example.com").await.ok().text("/response/id");
    let alone = browser.delete(&format!("/v1/me/email_addresses/{old}")).await;
    assert_eq!(alone.refusal(), (400, "last_required_identification_deletion_failed".into()));
    let refused = browser.patch("/v1/me", &[("primary_email_address_id", &unproved)]).await;
    assert_eq!(refused.refusal(), (422, "form_param_value_invalid".into()));

    let new = prove(&server, &mut browser, NEW).await;
    browser.patch("/v1/me", &[("primary_email_address_id", &new)]).await.ok();
    let mails = server.mails(&browser.tenant, JANE).await;
    assert!(mails.iter().any(|mail| mail.slug == "primary_email_address_changed" && mail.text.contains(NEW)));
    let gone = browser.delete(&format!("/v1/me/email_addresses/{old}")).await.ok();
    assert_eq!(gone.at("/response/deleted"), true);
    assert_eq!(gone.text("/response/object"), "email_address");
    assert_eq!(user(&gone)["primary_email_address_id"], Value::from(new));
    assert_eq!(server.browser().sign_in(JANE, PASSWORD).await.refusal(), (422, "form_identifier_not_found".into()));
    signed_in_as(&server, JANE).await;
}

#[tokio::test]
async fn a_removed_primary_address_is_followed_by_another_one() {
    let server = TestServer::start().await;
    let mut browser = signed_in_as(&server, JANE).await;
    let old = browser.get("/v1/me").await.ok().text("/response/primary_email_address_id");
    let new = prove(&server, &mut browser, NEW).await;
    let gone = browser.delete(&format!("/v1/me/email_addresses/{old}")).await.ok();
    assert_eq!(user(&gone)["primary_email_address_id"], Value::from(new));
}

#[tokio::test]
async fn nobody_removes_the_last_thing_they_are_known_by() {
    let server = TestServer::start().await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.attributes.email_address.required = false).await;
    let mut browser = signed_in_as(&server, JANE).await;
    let only = browser.get("/v1/me").await.ok().text("/response/primary_email_address_id");
    let refused = browser.delete(&format!("/v1/me/email_addresses/{only}")).await;
    assert_eq!(refused.refusal(), (400, "identification_deletion_failed".into()));

    server.settings(&server.development(), |settings| settings.attributes.username.enabled = true).await;
    browser.patch("/v1/me", &[("username", "jane_doe")]).await.ok();
    let gone = browser.delete(&format!("/v1/me/email_addresses/{only}")).await.ok();
    assert_eq!(user(&gone)["primary_email_address_id"], Value::Null);

    // The first proved address stands for the user again.
    let new = prove(&server, &mut browser, NEW).await;
    let me = browser.get("/v1/me").await.ok();
    assert_eq!(me.text("/response/primary_email_address_id"), new);
}

#[tokio::test]
async fn what_is_no_address_or_taken_is_refused() {
    let server = TestServer::start().await;
    signed_in_as(&server, "eve@example.com").await;
    let mut browser = signed_in_as(&server, JANE).await;
    for taken in ["eve@example.com", "EVE@example.com", JANE] {
        assert_eq!(add(&mut browser, taken).await.refusal(), (422, "form_identifier_exists".into()), "{taken}");
    }
    for wrong in ["jane", "a@example.com,b@example.com", "Jane <jane@example.org>", "jane@"] {
        assert_eq!(add(&mut browser, wrong).await.refusal(), (422, "form_param_format_invalid".into()), "{wrong}");
    }
    let missing = browser.post("/v1/me/email_addresses", &[]).await;
    assert_eq!(missing.refusal(), (422, "form_param_missing".into()));
    assert_eq!(add(&mut server.browser(), NEW).await.status, 401);

    add(&mut browser, NEW).await.ok();
    assert_eq!(add(&mut browser, NEW).await.refusal(), (422, "form_identifier_exists".into()));
}

#[tokio::test]
async fn an_address_belongs_to_whoever_proves_it_first() {
    let server = TestServer::start().await;
    let mut eve = signed_in_as(&server, "eve@example.com").await;
    let mut jane = signed_in_as(&server, JANE).await;
    let of_eve = add(&mut eve, NEW).await.ok().text("/response/id");
    prepare(&mut eve, &of_eve).await.ok();
    let code_of_eve = server.code(&eve.tenant, NEW).await;
    server.clock.advance(Millis::from_secs(31));
    let later = add(&mut eve, "second@example.com").await.ok().text("/response/id");
    prove(&server, &mut jane, NEW).await;
    prove(&server, &mut jane, "second@example.com").await;

    assert_eq!(attempt(&mut eve, &of_eve, &code_of_eve).await.refusal(), (400, "identification_claimed".into()));
    assert_eq!(prepare(&mut eve, &later).await.refusal(), (422, "form_identifier_exists".into()));
    // What is not proved can always go.
    eve.delete(&format!("/v1/me/email_addresses/{of_eve}")).await.ok();
}

#[tokio::test]
async fn codes_for_an_address_follow_the_rules_of_codes() {
    let server = TestServer::start().await;
    let mut browser = signed_in_as(&server, JANE).await;
    let id = add(&mut browser, NEW).await.ok().text("/response/id");
    assert_eq!(attempt(&mut browser, &id, "123456").await.refusal(), (400, "verification_missing".into()));
    let path = format!("/v1/me/email_addresses/{id}/prepare_verification");
    for strategy in ["password", "totp", "reset_password_email_code", "smoke_signal"] {
        let refused = browser.post(&path, &[("strategy", strategy)]).await;
        assert_eq!(refused.refusal(), (422, "form_param_value_invalid".into()), "{strategy}");
    }
    prepare(&mut browser, &id).await.ok();
    prepare(&mut browser, &id).await.ok();
    assert_eq!(server.mails(&browser.tenant, NEW).await.len(), 1, "a repeated request sends nothing");
    let code = server.code(&browser.tenant, NEW).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert_eq!(attempt(&mut browser, &id, wrong).await.refusal(), (422, "form_code_incorrect".into()));
    }
    let counted = browser.get(&format!("/v1/me/email_addresses/{id}")).await.ok();
    assert_eq!(counted.at("/response/verification/attempts"), 5);
    assert_eq!(attempt(&mut browser, &id, &code).await.refusal(), (400, "verification_failed".into()));

    server.clock.advance(Millis::from_secs(31));
    prepare(&mut browser, &id).await.ok();
    let code = server.code(&browser.tenant, NEW).await;
    server.clock.advance(Millis::from_mins(10));
    assert_eq!(attempt(&mut browser, &id, &code).await.refusal(), (400, "verification_expired".into()));

    prepare(&mut browser, &id).await.ok();
    let code = server.code(&browser.tenant, NEW).await;
    attempt(&mut browser, &id, &code).await.ok();
    assert_eq!(attempt(&mut browser, &id, &code).await.refusal(), (400, "verification_already_verified".into()));
    assert_eq!(prepare(&mut browser, &id).await.refusal(), (400, "verification_already_verified".into()));
}

#[tokio::test]
async fn unproved_addresses_do_not_pile_up() {
    let server = TestServer::start().await;
    let mut browser = signed_in_as(&server, JANE).await;
    for n in 0..10 {
        add(&mut browser, &format!("jane{n}@example.com")).await.ok();
    }
    assert_eq!(add(&mut browser, NEW).await.refusal(), (400, "too_many_unverified_identifications".into()));
}

#[tokio::test]
async fn addresses_of_others_are_not_there() {
    let server = TestServer::start().await;
    let eve = signed_in_as(&server, "eve@example.com").await.get("/v1/me").await;
    let mut browser = signed_in_as(&server, JANE).await;
    let path = format!("/v1/me/email_addresses/{}", eve.text("/response/primary_email_address_id"));
    let not_found = (404, "resource_not_found".to_owned());
    assert_eq!(browser.get(&path).await.refusal(), not_found);
    assert_eq!(browser.delete(&path).await.refusal(), not_found);
    let asked = browser.post(&format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await;
    assert_eq!(asked.refusal(), not_found);
    let answered = browser.post(&format!("{path}/attempt_verification"), &[("code", "123456")]).await;
    assert_eq!(answered.refusal(), not_found);
}

#[tokio::test]
async fn test_addresses_take_the_test_code() {
    let server = TestServer::start().await;
    let mut browser = signed_in_as(&server, JANE).await;
    let id = add(&mut browser, "jane+clerk_test@example.com").await.ok().text("/response/id");
    prepare(&mut browser, &id).await.ok();
    attempt(&mut browser, &id, "424242").await.ok();
}

#[tokio::test]
async fn without_addresses_none_is_added() {
    let server = TestServer::start().await;
    let mut browser = signed_in_as(&server, JANE).await;
    let tenant = server.development();
    server
        .settings(&tenant, |settings| {
            settings.attributes.email_address.enabled = false;
            settings.attributes.username.enabled = true;
        })
        .await;
    assert_eq!(add(&mut browser, NEW).await.refusal(), (422, "form_param_unknown".into()));
}

#[tokio::test]
async fn giving_and_taking_addresses_is_dear() {
    let server = TestServer::start().await;
    let mut browser = signed_in_as(&server, JANE).await;
    let id = prove(&server, &mut browser, NEW).await;
    server.clock.advance(Millis::from_mins(11));
    let dear = (403, "session_reverification_required".to_owned());
    assert_eq!(add(&mut browser, "third@example.com").await.refusal(), dear);
    assert_eq!(browser.delete(&format!("/v1/me/email_addresses/{id}")).await.refusal(), dear);
}

#[tokio::test]
async fn what_is_not_let_in_is_not_added() {
    let server = TestServer::start().await;
    server.settings(&server.development(), |settings| settings.restrictions.blocklist = true).await;
    let blocked = serde_json::json!({ "identifier": "*@evil.test" });
    server.backend().await.post("/v1/blocklist_identifiers", blocked).await.ok();
    let mut browser = signed_in_as(&server, JANE).await;
    assert_eq!(add(&mut browser, "jane@evil.test").await.refusal(), (403, "not_allowed_access".into()));
}
