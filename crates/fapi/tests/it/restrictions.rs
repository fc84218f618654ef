//! Who is let in.

use serde_json::{Value, json};
use verger_model::settings::RestrictionSettings;
use verger_testkit::{Answer, PASSWORD, TestServer};

async fn restricted(restrictions: RestrictionSettings) -> TestServer {
    let server = TestServer::start().await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.restrictions = restrictions).await;
    server
}

async fn sign_up(server: &TestServer, email: &str) -> Answer {
    server.browser().post("/v1/client/sign_ups", &[("email_address", email), ("password", PASSWORD)]).await
}

async fn expect(server: &TestServer, cases: &[(&str, bool)]) {
    for (email, is_let_in) in cases {
        let answer = sign_up(server, email).await;
        if *is_let_in {
            answer.ok();
        } else {
            assert_eq!(answer.refusal(), (403, "not_allowed_access".into()), "{email}");
        }
    }
}

#[tokio::test]
async fn what_is_on_the_blocklist_stays_outside() {
    let server = restricted(RestrictionSettings { blocklist: true, ..Default::default() }).await;
    let backend = server.backend().await;
    for identifier in ["*@bad.test", "*@*.worse.test", "eve@example.com"] {
        backend.post("/v1/blocklist_identifiers", json!({ "identifier": identifier })).await.ok();
    }
    expect(
        &server,
        &[
            ("a@bad.test", false),
            ("a@mail.bad.test", true),
            ("a@mail.worse.test", false),
            ("a@worse.test", true),
            ("Eve@Example.com", false),
            ("eve+1@example.com", false),
            ("jane@example.com", true),
        ],
    )
    .await;
}

#[tokio::test]
async fn an_allowlist_lets_in_only_what_it_names_and_goes_first() {
    let server = restricted(RestrictionSettings { allowlist: true, blocklist: true, ..Default::default() }).await;
    expect(&server, &[("jane@example.com", false)]).await;
    let backend = server.backend().await;
    for identifier in ["@example.com", "eve@other.test"] {
        backend.post("/v1/allowlist_identifiers", json!({ "identifier": identifier })).await.ok();
    }
    backend.post("/v1/blocklist_identifiers", json!({ "identifier": "jane@example.com" })).await.ok();
    expect(&server, &[("jane@example.com", true), ("eve@other.test", true), ("eve+1@other.test", false)]).await;
    let environment = server.browser().get("/v1/environment").await.ok();
    assert_eq!(environment.at("/user_settings/restrictions/allowlist/enabled"), true);
}

#[tokio::test]
async fn lists_that_are_off_keep_nobody_out() {
    let server = restricted(RestrictionSettings::default()).await;
    let backend = server.backend().await;
    backend.post("/v1/blocklist_identifiers", json!({ "identifier": "*@bad.test" })).await.ok();
    expect(&server, &[("a@bad.test", true)]).await;
}

#[tokio::test]
async fn a_mailbox_has_one_account() {
    let server = restricted(RestrictionSettings { block_email_subaddresses: true, ..Default::default() }).await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.test_mode = Some(true)).await;
    server.browser().sign_up("jane+first@example.com").await;
    expect(
        &server,
        &[
            ("jane+second@example.com", false),
            ("jane=third@example.com", false),
            ("jane+first@example.org", true),
            ("jan+first@example.com", true),
            ("jane+clerk_test@example.com", true),
        ],
    )
    .await;
}

#[tokio::test]
async fn addresses_to_throw_away_are_refused() {
    let server = restricted(RestrictionSettings { block_disposable_email_domains: true, ..Default::default() }).await;
    expect(&server, &[("jane@mailinator.com", false), ("jane@example.com", true)]).await;
}

#[tokio::test]
async fn the_terms_must_be_accepted() {
    let server = TestServer::start().await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.sign_up.legal_consent = true).await;
    let mut browser = server.browser();
    let email = "jane+clerk_test@example.com";
    let fields = [("email_address", email), ("password", PASSWORD), ("legal_accepted", "false")];
    let started = browser.post("/v1/client/sign_ups", &fields).await.ok();
    assert_eq!(started.at("/response/missing_fields"), json!(["legal_accepted"]));
    let id = started.text("/response/id");
    browser.post(&format!("/v1/client/sign_ups/{id}/prepare_verification"), &[("strategy", "email_code")]).await.ok();
    let code = [("strategy", "email_code"), ("code", "424242")];
    let proved = browser.post(&format!("/v1/client/sign_ups/{id}/attempt_verification"), &code).await.ok();
    assert_eq!(proved.text("/response/status"), "missing_requirements");
    assert_eq!(proved.at("/response/legal_accepted_at"), Value::Null);
    let done = browser.patch(&format!("/v1/client/sign_ups/{id}"), &[("legal_accepted", "true")]).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.at("/client/sessions/0/user/legal_accepted_at"), server.service.now().0);
}
