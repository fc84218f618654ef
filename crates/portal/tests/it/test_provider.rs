//! The built-in provider of development instances, from its page to its tokens.

use super::door::{Page, Portal};
use serde_json::Value;
use url::form_urlencoded::Serializer;
use verger_model::Millis;
use verger_portal::InboxAccess;
use verger_testkit::TestServer;

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK: &str = "http://localhost:4000/v1/oauth_callback";

async fn world() -> (TestServer, Portal) {
    let server = TestServer::start().await;
    server.settings(&server.development(), |settings| settings.social.test_provider = true).await;
    let portal = Portal::of(&server, InboxAccess::Open);
    (server, portal)
}

fn form(fields: &[(&str, &str)]) -> String {
    Serializer::new(String::new()).extend_pairs(fields).finish()
}

fn asked(redirect_uri: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", "verger-test"),
        ("redirect_uri", redirect_uri),
        ("state", "the-state"),
        ("nonce", "the-nonce"),
        ("code_challenge", CHALLENGE),
    ]
}

async fn say(portal: &Portal, email: &str) -> Page {
    let mut fields = asked(CALLBACK);
    fields.extend([("email_address", email), ("first_name", "Jane"), ("email_verified", "true")]);
    portal.post("/test-provider/authorize", &form(&fields)).await
}

/// The code in the page that leads back.
fn code_of(page: &Page) -> String {
    let (_, rest) = page.text.split_once("url=").expect("a way back");
    let (location, _) = rest.split_once('"').expect("the end of an attribute");
    let location = location.replace("&amp;", "&").replace("&#38;", "&");
    let url = url::Url::parse(&location).expect("an address");
    assert!(location.starts_with(CALLBACK), "{location}");
    let param = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(param("state").as_deref(), Some("the-state"));
    assert_eq!(param("iss").as_deref(), Some("http://localhost:4000/test-provider"));
    param("code").expect("a code")
}

async fn exchange(portal: &Portal, code: &str, verifier: &str) -> Page {
    let fields = [("grant_type", "authorization_code"), ("code", code), ("code_verifier", verifier)];
    portal.post("/test-provider/token", &form(&fields)).await
}

fn claims(token: &str) -> Value {
    use base64::Engine;
    let payload = token.split('.').nth(1).expect("three parts");
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload).expect("base64url");
    serde_json::from_slice(&bytes).expect("JSON")
}

#[tokio::test]
async fn whoever_one_says_one_is_comes_back_with_a_code() {
    let (_server, portal) = world().await;
    let login = portal.get(&format!("/test-provider/authorize?{}", form(&asked(CALLBACK)))).await;
    assert_eq!(login.status, 200);
    assert!(!login.text.contains("<script"), "no script runs there");
    let policy = login.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("script-src"), "{policy}");

    let code = code_of(&say(&portal, "Jane@Example.com").await);
    let answer: Value = serde_json::from_str(&exchange(&portal, &code, VERIFIER).await.text).expect("JSON");
    let claims = claims(answer["id_token"].as_str().expect("an ID token"));
    assert_eq!(claims["email"], "jane@example.com");
    assert_eq!(claims["email_verified"], true);
    assert_eq!(claims["given_name"], "Jane");
    assert_eq!(claims["nonce"], "the-nonce");
    assert_eq!(claims["aud"], "verger-test");
    let again = code_of(&say(&portal, "jane@example.com").await);
    let again: Value = serde_json::from_str(&exchange(&portal, &again, VERIFIER).await.text).expect("JSON");
    assert_eq!(self::claims(again["id_token"].as_str().expect("an ID token"))["sub"], claims["sub"]);
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_its_verifier_or_after_a_minute() {
    let (server, portal) = world().await;
    let code = code_of(&say(&portal, "jane@example.com").await);
    for (code, verifier) in [(code.as_str(), "another"), ("made-up", VERIFIER), ("", "")] {
        assert_eq!(exchange(&portal, code, verifier).await.status, 400);
    }
    server.clock.advance(Millis::from_secs(60));
    assert_eq!(exchange(&portal, &code, VERIFIER).await.status, 400);
}

#[tokio::test]
async fn a_key_of_its_own_signs() {
    let (server, portal) = world().await;
    let keys: Value = serde_json::from_str(&portal.get("/test-provider/jwks").await.text).expect("JSON");
    let sessions = serde_json::to_value(server.development().jwks()).expect("JSON");
    assert_ne!(keys["keys"][0]["n"], sessions["keys"][0]["n"]);
}

#[tokio::test]
async fn nobody_is_sent_to_a_stranger() {
    let (_server, portal) = world().await;
    for redirect in ["https://evil.test/", "http://localhost:4000/v1/oauth_callback/x", "", "http://localhost:4001"] {
        let page = portal.get(&format!("/test-provider/authorize?{}", form(&asked(redirect)))).await;
        assert_eq!(page.status, 400, "{redirect}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_asked_for_again() {
    let (_server, portal) = world().await;
    let page = say(&portal, "not an address").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("That is not an email address."));
}

#[tokio::test]
async fn it_is_there_only_where_it_is_switched_on_and_only_in_development() {
    let server = TestServer::start().await;
    let portal = Portal::of(&server, InboxAccess::Open);
    let live = server.production().await.production.tenant;
    server.settings(&live, |settings| settings.social.test_provider = true).await;
    let query = form(&asked(CALLBACK));
    for path in ["authorize", "jwks", "userinfo", ".well-known/openid-configuration"] {
        assert_eq!(portal.get(&format!("/test-provider/{path}?{query}")).await.status, 404, "{path}");
        let at = portal.get_at("accounts.a.test", &format!("/test-provider/{path}?{query}")).await;
        assert_eq!(at.status, 404, "{path}");
    }
}
