//! Origin, CORS, methods, bodies, versions, hosts and proxies.

use axum::body::Body;
use axum::http::request::Builder;
use serde_json::{Value, json};
use verger_service::NewApplication;
use verger_testkit::{APP, Answer, Browser, PASSWORD, TestServer};

const FORM: &str = "application/x-www-form-urlencoded";

async fn live() -> (TestServer, Browser) {
    let server = TestServer::start().await;
    let tenant = server.production().await.production.tenant;
    let browser = server.browser_of(&tenant);
    (server, browser)
}

/// A sign-in attempt whose headers a test chooses.
fn write(browser: &Browser) -> Builder {
    browser.request("POST", "/v1/client/sign_ins").header("content-type", FORM)
}

async fn send(server: &TestServer, request: Builder, body: impl Into<Body>) -> Answer {
    server.at_frontend(request.body(body.into()).expect("a request")).await
}

#[tokio::test]
async fn a_foreign_page_cannot_write() {
    let (server, browser) = live().await;
    for origin in [
        "https://evil.test",
        "https://app.a.test.evil.test",
        "http://app.a.test",
        "https://nota.test",
        "https://app.a.test:8443",
        "http://localhost:3000",
        "null",
    ] {
        let answer = send(&server, write(&browser).header("origin", origin), "").await;
        assert_eq!(answer.refusal(), (400, "origin_invalid".into()), "{origin}");
        assert_eq!(answer.header("access-control-allow-origin"), "", "{origin}");
        assert!(answer.set_cookies().is_empty());
    }
    for origin in ["https://a.test", "https://app.a.test", "https://accounts.a.test", "https://clerk.a.test"] {
        send(&server, write(&browser).header("origin", origin), "").await.ok();
    }
}

#[tokio::test]
async fn a_subdomain_that_is_not_listed_cannot_write_or_read() {
    let (server, browser) = live().await;
    let change =
        |settings: &mut verger_model::settings::Settings| settings.allowed_subdomains = Some(vec!["app".into()]);
    server.settings(&browser.tenant, change).await;
    let blog = "https://blog.a.test";
    let answer = send(&server, write(&browser).header("origin", blog), "").await;
    assert_eq!(answer.refusal(), (403, "subdomain_not_allowed".into()));
    let read = send(&server, browser.request("GET", "/v1/client").header("origin", blog), "").await;
    for answer in [answer, read] {
        assert_eq!(answer.header("access-control-allow-origin"), "");
        assert!(answer.set_cookies().is_empty());
    }
    let handshake = "/v1/client/handshake?redirect_url=https%3A%2F%2Fblog.a.test%2F";
    let back = send(&server, browser.request("GET", handshake), "").await;
    assert_eq!((back.code(), back.header("location")), ("redirect_url_not_associated_with_instance".into(), ""));
    for origin in ["https://a.test", "https://app.a.test", "https://accounts.a.test", "https://clerk.a.test"] {
        send(&server, write(&browser).header("origin", origin), "").await.ok();
    }
}

#[tokio::test]
async fn a_listed_origin_writes_like_the_instances_own() {
    let (server, browser) = live().await;
    let listed = "https://partner.example";
    let change = |settings: &mut verger_model::settings::Settings| settings.allowed_origins.push(listed.into());
    server.settings(&browser.tenant, change).await;
    send(&server, write(&browser).header("origin", listed), "").await.ok();
    let sibling = write(&browser).header("origin", "https://partner.example.evil.test");
    assert_eq!(send(&server, sibling, "").await.code(), "origin_invalid");
}

#[tokio::test]
async fn headers_that_contradict_each_other_are_refused() {
    let (server, browser) = live().await;
    let own = "https://app.a.test";
    for (request, code) in [
        (write(&browser).header("origin", own).header("origin", own), "multiple_origin_header_values_forbidden"),
        (write(&browser).header("origin", own).header("authorization", "x"), "origin_authorization_headers_conflict"),
        (
            write(&browser).header("authorization", "x").header("authorization", "y"),
            "multiple_authorization_header_values_forbidden",
        ),
    ] {
        assert_eq!(send(&server, request, "").await.refusal(), (400, code.into()));
    }
}

#[tokio::test]
async fn a_write_with_a_cookie_says_where_it_comes_from() {
    let (server, mut browser) = live().await;
    browser.identify_nobody().await;
    assert_eq!(send(&server, write(&browser), "").await.refusal(), (400, "request_header_missing".into()));
    let cross = write(&browser).header("sec-fetch-site", "cross-site");
    assert_eq!(send(&server, cross, "").await.refusal(), (400, "request_header_missing".into()));
    send(&server, write(&browser).header("sec-fetch-site", "same-origin"), "").await.ok();
    // Reads and navigations need no origin.
    browser.navigate("/v1/client").await.ok();
}

trait Nobody {
    async fn identify_nobody(&mut self);
}

impl Nobody for Browser {
    /// Gets a client and its cookie.
    async fn identify_nobody(&mut self) {
        self.post("/v1/client/sign_ins", &[]).await.ok();
    }
}

#[tokio::test]
async fn a_preview_page_is_known_by_its_development_browser_alone() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.sign_up("jane@example.com").await;
    browser.origin = Some("https://preview.example.com".into());
    let read = browser.get("/v1/client").await.ok();
    assert_eq!(read.header("access-control-allow-origin"), "https://preview.example.com");
    assert_eq!(read.at("/response"), Value::Null);
    assert_eq!(browser.post("/v1/client/sign_ins", &[]).await.refusal(), (400, "origin_invalid".into()));
    let mut browser = browser.open().await;
    browser.post("/v1/client/sign_ins", &[]).await.ok();
}

#[tokio::test]
async fn answers_can_be_read_by_the_page_that_asked() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    for path in ["/v1/client", "/v1/nope", "/v1/me"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("access-control-allow-origin"), APP, "{path}");
        assert_eq!(answer.header("access-control-allow-credentials"), "true");
        assert_eq!(answer.header("vary"), "Origin");
        for name in ["Retry-After", "X-Country", "Authorization", "Clerk-Db-Jwt", "X-Clerk-Trace-Id"] {
            assert!(answer.header("access-control-expose-headers").contains(name), "{name}");
        }
        assert_eq!(answer.content_type(), Some("application/json"));
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_preflight_is_answered_for_known_origins() {
    let (server, browser) = live().await;
    let ask = |origin: &str| {
        let request = browser.request("OPTIONS", "/v1/client").header("access-control-request-method", "PATCH");
        request.header("access-control-request-headers", "x-mobile").header("origin", origin)
    };
    let known = send(&server, ask("https://app.a.test"), "").await;
    assert_eq!((known.status, known.header("access-control-allow-origin")), (204, "https://app.a.test"));
    assert!(known.header("access-control-allow-methods").contains("PATCH"));
    assert_eq!(known.header("access-control-allow-headers"), "x-mobile");
    let unknown = send(&server, ask("https://evil.test"), "").await;
    assert_eq!((unknown.status, unknown.header("access-control-allow-origin")), (204, ""));
    assert_eq!(unknown.header("access-control-allow-credentials"), "");
}

#[tokio::test]
async fn a_native_client_is_refused() {
    let (server, browser) = live().await;
    let request = browser.request("POST", "/v1/client/sign_ins?_is_native=1").header("content-type", FORM);
    assert_eq!(send(&server, request, "").await.refusal(), (400, "native_api_disabled".into()));
}

#[tokio::test]
async fn the_method_in_the_query_counts_on_post_alone() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.sign_up("jane@example.com").await;
    assert_eq!(browser.get("/v1/me?_method=DELETE").await.ok().text("/response/object"), "user");
    let trace = browser.post("/v1/me?_method=TRACE", &[]).await;
    assert_eq!(trace.refusal(), (400, "malformed_request_parameters".into()));
    assert_eq!(browser.post("/v1/me?_method=GET", &[]).await.ok().text("/response/object"), "user");
    browser.get("/v1/me").await.ok();
}

#[tokio::test]
async fn real_verbs_work_too() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.sign_up("jane@example.com").await;
    let patch = browser.request("PATCH", "/v1/me").header("content-type", FORM).header("origin", APP);
    assert_eq!(send(&server, patch, "first_name=Jane").await.ok().text("/response/first_name"), "Jane");
    let delete = browser.request("DELETE", "/v1/client/sessions").header("origin", APP);
    send(&server, delete, "").await.ok();
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let post = |kind: &str| browser.request("POST", "/v1/client/sign_ins").header("content-type", kind);
    for kind in ["text/plain", "application/json", "multipart/form-data; boundary=x"] {
        assert_eq!(send(&server, post(kind), "identifier=x").await.refusal(), (415, "unsupported_content_type".into()));
    }
    let packed = post(FORM).header("content-encoding", "gzip");
    assert_eq!(send(&server, packed, "x").await.refusal(), (415, "unsupported_content_type".into()));
    let big = "identifier=".to_owned() + &"x".repeat(70 * 1024);
    assert_eq!(send(&server, post(FORM), big).await.refusal(), (413, "request_body_too_large".into()));
    let declared = post(FORM).header("content-length", "71680");
    assert_eq!(send(&server, declared, "x").await.refusal(), (413, "request_body_too_large".into()));
    let malformed = send(&server, post(FORM), "identifier=%zz").await;
    assert_eq!(malformed.refusal(), (400, "malformed_request_parameters".into()));
    let with_charset = post("application/x-www-form-urlencoded; charset=UTF-8");
    send(&server, with_charset, "").await.ok();
}

#[tokio::test]
async fn what_is_no_text_is_refused_by_name() {
    let server = TestServer::start().await;
    let browser = server.browser();
    let request = browser.request("POST", "/v1/client/sign_ups").header("content-type", FORM);
    let answer = send(&server, request, "email_address=jane%40example.com&first_name=%ff%fe").await;
    assert_eq!(answer.refusal(), (422, "form_param_value_invalid".into()));
    assert_eq!(answer.text("/errors/0/meta/param_name"), "first_name");
}

#[tokio::test]
async fn an_unknown_address_or_method_is_answered_in_json() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let answer = browser.get("/v1/nope").await;
    assert_eq!(answer.refusal(), (404, "resource_not_found".into()));
    assert_eq!(answer.text("/clerk_trace_id"), answer.header("x-clerk-trace-id"));
    assert_eq!(answer.header("x-clerk-trace-id").len(), 32);
    let answer = browser.delete("/v1/environment").await;
    assert_eq!(answer.refusal(), (405, "method_not_allowed".into()));
    assert!(answer.header("allow").contains("PATCH"));
}

#[tokio::test]
async fn a_slash_at_the_end_makes_no_difference() {
    let server = TestServer::start().await;
    let shop = server.application(NewApplication { name: "Shop".into(), ..NewApplication::default() }).await;
    for mut browser in [server.browser(), server.browser_of(&shop.development.tenant)] {
        browser.get("/v1/client/").await.ok();
        browser.post("/v1/client/sign_ins/", &[]).await.ok();
        browser.get("/.well-known/jwks.json").await.ok();
    }
}

#[tokio::test]
async fn a_head_request_gets_headers_alone() {
    let server = TestServer::start().await;
    for (path, status) in [("/v1/environment", 200), ("/v1/nope", 404)] {
        let answer = send(&server, server.browser().request("HEAD", path), "").await;
        assert_eq!((answer.status, answer.body.len()), (status, 0));
    }
}

#[tokio::test]
async fn an_unknown_host_is_nobodys() {
    let server = TestServer::start().await;
    server.production().await;
    for host in ["nope.test", "clerk.nope.test", "accounts.a.test", "api.a.test", "a.test", "localhost.evil.test"] {
        let request = axum::http::Request::builder().uri("/v1/client").header("host", host);
        assert_eq!(send(&server, request, "").await.refusal(), (400, "host_invalid".into()), "{host}");
    }
    for host in ["localhost:4000", "127.0.0.1:4000", "[::1]:4000", "CLERK.A.TEST", "clerk.a.test:4443"] {
        let request = axum::http::Request::builder().uri("/v1/client").header("host", host);
        send(&server, request, "").await.ok();
    }
}

#[tokio::test]
async fn a_production_instance_with_a_domain_has_no_path() {
    let (server, _browser) = live().await;
    let answer = server.browser().navigate("/i/live-live/v1/client").await;
    assert_eq!(answer.refusal(), (404, "resource_not_found".into()));
}

#[tokio::test]
async fn production_knows_no_development_browsers() {
    let (_server, mut browser) = live().await;
    let answer = browser.post("/v1/dev_browser", &[]).await;
    assert_eq!(answer.refusal(), (400, "request_invalid_for_environment".into()));
    browser.dev_browser = Some("dvb_whatever".into());
    browser.get("/v1/client").await.ok();
}

#[tokio::test]
async fn a_version_that_is_none_is_refused() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    for version in ["yesterday", "2020-01-01", ""] {
        browser.api_version = Some(version);
        assert_eq!(browser.get("/v1/client").await.refusal(), (400, "api_version_invalid".into()), "{version}");
    }
    browser.api_version = Some("2031-01-01");
    browser.get("/v1/client").await.ok();
    let both = browser.request("GET", "/v1/client?__clerk_api_version=junk").header("clerk-api-version", "2025-11-10");
    send(&server, both, "").await.ok();
}

#[tokio::test]
async fn an_applications_proxy_shows_its_secret_key() {
    let (server, browser) = live().await;
    let root = server.backend().await.key;
    let proxied = |key: Option<&str>| {
        let request = axum::http::Request::builder().uri("/v1/environment").header("host", "anything.test");
        let request = request.header("clerk-proxy-url", "https://app.example/__clerk");
        match key {
            Some(key) => request.header("clerk-secret-key", key),
            None => request,
        }
    };
    let missing = send(&server, proxied(None), "").await;
    assert_eq!(missing.refusal(), (400, "proxy_request_missing_secret_key".into()));
    let wrong = send(&server, proxied(Some("sk_test_wrong")), "").await;
    assert_eq!(wrong.refusal(), (401, "proxy_request_invalid_secret_key".into()));
    let root_environment = server.browser().get("/v1/environment").await.ok();
    assert_eq!(send(&server, proxied(Some(&root)), "").await.ok().json(), root_environment.json());
    let elsewhere =
        browser.request("GET", "/i/live/v1/client").header("clerk-proxy-url", "https://app.example/__clerk");
    let elsewhere = send(&server, elsewhere.header("clerk-secret-key", &root), "").await;
    assert_eq!(elsewhere.refusal(), (401, "proxy_request_invalid_secret_key".into()));
}

#[tokio::test]
async fn a_proxied_write_needs_no_origin_and_its_tokens_name_the_proxys() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    browser.sign_up("jane@example.com").await;
    browser.sign_out().await.ok();
    let key = server.backend().await.key;
    let request = write(&browser).header("clerk-proxy-url", "http://localhost:3000/__clerk");
    let request = request.header("clerk-secret-key", key);
    let body = format!("identifier=jane%40example.com&strategy=password&password={}", PASSWORD.replace(' ', "+"));
    let done = send(&server, request, body).await.ok();
    let token = done.text("/client/sessions/0/last_active_token/jwt");
    assert_eq!(super::sessions::claims(&token)["azp"], "http://localhost:3000");
}

#[tokio::test]
async fn a_fault_says_nothing_about_who_is_signed_in() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let session = browser.sign_up("jane@example.com").await.text("/client/sessions/0/id");
    server.service.store().close().await;
    let path = format!("/v1/client/sessions/{session}/tokens");
    for answer in [browser.get("/v1/client").await, browser.post(&path, &[]).await, browser.sign_out().await] {
        assert_eq!(answer.refusal(), (503, "service_unavailable".into()));
        assert!((1..=5).contains(&answer.header("retry-after").parse::<i64>().unwrap()));
        assert!(answer.set_cookies().is_empty() && answer.json().get("client").is_none());
        assert_eq!(answer.header("access-control-allow-origin"), APP);
    }
    // What is kept in memory goes on being answered.
    browser.get("/v1/environment").await.ok();
    browser.get("/.well-known/jwks.json").await.ok();
}

#[tokio::test]
async fn a_handler_that_panics_is_a_fault_and_the_server_lives() {
    let server = TestServer::start().await;
    async fn panics() -> &'static str {
        panic!("a secret from inside")
    }
    let routes = axum::Router::new().route("/v1/boom", axum::routing::get(panics));
    let router = verger_http::frontend(server.state.clone(), routes);
    let request = server.browser().request("GET", "/v1/boom").header("origin", APP).body(Body::empty()).unwrap();
    let answer = Answer::read(tower::ServiceExt::oneshot(router, request).await.unwrap()).await;
    assert_eq!(answer.refusal(), (503, "service_unavailable".into()));
    assert_eq!(answer.header("access-control-allow-origin"), APP);
    assert!(!String::from_utf8_lossy(&answer.body).contains("secret"));
    server.browser().get("/v1/client").await.ok();
}

#[tokio::test]
async fn errors_are_in_clerks_envelope() {
    let server = TestServer::start().await;
    let answer = server.browser().post("/v1/client/sign_ups", &[("first_name", "x"), ("banned", "1")]).await;
    let body = answer.json();
    assert_eq!(body["errors"][0]["code"], "form_param_unknown");
    assert_eq!(body["errors"][0]["meta"], json!({"param_name": "banned"}));
    assert!(body["errors"][0]["message"].is_string() && body["errors"][0]["long_message"].is_string());
}
