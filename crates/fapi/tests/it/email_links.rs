//! Links by mail: who may open them, how often, and what the page that waits is told.

use serde_json::{Value, json};
use url::Url;
use verger_model::Millis;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer};

const JANE: &str = "jane@example.com";
const BACK: &str = "http://localhost:3000/sign-in/verify?from=mail";

/// A server where links sign in and prove addresses, as the only mails.
async fn start() -> TestServer {
    let server = TestServer::start().await;
    let tenant = server.development();
    server
        .settings(&tenant, |settings| {
            settings.sign_in.email_link = true;
            settings.verifications.email_link = true;
        })
        .await;
    server
}

/// The path and query of the newest link to an address.
async fn link(server: &TestServer, to: &str) -> String {
    let mail = server.mails(&server.development(), to).await.into_iter().next().expect("a mail");
    let link = mail.text.split_whitespace().find(|word| word.starts_with("http")).expect("a link").to_owned();
    let url = Url::parse(&link).expect("an address");
    let token = url.query_pairs().next().expect("a token").1.into_owned();
    assert!(mail.html.contains(&token), "{}", mail.html);
    assert_eq!(url.origin().ascii_serialization(), "http://localhost:4000");
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

/// What a person's browser does with a link.
async fn open(browser: &mut Browser, link: &str) -> Answer {
    let request = browser.request("GET", link).header("accept", "text/html,*/*").body(axum::body::Body::empty());
    let answer = browser.server.at_frontend(request.expect("a request")).await;
    browser.jar.update(&answer.headers);
    answer
}

/// A parameter of the page that a verdict leads to.
fn told(answer: &Answer, name: &str) -> String {
    assert_eq!(answer.status, 303, "{}", String::from_utf8_lossy(&answer.body));
    let url = Url::parse(answer.location()).expect("an address");
    assert!(answer.location().starts_with(BACK) || url.path() == "/verify", "{url}");
    assert_eq!(url.query_pairs().filter(|(key, _)| key == "token").count(), 0);
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

async fn ask(browser: &mut Browser) -> String {
    let fields = [("identifier", JANE), ("strategy", "email_link"), ("redirect_url", BACK)];
    browser.post("/v1/client/sign_ins", &fields).await.ok().text("/response/id")
}

/// Jane has an account, and another browser asked for a link to sign in.
async fn asked() -> (TestServer, Browser, String) {
    let server = start().await;
    server.browser().sign_up(JANE).await;
    server.clock.advance(Millis::from_secs(31));
    let mut browser = server.browser();
    let id = ask(&mut browser).await;
    (server, browser, id)
}

#[tokio::test]
async fn a_link_signs_in_the_browser_that_asked() {
    let (server, mut browser, id) = asked().await;
    let waiting = browser.get(&format!("/v1/client/sign_ins/{id}")).await.ok();
    assert_eq!(waiting.text("/response/status"), "needs_first_factor");
    let asked = waiting.at("/response/first_factor_verification");
    assert_eq!((asked["strategy"].as_str(), asked["status"].as_str()), (Some("email_link"), Some("unverified")));
    assert_eq!(asked["object"], "verification_email_link");

    let url = link(&server, JANE).await;
    let opened = open(&mut browser, &url).await;
    assert_eq!(told(&opened, "__clerk_status"), "verified");
    assert_eq!(opened.header("referrer-policy"), "no-referrer");

    let done = browser.get(&format!("/v1/client/sign_ins/{id}")).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/response/first_factor_verification/status"), "verified");
    assert_eq!(done.text("/response/first_factor_verification/verified_at_client"), done.text("/client/id"));
    let session = told(&opened, "__clerk_created_session");
    assert_eq!(done.text("/response/created_session_id"), session);
    assert_eq!(done.text("/client/sessions/0/id"), session);
    assert_eq!(done.text("/client/last_authentication_strategy"), "email_link");

    let again = open(&mut browser, &url).await;
    assert_eq!(told(&again, "__clerk_status"), "failed");
    assert_eq!(browser.navigate(&url).await.refusal(), (400, "verification_already_verified".into()));
}

#[tokio::test]
async fn a_link_signs_up() {
    let server = start().await;
    let mut browser = server.browser();
    let fields = [("email_address", JANE), ("password", PASSWORD)];
    let made = browser.post("/v1/client/sign_ups", &fields).await.ok();
    let strategies = made.at("/response/verifications/email_address/supported_strategies");
    assert_eq!(strategies, json!(["email_code", "email_link"]));
    let id = made.text("/response/id");
    let path = format!("/v1/client/sign_ups/{id}/prepare_verification");
    let asked = browser.post(&path, &[("strategy", "email_link"), ("redirect_url", BACK)]).await.ok();
    assert_eq!(asked.text("/response/verifications/email_address/next_action"), "needs_attempt");
    let answered = browser
        .post(
            &format!("/v1/client/sign_ups/{id}/attempt_verification"),
            &[("strategy", "email_code"), ("code", "123456")],
        )
        .await;
    assert_eq!(answered.refusal(), (400, "verification_strategy_invalid".into()));

    let url = link(&server, JANE).await;
    let stranger = open(&mut server.browser(), &url).await;
    assert_eq!(told(&stranger, "__clerk_status"), "client_mismatch");
    assert_eq!(server.browser().navigate(&url).await.refusal(), (403, "sign_up_email_link_not_same_client".into()));
    let opened = open(&mut browser, &url).await;
    assert_eq!(told(&opened, "__clerk_status"), "verified");
    let done = browser.get(&format!("/v1/client/sign_ups/{id}")).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/client/sessions/0/id"), told(&opened, "__clerk_created_session"));
    let address = done.at("/client/sessions/0/user/email_addresses/0/verification");
    assert_eq!((address["strategy"].as_str(), address["status"].as_str()), (Some("email_link"), Some("verified")));
}

#[tokio::test]
async fn an_address_is_proved_by_a_link() {
    let server = start().await;
    let mut browser = server.browser();
    browser.session = Some(browser.sign_up(JANE).await.text("/client/sessions/0/id"));
    let new = "new@example.com";
    let added = browser.post("/v1/me/email_addresses", &[("email_address", new)]).await.ok();
    let path = format!("/v1/me/email_addresses/{}", added.text("/response/id"));
    let prepare = format!("{path}/prepare_verification");
    browser.post(&prepare, &[("strategy", "email_link"), ("redirect_url", BACK)]).await.ok();
    let answered = browser.post(&format!("{path}/attempt_verification"), &[("code", "123456")]).await;
    assert_eq!(answered.refusal(), (400, "verification_strategy_invalid".into()));

    let url = link(&server, new).await;
    let stranger = server.browser().navigate(&url).await;
    assert_eq!(stranger.refusal(), (400, "verification_link_token_source_invalid".into()));
    let opened = open(&mut browser, &url).await;
    assert_eq!(told(&opened, "__clerk_status"), "verified");
    assert_eq!(told(&opened, "__clerk_created_session"), "");
    let proved = browser.get(&path).await.ok();
    assert_eq!(proved.text("/response/verification/status"), "verified");
    assert_eq!(proved.text("/response/verification/strategy"), "email_link");
    assert_eq!(told(&open(&mut browser, &url).await, "__clerk_status"), "failed");
}

#[tokio::test]
async fn another_browser_opens_nothing_and_uses_nothing_up() {
    let (server, mut browser, id) = asked().await;
    let url = link(&server, JANE).await;
    let stranger = open(&mut server.browser(), &url).await;
    assert_eq!(told(&stranger, "__clerk_status"), "client_mismatch");
    assert_eq!(server.browser().navigate(&url).await.refusal(), (403, "sign_in_email_link_not_same_client".into()));
    let waiting = browser.get(&format!("/v1/client/sign_ins/{id}")).await.ok();
    assert_eq!(waiting.text("/response/status"), "needs_first_factor");
    assert_eq!(told(&open(&mut browser, &url).await, "__clerk_status"), "verified");
}

#[tokio::test]
async fn where_any_browser_may_open_links_the_session_is_still_for_the_one_that_asked() {
    let (server, mut browser, id) = asked().await;
    server
        .settings(&server.development(), |settings| {
            settings.attack_protection.email_link.require_same_client = false;
        })
        .await;
    let mut phone = server.browser();
    let url = link(&server, JANE).await;
    let opened = open(&mut phone, &url).await;
    assert_eq!(told(&opened, "__clerk_status"), "verified");
    assert_eq!(opened.set_cookies(), Vec::<&str>::new());
    assert_eq!(phone.get("/v1/client").await.ok().at("/response"), Value::Null);

    let done = browser.get(&format!("/v1/client/sign_ins/{id}")).await.ok();
    assert_eq!(done.text("/response/status"), "complete");
    assert_eq!(done.text("/client/sessions/0/id"), told(&opened, "__clerk_created_session"));
    assert_eq!(done.at("/response/first_factor_verification/verified_at_client"), Value::Null);
}

#[tokio::test]
async fn looking_ahead_opens_nothing() {
    let (server, mut browser, id) = asked().await;
    let url = link(&server, JANE).await;
    let empty = axum::body::Body::empty;
    let head = browser.request("HEAD", &url).body(empty()).expect("a request");
    assert_eq!(server.at_frontend(head).await.status, 200);
    for header in ["sec-purpose", "purpose"] {
        let ahead = browser.request("GET", &url).header(header, "prefetch;prerender").body(empty());
        assert_eq!(server.at_frontend(ahead.expect("a request")).await.status, 200);
    }
    let waiting = browser.get(&format!("/v1/client/sign_ins/{id}")).await.ok();
    assert_eq!(waiting.text("/response/first_factor_verification/status"), "unverified");
    assert_eq!(told(&open(&mut browser, &url).await, "__clerk_status"), "verified");
}

#[tokio::test]
async fn late_stale_and_forged_links_are_refused() {
    let (server, mut browser, _) = asked().await;
    let first = link(&server, JANE).await;
    let flipped = if first.ends_with('A') { "Q" } else { "A" };
    let forged = format!("{}{flipped}", &first[..first.len() - 1]);
    let invalid = (400, "verification_link_token_invalid".to_owned());
    for token in [forged.as_str(), "/v1/verify?token=junk", "/v1/verify?token=a.b.c"] {
        assert_eq!(browser.navigate(token).await.refusal(), invalid, "{token}");
        let page = open(&mut browser, token).await;
        assert_eq!(page.location(), "http://localhost:4000/verify?__clerk_status=failed");
    }
    assert_eq!(browser.navigate("/v1/verify").await.refusal(), (400, "missing_query_parameter".into()));
    let signed = browser.post("/v1/client/sign_ins", &[("identifier", JANE)]).await.ok();
    assert_eq!(signed.text("/response/status"), "needs_first_factor");
    assert_eq!(browser.navigate(&first).await.refusal(), (400, "verification_link_token_stale".into()));
    assert_eq!(told(&open(&mut browser, &first).await, "__clerk_status"), "failed");

    server.clock.advance(Millis::from_secs(31));
    ask(&mut browser).await;
    let second = link(&server, JANE).await;
    server.clock.advance(Millis::from_secs(601));
    assert_eq!(browser.navigate(&second).await.refusal(), (400, "verification_link_token_expired".into()));
    assert_eq!(told(&open(&mut browser, &second).await, "__clerk_status"), "expired");
}

#[tokio::test]
async fn a_newer_link_replaces_an_older_one() {
    let (server, mut browser, id) = asked().await;
    let first = link(&server, JANE).await;
    let address = browser.get(&format!("/v1/client/sign_ins/{id}")).await.ok();
    let factors = address.at("/response/supported_first_factors");
    let strategies: Vec<_> = factors.as_array().unwrap().iter().filter_map(|it| it["strategy"].as_str()).collect();
    assert_eq!(strategies, ["password", "email_code", "email_link", "reset_password_email_code"]);

    let fields = [("strategy", "email_link"), ("redirect_url", BACK)];
    browser.sign_in_step(&id, "prepare_first_factor", &fields).await.ok();
    assert_eq!(link(&server, JANE).await, first, "a repeated request sends nothing");
    server.clock.advance(Millis::from_secs(31));
    browser.sign_in_step(&id, "prepare_first_factor", &fields).await.ok();
    let second = link(&server, JANE).await;
    assert_eq!(browser.navigate(&first).await.refusal(), (400, "verification_link_token_stale".into()));
    assert_eq!(told(&open(&mut browser, &second).await, "__clerk_status"), "verified");
}

#[tokio::test]
async fn a_link_leads_only_to_pages_of_the_instance() {
    let server = start().await;
    server.browser().sign_up(JANE).await;
    server.clock.advance(Millis::from_secs(31));
    let mut browser = server.browser();
    let id = browser.identify(JANE).await;
    let long = format!("http://localhost:3000/{}", "x".repeat(3000));
    for (url, code) in [
        ("javascript:alert(1)", "prohibited_redirect_url"),
        ("//evil.test/x", "invalid_redirect_url"),
        ("/verify", "invalid_redirect_url"),
        ("https://evil.test/?u=http://localhost:3000", "redirect_url_not_associated_with_instance"),
        (&long, "redirect_url_too_long"),
        ("", "form_param_missing"),
    ] {
        let fields = [("strategy", "email_link"), ("redirect_url", url)];
        let refused = browser.sign_in_step(&id, "prepare_first_factor", &fields).await;
        assert_eq!(refused.refusal(), (422, code.into()), "{url}");
    }
    let without = browser.sign_in_step(&id, "prepare_first_factor", &[("strategy", "email_link")]).await;
    assert_eq!(without.refusal(), (422, "form_param_missing".into()));
    let answered = browser.sign_in_step(&id, "attempt_first_factor", &[("strategy", "email_link")]).await;
    assert_eq!(answered.refusal(), (422, "form_param_value_invalid".into()));
}

#[tokio::test]
async fn links_are_off_unless_the_instance_has_them() {
    let server = TestServer::start().await;
    server.browser().sign_up(JANE).await;
    server.clock.advance(Millis::from_secs(31));
    let mut browser = server.browser();
    let id = browser.identify(JANE).await;
    let fields = [("strategy", "email_link"), ("redirect_url", BACK)];
    let refused = browser.sign_in_step(&id, "prepare_first_factor", &fields).await;
    assert_eq!(refused.refusal(), (400, "strategy_for_user_invalid".into()));
    let made = server.browser().post("/v1/client/sign_ups", &[("email_address", "new@example.com")]).await.ok();
    assert_eq!(made.at("/response/verifications/email_address/supported_strategies"), json!(["email_code"]));
    let mut other = server.browser();
    let id = other.post("/v1/client/sign_ups", &[("email_address", "new@example.com")]).await.ok().text("/response/id");
    let refused = other.post(&format!("/v1/client/sign_ups/{id}/prepare_verification"), &fields).await;
    assert_eq!(refused.refusal(), (400, "form_param_value_disabled".into()));
}

#[tokio::test]
async fn the_environment_names_links_where_they_are_on() {
    let server = start().await;
    let shown = server.browser().get("/v1/environment").await.ok();
    let address = shown.at("/user_settings/attributes/email_address");
    assert_eq!(address["first_factors"], json!(["email_code", "email_link"]));
    assert_eq!(address["verifications"], json!(["email_code", "email_link"]));
    assert_eq!(shown.at("/user_settings/attack_protection/email_link/require_same_client"), true);
}

#[tokio::test]
async fn a_link_is_opened_once_however_many_try() {
    let (server, browser, _) = asked().await;
    let url = link(&server, JANE).await;
    let tries = (0..50).map(|_| {
        let (mut browser, url) = (browser.clone(), url.clone());
        tokio::spawn(async move { told(&open(&mut browser, &url).await, "__clerk_status") })
    });
    let mut verdicts = Vec::new();
    for it in tries.collect::<Vec<_>>() {
        verdicts.push(it.await.expect("a verdict"));
    }
    let count = |word: &str| verdicts.iter().filter(|it| *it == word).count();
    // Whoever comes with a token that a winner has changed is still the same browser.
    assert_eq!((count("verified"), count("failed")), (1, 49), "{verdicts:?}");
}

#[tokio::test]
async fn a_second_factor_is_asked_after_a_link_too() {
    let server = start().await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.multi_factor.authenticator_app = true).await;
    let mut jane = server.browser();
    jane.session = Some(jane.sign_up(JANE).await.text("/client/sessions/0/id"));
    let secret = jane.post("/v1/me/totp", &[]).await.ok().text("/response/secret");
    let code = verger_testkit::totp_code(&secret, server.service.now());
    jane.post("/v1/me/totp/attempt_verification", &[("code", &code)]).await.ok();
    server.clock.advance(Millis::from_secs(31));

    let mut browser = server.browser();
    let id = ask(&mut browser).await;
    let url = link(&server, JANE).await;
    let opened = open(&mut browser, &url).await;
    assert_eq!(told(&opened, "__clerk_status"), "verified");
    assert_eq!(told(&opened, "__clerk_created_session"), "");
    let waiting = browser.get(&format!("/v1/client/sign_ins/{id}")).await.ok();
    assert_eq!(waiting.text("/response/status"), "needs_second_factor");
    assert_eq!(waiting.at("/client/sessions"), json!([]));
}

#[tokio::test]
async fn a_banned_user_and_a_lost_address_do_not_sign_in_by_link() {
    let (server, mut browser, id) = asked().await;
    let url = link(&server, JANE).await;
    let mut jane = server.browser();
    let signed = jane.sign_in(JANE, PASSWORD).await.ok();
    let user = signed.text("/client/sessions/0/user/id");
    let ctx = server.ctx(&server.development());
    server.service.ban_user(&ctx, &user).await.expect("a ban");
    assert_eq!(browser.navigate(&url).await.refusal(), (403, "user_banned".into()));
    server.service.unban_user(&ctx, &user).await.expect("no ban");

    let address = signed.text("/client/sessions/0/user/primary_email_address_id");
    let patch = verger_service::EmailAddressPatch { verified: Some(false), primary: None };
    server.service.update_email_address(&ctx, &address, patch).await.expect("a change");
    assert_eq!(browser.navigate(&url).await.refusal(), (400, "sign_in_identification_or_user_deleted".into()));
    let waiting = browser.get(&format!("/v1/client/sign_ins/{id}")).await.ok();
    assert_eq!(waiting.text("/response/status"), "needs_first_factor");
}

#[tokio::test]
async fn test_addresses_get_real_links() {
    let server = start().await;
    let address = "jane+clerk_test@example.com";
    let mut browser = server.browser();
    let made = browser.post("/v1/client/sign_ups", &[("email_address", address), ("password", PASSWORD)]).await.ok();
    let path = format!("/v1/client/sign_ups/{}/prepare_verification", made.text("/response/id"));
    browser.post(&path, &[("strategy", "email_link"), ("redirect_url", BACK)]).await.ok();
    let url = link(&server, address).await;
    assert_eq!(told(&open(&mut browser, &url).await, "__clerk_status"), "verified");
}

#[tokio::test]
async fn a_link_of_another_instance_is_not_ours() {
    let (server, mut browser, _) = asked().await;
    let url = link(&server, JANE).await;
    let other = server.application(verger_service::NewApplication { name: "Shop".into(), ..Default::default() }).await;
    let mut stranger = server.browser_of(&other.development.tenant);
    assert_eq!(stranger.navigate(&url).await.refusal(), (400, "verification_link_token_invalid".into()));
    assert_eq!(told(&open(&mut browser, &url).await, "__clerk_status"), "verified");
}
