//! Small addresses beside the flows: where the portal leads, plain redirects, the check of a proxy, and forgetting everything.

use axum::body::Body;
use axum::http::request::Builder;
use serde_json::{Value, json};
use verger_testkit::{Answer, Backend, Browser, TestServer};

async fn send(browser: &Browser, request: Builder) -> Answer {
    browser.server.at_frontend(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn the_portal_leads_where_the_environment_says() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let portal = browser.get("/v1/account_portal").await.ok();
    assert_eq!((portal.text("/object"), portal.at("/enabled")), ("account_portal".into(), json!(true)));
    assert_eq!(portal.text("/after_sign_in_url"), "http://localhost:4000/user");
    assert_eq!(portal.at("/customization/appearance"), Value::Null);
    let home = "http://localhost:3000";
    server.settings(&server.development(), |settings| settings.display.home_url = Some(home.into())).await;
    assert_eq!(browser.get("/v1/account_portal").await.ok().text("/after_sign_up_url"), home);
}

#[tokio::test]
async fn a_redirect_leads_to_the_instances_own_pages_alone() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    for (to, there) in
        [("", "http://localhost:4000/user"), ("http://localhost:3000/a?b=c", "http://localhost:3000/a?b=c")]
    {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("redirect_url", to).finish();
        let sent = browser.navigate(&format!("/v1/redirect?{query}")).await;
        assert_eq!((sent.status, sent.location()), (307, there));
    }
    assert_eq!(browser.navigate("/v1/redirect").await.location(), "http://localhost:4000/user");
    for (to, code) in [
        ("https://evil.test", "redirect_url_not_associated_with_instance"),
        ("javascript:alert(1)", "prohibited_redirect_url"),
        ("//evil.test", "invalid_redirect_url"),
    ] {
        let refused = browser.navigate(&format!("/v1/redirect?redirect_url={to}")).await;
        assert_eq!(refused.refusal(), (422, code.into()), "{to}");
    }
}

#[tokio::test]
async fn a_proxy_that_carries_everything_is_healthy() {
    let server = TestServer::start().await;
    let (browser, backend): (Browser, Backend) = (server.browser(), server.backend().await);
    let path = "/v1/proxy-health?domain_id=dmn_1";
    let proxied = |path: &str| {
        let request = browser.request("GET", path).header("clerk-proxy-url", "http://localhost:3000/__clerk");
        request.header("clerk-secret-key", &backend.key)
    };
    let healthy = send(&browser, proxied(path).header("x-forwarded-for", "203.0.113.9")).await.ok();
    assert_eq!(healthy.json(), json!({ "status": "healthy", "x_forwarded_for": "203.0.113.9" }));
    let silent = send(&browser, proxied(path)).await;
    assert_eq!((silent.status, silent.text("/status")), (503, "unhealthy".into()));
    let direct = send(&browser, browser.request("GET", path)).await;
    assert_eq!((direct.status, direct.text("/status")), (503, "unhealthy".into()));
    let unnamed = send(&browser, proxied("/v1/proxy-health")).await;
    assert_eq!(unnamed.refusal(), (400, "missing_query_parameter".into()));
    let stranger = browser.request("GET", path).header("clerk-proxy-url", "http://localhost:3000/__clerk");
    let stranger = send(&browser, stranger.header("clerk-secret-key", "sk_test_nonsense")).await;
    assert_eq!(stranger.refusal(), (401, "proxy_request_invalid_secret_key".into()));
}

#[tokio::test]
async fn a_browser_forgets_everything_when_its_own_site_asks() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let own = send(&browser, browser.request("GET", "/v1/clear-site-data").header("sec-fetch-site", "none")).await;
    assert_eq!((own.status, own.header("clear-site-data")), (200, "\"*\""));
    let request = browser.request("GET", "/v1/clear-site-data").header("sec-fetch-site", "cross-site");
    let strange = send(&browser, request).await;
    assert_eq!((strange.refusal(), strange.header("clear-site-data")), ((400, "origin_invalid".into()), ""));
}
