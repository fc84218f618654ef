//! Who may ask.

use crate::{refused, start};
use axum::body::Body;
use axum::http::Request;
use axum::http::header::AUTHORIZATION;
use verger_testkit::{Answer, Backend};

async fn with(backend: &Backend, path: &str, headers: &[&str]) -> Answer {
    let mut request = Request::builder().uri(path);
    for value in headers {
        request = request.header(AUTHORIZATION, *value);
    }
    backend.server.at_backend(request.body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn nobody_asks_without_a_key() {
    let backend = start().await;
    for (_, path, id) in verger_bapi::ROUTES {
        assert_eq!(with(&backend, path, &[]).await.refusal(), refused(401, "authentication_invalid"), "{id}");
    }
}

#[tokio::test]
async fn a_header_of_another_form_is_refused() {
    let backend = start().await;
    for value in ["Token x", "Basic eDp5", "sk_test_x", "Bearer"] {
        let answer = with(&backend, "/v1/users", &[value]).await;
        assert_eq!(answer.refusal(), refused(401, "authorization_header_format_invalid"), "{value}");
    }
}

#[tokio::test]
async fn a_key_that_opens_nothing_is_refused() {
    let backend = start().await;
    let public = format!("Bearer {}", backend.server.development().publishable_key);
    let cut = format!("Bearer {}", &backend.key[..backend.key.len() - 1]);
    for value in ["Bearer sk_test_wrong", "Bearer sk_live_wrong", "Bearer test_old", "Bearer live_old", &public, &cut] {
        let answer = with(&backend, "/v1/users", &[value]).await;
        assert_eq!(answer.refusal(), refused(401, "clerk_key_invalid"), "{value}");
    }
}

#[tokio::test]
async fn two_headers_are_refused_even_if_one_is_right() {
    let backend = start().await;
    let right = format!("Bearer {}", backend.key);
    let answer = with(&backend, "/v1/users", &[&right, "Bearer sk_test_wrong"]).await;
    assert_eq!(answer.refusal(), refused(400, "multiple_authorization_header_values_forbidden"));
}

#[tokio::test]
async fn a_revoked_key_opens_nothing_any_more() {
    let backend = start().await;
    let instance = backend.server.development().instance.id.clone();
    let (made, key) = backend.server.service.create_secret_key(&instance, "second").await.unwrap();
    let second = Backend::new(backend.server.clone(), key.expose());
    second.get("/v1/users").await.ok();
    assert!(backend.server.service.revoke_secret_key(&instance, &made.id).await.unwrap());
    assert_eq!(second.get("/v1/users").await.refusal(), refused(401, "clerk_key_invalid"));
    backend.get("/v1/users").await.ok();
}

#[tokio::test]
async fn a_version_that_is_no_date_is_refused_and_a_newer_one_is_the_newest() {
    let mut backend = start().await;
    backend.api_version = Some("latest");
    assert_eq!(backend.get("/v1/users").await.refusal(), refused(400, "api_version_invalid"));
    for version in [Some("2031-01-01"), Some("2021-02-05"), None] {
        backend.api_version = version;
        backend.get("/v1/users").await.ok();
    }
}
