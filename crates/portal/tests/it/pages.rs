//! The Account Portal and the landing page.

use crate::door::{Page, Portal};
use serde_json::{Value, json};
use verger_portal::InboxAccess;
use verger_service::NewApplication;
use verger_testkit::TestServer;

async fn portal() -> (TestServer, Portal) {
    let server = TestServer::start().await;
    let portal = Portal::of(&server, InboxAccess::Open);
    (server, portal)
}

/// The data for a page's script.
fn config(page: &Page) -> Value {
    let (_, rest) = page.text.split_once(r#"id="config">"#).expect("it is in the page");
    serde_json::from_str(rest.split_once("</script>").expect("it is in the page").0).expect("it is in the page")
}

#[tokio::test]
async fn the_headers_of_a_portal_page() {
    let (_, portal) = portal().await;
    insta::assert_snapshot!(portal.get("/sign-in").await.fixed_headers(), @r"
    cache-control: no-store
    content-security-policy: default-src 'none'; script-src 'nonce-NONCE' 'strict-dynamic' 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: http://localhost:4000; connect-src 'self' http://localhost:4000; worker-src 'self' blob:; font-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'
    content-type: text/html; charset=utf-8
    cross-origin-opener-policy: same-origin-allow-popups
    permissions-policy: camera=(), geolocation=(), microphone=(), payment=()
    referrer-policy: no-referrer
    x-content-type-options: nosniff
    x-frame-options: DENY
    ");
}

#[tokio::test]
async fn the_headers_of_the_landing_page() {
    let (_, portal) = portal().await;
    insta::assert_snapshot!(portal.get("/").await.fixed_headers(), @r"
    cache-control: no-store
    content-security-policy: default-src 'none'; script-src 'nonce-NONCE'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'
    content-type: text/html; charset=utf-8
    cross-origin-opener-policy: same-origin-allow-popups
    permissions-policy: camera=(), geolocation=(), microphone=(), payment=()
    referrer-policy: no-referrer
    x-content-type-options: nosniff
    x-frame-options: DENY
    ");
}

#[tokio::test]
async fn the_headers_of_a_portal_page_on_a_domain() {
    let (server, portal) = portal().await;
    server.production().await;
    let page = portal.get_at("accounts.a.test", "/sign-in").await;
    insta::assert_snapshot!(page.fixed_headers(), @r"
    cache-control: no-store
    content-security-policy: default-src 'none'; script-src 'nonce-NONCE' 'strict-dynamic' 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https://clerk.a.test; connect-src 'self' https://clerk.a.test; worker-src 'self' blob:; font-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'
    content-type: text/html; charset=utf-8
    cross-origin-opener-policy: same-origin-allow-popups
    permissions-policy: camera=(), geolocation=(), microphone=(), payment=()
    referrer-policy: no-referrer
    strict-transport-security: max-age=31536000; includeSubDomains
    x-content-type-options: nosniff
    x-frame-options: DENY
    ");
}

#[tokio::test]
async fn a_nonce_is_good_for_one_answer_and_every_script_carries_it() {
    let (_, portal) = portal().await;
    for path in ["/", "/sign-in", "/sign-up", "/waitlist", "/user", "/inbox"] {
        let (one, two) = (portal.get(path).await, portal.get(path).await);
        assert_ne!(one.nonce(), two.nonce(), "{path}");
        let scripts =
            one.text.matches("<script").count() - one.text.matches(r#"<script type="application/json""#).count();
        assert_eq!(one.text.matches(&format!(r#"<script nonce="{}""#, one.nonce())).count(), scripts, "{path}");
        assert!(scripts > 0, "{path}");
    }
}

#[tokio::test]
async fn each_page_mounts_its_component_at_its_path() {
    let (_, portal) = portal().await;
    for (path, component, base) in [
        ("/sign-in", "SignIn", "/sign-in"),
        ("/sign-in/", "SignIn", "/sign-in"),
        ("/sign-in/factor-one", "SignIn", "/sign-in"),
        ("/waitlist", "Waitlist", "/waitlist"),
        ("/sign-up/verify-email-address", "SignUp", "/sign-up"),
        ("/user", "UserProfile", "/user"),
        ("/user/security/deep", "UserProfile", "/user"),
    ] {
        let page = portal.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let config = config(&page);
        assert_eq!((config["component"].as_str(), config["path"].as_str()), (Some(component), Some(base)), "{path}");
    }
    assert_eq!(portal.get("/sign-out").await.status, 404);
}

#[tokio::test]
async fn an_instance_under_its_slug_keeps_to_its_addresses() {
    let (server, portal) = portal().await;
    server.application(NewApplication { name: "Shop".into(), ..NewApplication::default() }).await;
    let page = portal.get("/i/shop/sign-up/verify").await;
    let config = config(&page);
    assert_eq!(config["path"], "/i/shop/sign-up");
    assert_eq!(config["signInUrl"], "http://localhost:4000/i/shop/sign-in");
    assert_eq!(config["afterUrl"], "http://localhost:4000/i/shop/user");
    assert!(page.text.contains(r#"data-clerk-proxy-url="http://localhost:4000/i/shop""#));
    assert!(page.text.contains(r#"src="http://localhost:4000/i/shop/npm/@clerk/clerk-js@6/dist/clerk.browser.js""#));
    assert!(portal.get("/i/shop").await.text.contains(r#"href="/i/shop/inbox""#));
    assert_eq!(portal.get("/i/nobody/sign-in").await.status, 404);
}

#[tokio::test]
async fn on_a_domain_the_key_says_where_the_api_is() {
    let (server, portal) = portal().await;
    server.production().await;
    let page = portal.get_at("accounts.a.test", "/sign-in").await;
    assert!(!page.text.contains("data-clerk-proxy-url"));
    assert!(page.text.contains(r#"src="https://clerk.a.test/npm/@clerk/ui@1/dist/ui.browser.js""#));
    let config = config(&page);
    assert_eq!(config["loopback"], false);
    let origins = config["allowedRedirectOrigins"].as_array().unwrap();
    assert!(
        origins.contains(&json!("https://*.a.test"))
            && !origins.iter().any(|it| it.as_str().unwrap().contains("localhost"))
    );
}

#[tokio::test]
async fn an_allowed_address_stays_in_the_query_and_its_origin_is_handed_on() {
    let (server, portal) = portal().await;
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.allowed_origins = vec!["https://app.example.com".into()]).await;
    let page = portal.get("/sign-in?redirect_url=https%3A%2F%2Fapp.example.com%2Fx%3Fa%3D1&redirect_url=/user").await;
    assert_eq!(page.status, 200);
    assert!(config(&page)["allowedRedirectOrigins"].as_array().unwrap().contains(&json!("https://app.example.com")));
    assert_eq!(portal.get("/sign-in?redirect_url=http://localhost:3000/x").await.status, 200);
}

#[tokio::test]
async fn an_address_that_is_not_allowed_is_dropped_from_the_query() {
    let (server, portal) = portal().await;
    server.production().await;
    for address in [
        "https://evil.test/",
        "https%3A%2F%2Fapp.a.test.evil.test",
        "//evil.test",
        "/\\evil.test",
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a.test@evil.test/",
        "http://localhost:3000",
        "\thttps://evil.test",
    ] {
        let address = address.replace('\t', "%09").replace('\\', "%5C");
        for name in ["redirect_url", "redirectUrl", "sign_in_force_redirect_url", "after_sign_up_url"] {
            let page = portal.get_at("accounts.a.test", &format!("/sign-in/x?keep=1&{name}={address}&z=a%26b")).await;
            assert_eq!(
                (page.status.as_u16(), page.header("location")),
                (307, "/sign-in/x?keep=1&z=a%26b"),
                "{name} {address}"
            );
        }
    }
    let page = portal.get_at("accounts.a.test", "/sign-up?redirect_url=https://evil.test").await;
    assert_eq!(page.header("location"), "/sign-up");
}

#[tokio::test]
async fn a_name_cannot_write_html() {
    let (server, portal) = portal().await;
    let tenant = server.development();
    let hostile = "</title></script><svg onload=alert(1)>\u{2028}\"'";
    server.settings(&tenant, |settings| settings.display.application_name = Some(hostile.into())).await;
    for path in ["/", "/sign-in", "/user", "/inbox"] {
        let page = portal.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text.contains("<svg"), "{path}");
    }
}

#[tokio::test]
async fn the_default_redirect_leads_home() {
    let (server, portal) = portal().await;
    assert_eq!(portal.get("/default-redirect").await.header("location"), "http://localhost:4000/user");
    let tenant = server.development();
    server.settings(&tenant, |settings| settings.display.home_url = Some("http://localhost:3000".into())).await;
    assert_eq!(portal.get("/default-redirect").await.header("location"), "http://localhost:3000");
}

#[tokio::test]
async fn the_landing_page_shows_no_secret_key() {
    let (server, portal) = portal().await;
    let tenant = server.development();
    let credentials = server.service.credentials(&tenant.instance.id).await.unwrap();
    let page = portal.get("/").await;
    assert!(page.text.contains(&tenant.publishable_key));
    assert!(!page.text.contains(credentials.secret_key.unwrap().expose()));
}

#[tokio::test]
async fn a_production_landing_page_speaks_to_people_only() {
    let (server, portal) = portal().await;
    server.production().await;
    let page = portal.get_at("accounts.a.test", "/").await;
    assert!(page.text.contains("/sign-in") && !page.text.contains("pk_live") && !page.text.contains("/inbox"));
}

#[tokio::test]
async fn a_foreign_host_name_sees_nothing() {
    let (_, portal) = portal().await;
    for path in ["/", "/inbox", "/inbox/messages", "/sign-in"] {
        let page = portal.get_at("evil.test:4000", path).await;
        assert_eq!(
            (page.status.as_u16(), page.json()["errors"][0]["code"].as_str()),
            (400, Some("host_invalid")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_page_of_an_opened_link_tells_the_verdict_and_nothing_that_it_was_given() {
    let (_, portal) = portal().await;
    for (status, title) in [
        ("verified", "That worked"),
        ("expired", "This link is too old"),
        ("client_mismatch", "This is another browser"),
        ("failed", "This link does not work"),
        ("%3Cscript%3E", "This link does not work"),
    ] {
        let page = portal.get(&format!("/verify?__clerk_status={status}")).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains(&format!("<h1>{title}</h1>")), "{status}: {}", page.text);
        assert!(!page.text.contains("<script"), "{status}");
    }
}
