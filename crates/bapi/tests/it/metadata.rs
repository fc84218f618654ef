//! `PATCH` and `PUT /users/{user_id}/metadata`.

use crate::{nothing, param, refused, start, user_id};
use serde_json::json;
use verger_testkit::PASSWORD;

#[tokio::test]
async fn a_patch_merges_and_leaves_the_other_documents_alone() {
    let backend = start().await;
    let body = json!({
        "email_address": ["jane@example.com"], "password": PASSWORD, "private_metadata": { "keep": true },
        "public_metadata": { "plan": "free", "limits": { "seats": 1, "projects": 2 }, "tags": [1, 2], "gone": 1 },
    });
    let id = backend.post("/v1/users", body).await.ok().text("/id");
    let patch = json!({ "public_metadata": {
        "plan": "pro", "limits": { "seats": null, "users": { "max": 9 } }, "tags": [3], "gone": null,
    } });
    let answer = backend.patch(&format!("/v1/users/{id}/metadata"), patch).await.ok();
    let expected = json!({ "plan": "pro", "limits": { "projects": 2, "users": { "max": 9 } }, "tags": [3] });
    assert_eq!(answer.at("/public_metadata"), expected);
    assert_eq!(answer.at("/private_metadata"), json!({ "keep": true }));
    let same = backend.patch(&format!("/v1/users/{id}/metadata"), json!({ "public_metadata": {} })).await.ok();
    assert_eq!(same.at("/public_metadata"), expected);
}

#[tokio::test]
async fn a_put_replaces_the_documents_that_it_names() {
    let backend = start().await;
    let body = json!({
        "email_address": ["jane@example.com"], "password": PASSWORD,
        "public_metadata": { "a": 1 }, "private_metadata": { "b": 2 }, "unsafe_metadata": { "c": 3 },
    });
    let id = backend.post("/v1/users", body).await.ok().text("/id");
    let put = json!({ "public_metadata": { "x": null, "y": 1 }, "private_metadata": {} });
    let answer = backend.put(&format!("/v1/users/{id}/metadata"), put).await.ok();
    assert_eq!(answer.at("/public_metadata"), json!({ "x": null, "y": 1 }));
    assert_eq!(answer.at("/private_metadata"), json!({}));
    assert_eq!(answer.at("/unsafe_metadata"), json!({ "c": 3 }));
}

#[tokio::test]
async fn names_with_a_meaning_elsewhere_are_plain_data() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let odd = json!({ "__proto__": { "admin": true }, "constructor": 1, "": 2 });
    let answer = backend.patch(&format!("/v1/users/{id}/metadata"), json!({ "unsafe_metadata": odd })).await.ok();
    assert_eq!(answer.at("/unsafe_metadata"), odd);
}

#[tokio::test]
async fn a_document_has_bounds() {
    let backend = start().await;
    let path = format!("/v1/users/{}/metadata", user_id(&backend, "jane@example.com").await);
    let half = json!({ "a": "x".repeat(5000) });
    backend.patch(&path, json!({ "public_metadata": half })).await.ok();
    let sum = backend.patch(&path, json!({ "public_metadata": { "b": "x".repeat(5000) } })).await;
    assert_eq!(
        (sum.refusal(), param(&sum)),
        (refused(422, "form_param_exceeds_allowed_size"), "public_metadata".into())
    );
    let deep = (0..33).fold(json!(1), |inner, _| json!({ "k": inner }));
    let deep = backend.put(&path, json!({ "private_metadata": deep })).await;
    assert_eq!(
        (deep.refusal(), param(&deep)),
        (refused(422, "form_param_exceeds_allowed_size"), "private_metadata".into())
    );
    for wrong in [json!([]), json!("x"), json!(1)] {
        let answer = backend.patch(&path, json!({ "unsafe_metadata": wrong })).await;
        assert_eq!(answer.refusal(), refused(422, "form_param_type_invalid"));
    }
    let unknown = format!("/v1/users/{}/metadata", nothing("user"));
    for answer in [backend.patch(&unknown, json!({})).await, backend.put(&unknown, json!({})).await] {
        assert_eq!(answer.refusal(), refused(404, "resource_not_found"));
    }
}

#[tokio::test]
async fn private_metadata_stays_with_the_backend() {
    let backend = start().await;
    let body = json!({ "email_address": ["jane@example.com"], "password": PASSWORD, "private_metadata": { "canary": "pelican" } });
    backend.post("/v1/users", body).await.ok();
    let mut browser = backend.server.browser().open().await;
    let answers = [
        browser.sign_in("jane@example.com", PASSWORD).await.ok(),
        browser.get("/v1/client").await,
        browser.get("/v1/me").await,
    ];
    for answer in answers {
        assert!(!String::from_utf8_lossy(&answer.ok().body).contains("pelican"));
    }
}
