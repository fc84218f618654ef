//! How bodies are read.

use crate::{param, refused, start, user_id};
use axum::body::Body;
use axum::http::Request;
use axum::http::header::AUTHORIZATION;
use serde_json::json;
use verger_testkit::{Answer, Backend};

async fn raw(backend: &Backend, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
    let mut request = Request::builder().method("POST").uri("/v1/users");
    request = request.header(AUTHORIZATION, format!("Bearer {}", backend.key));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    backend.server.at_backend(request.body(body.into()).expect("a request")).await
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn what_is_no_json_object_is_refused() {
    let backend = start().await;
    for body in ["{", "[]", "\"x\"", "{}{}", "{\"a\":1,}", "email_address=jane%40example.com"] {
        assert_eq!(raw(&backend, &[JSON], body).await.refusal(), refused(400, "request_body_invalid"), "{body}");
    }
    let latin1 = b"{\"first_name\":\"Ren\xe9\"}".to_vec();
    assert_eq!(raw(&backend, &[JSON], latin1).await.refusal(), refused(400, "request_body_invalid"));
    let deep = format!("{{\"public_metadata\":{}1{}}}", "{\"k\":".repeat(65), "}".repeat(65));
    assert_eq!(raw(&backend, &[JSON], deep).await.refusal(), refused(400, "request_body_invalid"));
}

#[tokio::test]
async fn a_body_that_is_null_is_an_empty_one() {
    let backend = start().await;
    assert_eq!(raw(&backend, &[JSON], "null").await.code(), "form_data_missing");
    let id = user_id(&backend, "jane@example.com").await;
    let session = backend.post("/v1/sessions", json!({ "user_id": id })).await.ok().text("/id");
    backend.post(&format!("/v1/sessions/{session}/tokens"), json!(null)).await.ok();
}

#[tokio::test]
async fn a_member_that_stands_twice_is_refused() {
    let backend = start().await;
    let answer = raw(&backend, &[JSON], r#"{"first_name":"Jane","first_name":"Eve"}"#).await;
    assert_eq!(answer.refusal(), refused(422, "form_param_duplicate"));
    assert_eq!(param(&answer), "first_name");
}

#[tokio::test]
async fn another_media_type_is_refused() {
    let backend = start().await;
    let form = ("content-type", "application/x-www-form-urlencoded");
    assert_eq!(raw(&backend, &[form], "first_name=Jane").await.refusal(), refused(415, "unsupported_content_type"));
    assert_eq!(raw(&backend, &[], "{}").await.refusal(), refused(415, "unsupported_content_type"));
    let packed = raw(&backend, &[JSON, ("content-encoding", "gzip")], "{}").await;
    assert_eq!(packed.refusal(), refused(415, "unsupported_content_type"));
    let charset = ("content-type", "application/json; charset=utf-8");
    assert_eq!(raw(&backend, &[charset], "{}").await.code(), "form_data_missing");
}

#[tokio::test]
async fn a_body_over_a_mebibyte_is_refused() {
    let backend = start().await;
    let body = format!("{{\"first_name\":\"{}\"}}", "x".repeat(1024 * 1024));
    assert_eq!(raw(&backend, &[JSON], body).await.refusal(), refused(413, "request_body_too_large"));
    let long = json!({ "first_name": "x".repeat(65 * 1024) }).to_string();
    let answer = raw(&backend, &[JSON], long).await;
    assert_eq!(answer.refusal(), refused(422, "form_param_max_length_exceeded"));
    assert_eq!(param(&answer), "first_name");
}

#[tokio::test]
async fn unknown_members_and_wrong_types_are_named_together() {
    let backend = start().await;
    let body = json!({ "first_name": 7, "email_address": "jane@example.com", "public_metadata": [], "admin": true });
    let answer = backend.post("/v1/users", body).await;
    assert_eq!(answer.status, 422);
    let errors = answer.at("/errors");
    let found: Vec<(&str, &str)> = errors
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["code"].as_str().unwrap(), error["meta"]["param_name"].as_str().unwrap()))
        .collect();
    let expected = [
        ("form_param_type_invalid", "first_name"),
        ("form_param_type_invalid", "email_address"),
        ("form_param_type_invalid", "public_metadata"),
        ("form_param_unknown", "admin"),
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_strict_operation_takes_nothing_but_its_own_members() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let extra = json!({ "nonsense": 1 });
    for (method, path) in [
        ("POST", "/v1/users".to_owned()),
        ("PATCH", format!("/v1/users/{id}")),
        ("PATCH", format!("/v1/users/{id}/metadata")),
        ("PUT", format!("/v1/users/{id}/metadata")),
        ("POST", "/v1/sessions".to_owned()),
        ("POST", "/v1/sessions/sess_1/tokens".to_owned()),
        ("POST", "/v1/sign_in_tokens".to_owned()),
        ("POST", "/v1/email_addresses".to_owned()),
        ("POST", "/v1/clients/verify".to_owned()),
    ] {
        let answer = backend.send(method, &path, Some(extra.clone())).await;
        let named = answer.at("/errors").as_array().is_some_and(|errors| {
            errors.iter().any(|it| it["code"] == "form_param_unknown" && it["meta"]["param_name"] == "nonsense")
        });
        assert!(answer.status == 422 && named, "{method} {path}: {}", answer.json());
    }
}
