//! The handshake: how an app's server learns who is signed in.

use serde_json::{Value, json};
use verger_model::Millis;
use verger_testkit::{Answer, Backend, Browser, TestServer};

const JANE: &str = "jane@example.com";
const HOME: &str = "http%3A%2F%2Flocalhost%3A3000%2Fdashboard%3Ftab%3D1";

/// The value of a query parameter of a redirect.
fn param(answer: &Answer, name: &str) -> Option<String> {
    let (_, query) = answer.location().split_once('?')?;
    url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

async fn shake(browser: &mut Browser, rest: &str) -> Answer {
    browser.navigate(&format!("/v1/client/handshake?redirect_url={HOME}{rest}")).await
}

async fn directives(backend: &Backend, nonce: &str) -> Vec<String> {
    let payload = backend.get(&format!("/v1/clients/handshake_payload?nonce={nonce}")).await.ok();
    serde_json::from_value(payload.at("/directives")).expect("cookie lines")
}

fn value<'a>(directives: &'a [String], name: &str) -> Option<&'a str> {
    let line = directives.iter().find(|line| line.split('=').next() == Some(name))?;
    line[name.len() + 1..].split(';').next()
}

#[tokio::test]
async fn a_first_visit_comes_back_with_a_development_browser() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let answer = shake(&mut browser, "&format=nonce&suffixed_cookies=false").await;
    assert_eq!((answer.status, answer.header("cache-control")), (307, "no-store"));
    assert!(answer.location().starts_with("http://localhost:3000/dashboard?tab=1&__clerk_handshake_nonce="));
    let nonce = param(&answer, "__clerk_handshake_nonce").unwrap();
    let lines = directives(&server.backend().await, &nonce).await;
    assert_eq!(value(&lines, "__client_uat"), Some("0"));
    assert_eq!(value(&lines, "__session"), Some(""));
    let suffixed = format!("__clerk_db_jwt_{}", browser.tenant.cookie_suffix);
    assert_eq!(value(&lines, "__clerk_db_jwt"), value(&lines, &suffixed));
    assert!(lines.iter().all(|line| !line.contains("Secure") && line.contains("; Path=/;")));

    browser.dev_browser = value(&lines, "__clerk_db_jwt").map(str::to_owned);
    browser.get("/v1/client").await.ok();
}

#[tokio::test]
async fn a_signed_in_user_comes_back_with_a_token() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let session = browser.sign_up(JANE).await.text("/client/sessions/0/id");
    let answer = shake(&mut browser, "&format=nonce").await;
    let nonce = param(&answer, "__clerk_handshake_nonce").unwrap();
    let backend = server.backend().await;
    let lines = directives(&backend, &nonce).await;
    let token = value(&lines, "__session").unwrap();
    let claims = claims(token);
    assert_eq!(
        (claims["sid"].as_str(), claims["azp"].as_str()),
        (Some(session.as_str()), Some("http://localhost:3000"))
    );
    let uat: i64 = value(&lines, "__client_uat").unwrap().parse().unwrap();
    assert!(uat > 0 && uat <= claims["iat"].as_i64().unwrap());

    // An app that reloads its page asks again.
    assert_eq!(directives(&backend, &nonce).await, lines);
    server.clock.advance(Millis::from_secs(61));
    let late = backend.get(&format!("/v1/clients/handshake_payload?nonce={nonce}")).await;
    assert_eq!(late.status, 404);
}

#[tokio::test]
async fn without_a_format_the_answer_is_a_signed_token() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.sign_up(JANE).await;
    let answer = shake(&mut browser, "").await;
    let token = param(&answer, "__clerk_handshake").unwrap();
    let lines: Vec<String> = serde_json::from_value(claims(&token)["handshake"].clone()).unwrap();
    assert!(value(&lines, "__session").is_some_and(|token| !token.is_empty()));
}

#[tokio::test]
async fn a_known_development_browser_keeps_its_token() {
    let server = TestServer::start().await;
    let mut browser = server.browser().open().await;
    browser.sign_up(JANE).await;
    browser.jar = verger_testkit::Jar::default();
    let token = browser.dev_browser.clone().unwrap();
    let answer = shake(&mut browser, &format!("&format=nonce&__clerk_db_jwt={token}")).await;
    let nonce = param(&answer, "__clerk_handshake_nonce").unwrap();
    let lines = directives(&server.backend().await, &nonce).await;
    assert_eq!(value(&lines, "__clerk_db_jwt"), Some(token.as_str()));
    assert!(value(&lines, "__session").is_some_and(|token| !token.is_empty()));
}

#[tokio::test]
async fn an_unknown_development_browser_is_replaced() {
    let server = TestServer::start().await;
    let answer = shake(&mut server.browser(), "&format=nonce&__clerk_db_jwt=dvb_unknown").await;
    let nonce = param(&answer, "__clerk_handshake_nonce").unwrap();
    let lines = directives(&server.backend().await, &nonce).await;
    assert_ne!(value(&lines, "__clerk_db_jwt"), Some("dvb_unknown"));
}

#[tokio::test]
async fn production_answers_in_a_cookie_on_the_shared_domain() {
    let server = TestServer::start().await;
    let live = server.production().await.production;
    let mut browser = server.browser_of(&live.tenant);
    browser.sign_up(JANE).await;
    let path = "/v1/client/handshake?redirect_url=https%3A%2F%2Fapp.a.test%2F&format=nonce";
    let answer = browser.navigate(path).await;
    assert_eq!((answer.status, answer.location()), (307, "https://app.a.test/"));
    let nonce = browser.jar.get("__clerk_handshake_nonce").unwrap().to_owned();
    assert!(answer.set_cookies()[0].contains("; Domain=a.test;") && answer.set_cookies()[0].ends_with("; Secure"));

    let backend = Backend::new(server.clone(), live.secret_key.unwrap().expose());
    let lines = directives(&backend, &nonce).await;
    assert!(lines.iter().any(|line| line.starts_with("__clerk_handshake_nonce=; Path=/; Domain=a.test; Max-Age=0")));
    assert!(lines.iter().any(|line| line.starts_with("__client_uat=") && line.contains("; Domain=a.test;")));
    assert!(lines.iter().all(|line| !line.starts_with("__session") || !line.contains("Domain")));
    assert!(lines.iter().all(|line| !line.starts_with("__clerk_db_jwt")));
}

#[tokio::test]
async fn a_nonce_opens_for_its_own_instance_only() {
    let server = TestServer::start().await;
    let answer = shake(&mut server.browser(), "&format=nonce").await;
    let nonce = param(&answer, "__clerk_handshake_nonce").unwrap();
    let live = server.production().await.production;
    let other = Backend::new(server.clone(), live.secret_key.unwrap().expose());
    assert_eq!(other.get(&format!("/v1/clients/handshake_payload?nonce={nonce}")).await.status, 404);
}

#[tokio::test]
async fn a_malformed_handshake_is_refused() {
    let server = TestServer::start().await;
    let answer = server.browser().navigate("/v1/client/handshake").await;
    assert_eq!(answer.refusal(), (400, "invalid_handshake".into()));
    let answer = shake(&mut server.browser(), "&format=carrier_pigeon").await;
    assert_eq!((answer.refusal(), answer.location()), ((400, "invalid_handshake".into()), ""));
    let live = server.production().await.production.tenant;
    let answer = server.browser_of(&live).navigate("/v1/client/handshake?redirect_url=https%3A%2F%2Fevil.test").await;
    assert_eq!(answer.refusal(), (422, "redirect_url_not_associated_with_instance".into()));
}

/// The claims of a token, not verified.
fn claims(token: &str) -> Value {
    super::sessions::claims(token)
}

#[tokio::test]
async fn an_expired_session_comes_back_signed_out() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.sign_up(JANE).await;
    server.clock.advance(Millis::from_days(8));
    let answer = shake(&mut browser, "&format=nonce").await;
    let nonce = param(&answer, "__clerk_handshake_nonce").unwrap();
    let lines = directives(&server.backend().await, &nonce).await;
    assert_eq!((value(&lines, "__session"), value(&lines, "__client_uat")), (Some(""), Some("0")));
    assert_eq!(json!(null), browser.get("/v1/client").await.ok().at("/response/last_active_session_id"));
}
