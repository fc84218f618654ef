//! The table of routes against the ledger, and what answers to everybody.

use axum::body::Body;
use verger_testkit::{APP, TestServer, spec};

#[test]
fn the_routes_are_those_of_the_ledger() {
    spec::ops::check(spec::Api::Fapi, verger_fapi::ROUTES).unwrap_or_else(|told| panic!("{told}"));
}

#[tokio::test]
async fn every_route_is_there_with_and_without_a_slash_at_the_end() {
    let server = TestServer::start().await;
    let browser = server.browser();
    for (method, path, id) in verger_fapi::ROUTES {
        let answers = ["", "/"].map(|slash| {
            let request = browser.request(method, &format!("{path}{slash}")).header("origin", APP);
            server.at_frontend(request.body(Body::empty()).expect("a request"))
        });
        let [bare, with_slash] = answers;
        let (bare, with_slash) = (bare.await, with_slash.await);
        assert_ne!(bare.code(), "method_not_allowed", "{id}");
        // Names in braces name nothing, so only the others are sure to be found.
        assert!(path.contains('{') || bare.status != 404, "{id}");
        assert_eq!((with_slash.status, with_slash.code()), (bare.status, bare.code()), "{id}");
    }
}

#[tokio::test]
async fn keys_and_discovery_name_this_instance() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let keys = browser.get("/.well-known/jwks.json").await.ok();
    assert_eq!(keys.text("/keys/0/alg"), "RS256");
    assert!(keys.text("/keys/0/kid").starts_with("ins_"));
    let discovery = browser.get("/.well-known/openid-configuration").await.ok();
    assert_eq!(discovery.text("/issuer"), "http://localhost:4000");
    assert_eq!(discovery.text("/jwks_uri"), "http://localhost:4000/.well-known/jwks.json");
}

#[tokio::test]
async fn the_environment_is_not_wrapped_and_patching_it_reads_it() {
    let server = TestServer::start().await;
    let mut browser = server.browser();
    let read = browser.get("/v1/environment").await.ok();
    assert_eq!(read.text("/display_config/instance_environment_type"), "development");
    let patched = browser.patch("/v1/environment", &[]).await.ok();
    assert_eq!(read.json(), patched.json());
}

#[tokio::test]
async fn the_health_check_says_when_the_process_goes_away() {
    let server = TestServer::start().await;
    assert_eq!(server.browser().get("/v1/health").await.ok().text("/status"), "healthy");
    server.state.begin_shutdown();
    let answer = server.browser().get("/v1/health").await;
    assert_eq!((answer.status, answer.text("/status").as_str()), (503, "unhealthy"));
}

#[tokio::test]
async fn the_health_check_says_when_the_database_is_gone() {
    let server = TestServer::start().await;
    server.service.store().close().await;
    assert_eq!(server.browser().get("/v1/health").await.status, 503);
}
