//! Host names and paths decide which door a request comes to.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use tower::ServiceExt;
use verger_http::{Call, Doors, Listener};
use verger_testkit::{Answer, TestServer};

async fn page(call: Call) -> String {
    format!("a page of {}", call.ctx.tenant.instance.slug)
}

fn doors(server: &TestServer, listener: Listener) -> Router {
    let pages = Router::new().route("/sign-in", get(page)).route("/npm/{file}", get(page));
    let doors = Doors {
        frontend: verger_fapi::router(server.state.clone()),
        backend: verger_bapi::router(server.state.clone()),
        portal: verger_http::portal(server.state.clone(), pages),
    };
    doors.behind(server.state.clone(), listener)
}

async fn ask(doors: &Router, host: &str, path: &str) -> Answer {
    let request = Request::builder().uri(path).header("host", host).body(Body::empty()).expect("a request");
    Answer::read(doors.clone().oneshot(request).await.unwrap()).await
}

#[tokio::test]
async fn in_development_the_path_decides() {
    let server = TestServer::start().await;
    let root = server.development().instance.slug.clone();
    let doors = doors(&server, Listener::Browser);
    let client = ask(&doors, "localhost:4000", "/v1/client").await;
    assert_eq!((client.status, client.at("/response").is_null()), (200, true));
    let sign_in = ask(&doors, "localhost:4000", "/sign-in").await;
    assert_eq!(String::from_utf8_lossy(&sign_in.body), format!("a page of {root}"));
    assert_eq!(ask(&doors, "localhost:4000", "/v1/users").await.refusal(), (404, "resource_not_found".into()));
    assert_eq!(ask(&doors, "evil.test", "/sign-in").await.refusal(), (400, "host_invalid".into()));
}

#[tokio::test]
async fn in_production_the_host_name_decides() {
    let server = TestServer::start().await;
    let live = server.production().await.production.tenant;
    let doors = doors(&server, Listener::Everything);
    assert_eq!(ask(&doors, "clerk.a.test", "/v1/client").await.status, 200);
    let page = format!("a page of {}", live.instance.slug);
    for (host, path) in [("accounts.a.test", "/sign-in"), ("clerk.a.test", "/npm/x.js")] {
        let answer = ask(&doors, host, path).await;
        assert_eq!(String::from_utf8_lossy(&answer.body), page, "{host}");
    }
    assert_eq!(ask(&doors, "api.a.test", "/v1/users").await.refusal(), (401, "authentication_invalid".into()));
    assert_eq!(ask(&doors, "accounts.a.test", "/v1/client").await.status, 404);
    for host in ["nope.test", "a.test", "dashboard.a.test"] {
        assert_eq!(ask(&doors, host, "/v1/client").await.refusal(), (400, "host_invalid".into()), "{host}");
    }
}

#[tokio::test]
async fn the_backend_api_may_be_asked_without_the_version_in_the_path() {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    for path in ["/v1/jwks", "/jwks", "/v1/jwks/"] {
        assert_eq!(backend.get(path).await.ok().text("/keys/0/kty"), "RSA", "{path}");
    }
}

#[tokio::test]
async fn a_backend_shows_a_secret_key() {
    let server = TestServer::start().await;
    let ask = async |header: Option<&str>| {
        let mut request = Request::builder().uri("/v1/jwks");
        if let Some(header) = header {
            request = request.header("authorization", header);
        }
        server.at_backend(request.body(Body::empty()).unwrap()).await.refusal()
    };
    assert_eq!(ask(None).await, (401, "authentication_invalid".into()));
    assert_eq!(ask(Some("Token x")).await, (401, "authorization_header_format_invalid".into()));
    assert_eq!(ask(Some("Bearer sk_test_wrong")).await, (401, "clerk_key_invalid".into()));
    let publishable = format!("Bearer {}", server.development().publishable_key);
    assert_eq!(ask(Some(&publishable)).await, (401, "clerk_key_invalid".into()));
}
