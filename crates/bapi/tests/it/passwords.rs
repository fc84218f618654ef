//! Passwords: imported digests, verification, changes.

use crate::{nothing, param, refused, start, user_id};
use serde_json::{Value, json};
use verger_testkit::{LeakServer, PASSWORD};

/// bcrypt of [`OLD`], made by another system.
const DIGEST: &str = "$2y$05$abcdefghijklmnopqrstuugxUMjFsbCflsKS8dOZqg6U1BsX6Y5c6";
/// bcrypt of 72 times `x`, by which it stands for anything longer too.
const LONG_DIGEST: &str = "$2b$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q";
const OLD: &str = "an old pass phrase";

fn imported(digest: &str, hasher: &str) -> Value {
    json!({ "email_address": ["jane@example.com"], "password_digest": digest, "password_hasher": hasher })
}

#[tokio::test]
async fn an_imported_digest_takes_the_password_that_it_was_made_of() {
    let backend = start().await;
    let made = backend.post("/v1/users", imported(DIGEST, "bcrypt")).await.ok();
    let verify = format!("/v1/users/{}/verify_password", made.text("/id"));
    assert_eq!(backend.post(&verify, json!({ "password": OLD })).await.ok().json(), json!({ "verified": true }));
    let wrong = backend.post(&verify, json!({ "password": PASSWORD })).await;
    assert_eq!(wrong.refusal(), refused(422, "incorrect_password"));
    let mut browser = backend.server.browser().open().await;
    assert_eq!(browser.sign_in("jane@example.com", OLD).await.ok().text("/response/status"), "complete");
}

#[tokio::test]
async fn a_password_is_checked_unless_the_backend_says_otherwise() {
    let backend = start().await;
    let tenant = backend.server.development();
    backend.server.settings(&tenant, |settings| settings.password.min_zxcvbn_strength = 3).await;
    let id = user_id(&backend, "jane@example.com").await;
    for (password, code) in [
        ("Summer2019", "form_password_not_strong_enough"),
        ("short", "form_password_length_too_short"),
        ("joe@example.com", "form_password_matches_identifier"),
    ] {
        let body = json!({ "email_address": ["joe@example.com"], "password": password });
        let made = backend.post("/v1/users", body.clone()).await;
        assert_eq!((made.refusal(), param(&made)), (refused(422, code), "password".into()));
        if code == "form_password_matches_identifier" {
            continue;
        }
        let changed = backend.patch(&format!("/v1/users/{id}"), json!({ "password": password })).await;
        assert_eq!((changed.refusal(), param(&changed)), (refused(422, code), "password".into()));
        let fields = json!({ "password": password, "skip_password_checks": true });
        backend.patch(&format!("/v1/users/{id}"), fields).await.ok();
    }
    let body = json!({ "email_address": ["ann@example.com"], "password": "short", "skip_password_checks": true });
    backend.post("/v1/users", body).await.ok();
}

#[tokio::test]
async fn a_digest_that_no_hasher_wrote_is_refused() {
    let backend = start().await;
    for (digest, hasher, code, name) in [
        ("abc", "bcrypt", "form_password_digest_invalid_code", "password_digest"),
        (DIGEST, "argon2id", "form_password_digest_invalid_code", "password_digest"),
        (DIGEST, "rot13", "form_param_value_invalid", "password_hasher"),
    ] {
        let answer = backend.post("/v1/users", imported(digest, hasher)).await;
        assert_eq!(answer.refusal(), refused(422, code), "{hasher}");
        assert_eq!(param(&answer), name);
    }
}

#[tokio::test]
async fn a_digest_comes_with_its_hasher_and_without_a_password() {
    let backend = start().await;
    let base = json!({ "email_address": ["jane@example.com"] });
    for (extra, code, name) in [
        (json!({ "password_digest": DIGEST }), "form_conditional_param_missing", "password_hasher"),
        (json!({ "password_hasher": "bcrypt" }), "form_conditional_param_missing", "password_digest"),
        (
            json!({ "password": PASSWORD, "password_digest": DIGEST, "password_hasher": "bcrypt" }),
            "form_conditional_param_disallowed",
            "password",
        ),
    ] {
        let mut body = base.clone();
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let answer = backend.post("/v1/users", body).await;
        assert_eq!((answer.refusal(), param(&answer)), (refused(422, code), name.into()));
    }
}

#[tokio::test]
async fn a_password_is_verified_for_users_who_have_one() {
    let backend = start().await;
    let bare = json!({ "email_address": ["bare@example.com"], "skip_password_requirement": true });
    let bare = backend.post("/v1/users", bare).await.ok().text("/id");
    let none = backend.post(&format!("/v1/users/{bare}/verify_password"), json!({ "password": "x" })).await;
    assert_eq!(none.refusal(), refused(400, "no_password_set"));
    let id = user_id(&backend, "jane@example.com").await;
    let missing = backend.post(&format!("/v1/users/{id}/verify_password"), json!({})).await;
    assert_eq!((missing.refusal(), param(&missing)), (refused(422, "form_param_missing"), "password".into()));
    let nobody = format!("/v1/users/{}/verify_password", nothing("user"));
    let unknown = backend.post(&nobody, json!({ "password": "x" })).await;
    assert_eq!(unknown.refusal(), refused(404, "resource_not_found"));
}

#[tokio::test]
async fn a_new_password_replaces_the_old_one_and_can_end_every_session() {
    let backend = start().await;
    let id = user_id(&backend, "jane@example.com").await;
    let mut browser = backend.server.browser().open().await;
    browser.sign_in("jane@example.com", PASSWORD).await.ok();
    let kept = backend.patch(&format!("/v1/users/{id}"), json!({ "password": "another fine phrase 3" })).await.ok();
    assert_eq!(kept.at("/password_enabled"), json!(true));
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions").as_array().unwrap().len(), 1);
    let verify = format!("/v1/users/{id}/verify_password");
    assert_eq!(backend.post(&verify, json!({ "password": PASSWORD })).await.code(), "incorrect_password");
    let body = json!({ "password": "a third fine phrase 4", "sign_out_of_other_sessions": true });
    backend.patch(&format!("/v1/users/{id}"), body).await.ok();
    backend.post(&verify, json!({ "password": "a third fine phrase 4" })).await.ok();
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
}

#[tokio::test]
async fn a_password_is_removed_whatever_other_ways_in_there_are() {
    let backend = start().await;
    let tenant = backend.server.development();
    backend.server.settings(&tenant, |settings| settings.sign_in.email_code = false).await;
    let id = user_id(&backend, "jane@example.com").await;
    let mut browser = backend.server.browser().open().await;
    browser.sign_in("jane@example.com", PASSWORD).await.ok();
    let remove = format!("/v1/users/{id}/remove_password");
    let done = backend.post(&remove, json!({})).await.ok();
    assert_eq!((done.at("/password_enabled"), done.at("/password_last_updated_at")), (json!(false), Value::Null));
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions").as_array().map(Vec::len), Some(1));
    let gone = backend.server.browser().sign_in("jane@example.com", PASSWORD).await;
    assert_eq!(gone.refusal(), refused(400, "strategy_for_user_invalid"));

    let again = backend.post(&remove, json!({ "sign_out_of_other_sessions": true })).await.ok();
    assert_eq!(again.at("/updated_at"), done.at("/updated_at"), "nothing about the user changed");
    assert_eq!(browser.get("/v1/client").await.ok().at("/response/sessions"), json!([]));
    let unknown = backend.post(&remove, json!({ "current_password": PASSWORD })).await;
    assert_eq!((unknown.refusal(), param(&unknown)), (refused(422, "form_param_unknown"), "current_password".into()));
    let nobody = backend.post(&format!("/v1/users/{}/remove_password", nothing("user")), json!({})).await;
    assert_eq!(nobody.refusal(), refused(404, "resource_not_found"));
}

#[tokio::test]
async fn only_a_password_can_be_compromised() {
    let backend = start().await;
    let bare = json!({ "email_address": ["bare@example.com"], "skip_password_requirement": true });
    let bare = backend.post("/v1/users", bare).await.ok().text("/id");
    let set = |id: &str| format!("/v1/users/{id}/password/set_compromised");
    let unset = |id: &str| format!("/v1/users/{id}/password/unset_compromised");
    assert_eq!(backend.post(&set(&bare), json!({})).await.refusal(), refused(400, "no_password_set"));
    assert_eq!(backend.post(&unset(&bare), json!({})).await.ok().at("/requires_password_reset"), false);
    for path in [set(&nothing("user")), unset(&nothing("user"))] {
        assert_eq!(backend.post(&path, json!({})).await.refusal(), refused(404, "resource_not_found"), "{path}");
    }
    let id = user_id(&backend, "jane@example.com").await;
    let unknown = backend.post(&set(&id), json!({ "reason": "leak" })).await;
    assert_eq!((unknown.refusal(), param(&unknown)), (refused(422, "form_param_unknown"), "reason".into()));
    backend.post(&set(&id), json!({ "revoke_all_sessions": null })).await.ok();
    let verify = format!("/v1/users/{id}/verify_password");
    backend.post(&verify, json!({ "password": PASSWORD })).await.ok();
}

#[tokio::test]
async fn a_leaked_password_is_looked_up_unless_the_backend_says_otherwise() {
    let list = LeakServer::start(&["CB6DBC675F103E5E92A0BE659C512BE0A3C36BE6"]).await;
    let backend = start().await;
    let tenant = backend.server.development();
    backend
        .server
        .settings(&tenant, |settings| {
            settings.password.disable_hibp = false;
            settings.password.hibp_range_url.clone_from(&list.range_url);
        })
        .await;
    let mut body = json!({ "email_address": ["jane@example.com"], "password": PASSWORD });
    let made = backend.post("/v1/users", body.clone()).await;
    assert_eq!((made.refusal(), param(&made)), (refused(422, "form_password_pwned"), "password".into()));
    body["skip_password_checks"] = json!(true);
    backend.post("/v1/users", body).await.ok();
    assert_eq!(list.asked().len(), 1);
}

#[tokio::test]
async fn a_password_that_bcrypt_read_in_part_does_not_sign_in() {
    let backend = start().await;
    let body =
        json!({ "email_address": ["jane@example.com"], "password_digest": LONG_DIGEST, "password_hasher": "bcrypt" });
    backend.post("/v1/users", body).await.ok();
    let mut browser = backend.server.browser();
    let cut = browser.sign_in("jane@example.com", &"x".repeat(73)).await;
    assert_eq!((cut.refusal(), param(&cut)), (refused(422, "password_too_long_needs_reset"), "password".into()));
    let id = browser.identify("jane@example.com").await;
    let new = [("password", PASSWORD)];
    browser.sign_in_by_mail(&id, "reset_password_email_code", "jane@example.com", &new).await.ok();
    backend.server.browser().sign_in("jane@example.com", PASSWORD).await.ok();
}
