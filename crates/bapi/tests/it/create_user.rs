//! `POST /users`.

use crate::{is_null, param, refused, start, user};
use serde_json::json;
use verger_testkit::{FakeClock, PASSWORD};

#[tokio::test]
async fn a_user_is_made_of_everything_that_was_given() {
    let backend = start().await;
    let root = backend.server.development();
    backend.server.settings(&root, |settings| settings.attributes.username.enabled = true).await;
    let body = json!({
        "external_id": "customer-1", "first_name": "Jane", "last_name": "Doe", "locale": "de-AT",
        "email_address": ["Jane@Example.com", "jane@work.example"],
        "email_address_identification_status": ["verified", "reserved"],
        "phone_number": ["+1 555 555 0100"], "username": "Jane_Doe", "password": PASSWORD,
        "public_metadata": { "plan": "free" }, "private_metadata": { "stripe": "cus_1" }, "unsafe_metadata": { "theme": 1 },
        "delete_self_enabled": false, "create_organization_enabled": false, "create_organizations_limit": 3,
        "legal_accepted_at": "2012-10-20T07:15:20.902Z", "created_at": "2012-10-20T09:15:20.902+02:00",
        "bypass_client_trust": true, "skip_legal_checks": true,
        "web3_wallet": [], "backup_codes": null, "totp_secret": null,
    });
    let answer = backend.post("/v1/users", body).await.ok();
    let first = answer.at("/email_addresses/0");
    assert_eq!(first["email_address"], "jane@example.com");
    assert_eq!(
        (&first["verification"]["status"], &first["verification"]["strategy"]),
        (&json!("verified"), &json!("admin"))
    );
    assert_eq!(answer.at("/primary_email_address_id"), first["id"]);
    assert_eq!(answer.at("/email_addresses/1/reserved"), json!(true));
    assert_eq!(answer.text("/phone_numbers/0/phone_number"), "+15555550100");
    assert_eq!(answer.at("/primary_phone_number_id"), answer.at("/phone_numbers/0/id"));
    for (pointer, expected) in [
        ("/object", json!("user")),
        ("/external_id", json!("customer-1")),
        ("/first_name", json!("Jane")),
        ("/last_name", json!("Doe")),
        ("/locale", json!("de-AT")),
        ("/username", json!("Jane_Doe")),
        ("/password_enabled", json!(true)),
        ("/public_metadata", json!({ "plan": "free" })),
        ("/private_metadata", json!({ "stripe": "cus_1" })),
        ("/unsafe_metadata", json!({ "theme": 1 })),
        ("/delete_self_enabled", json!(false)),
        ("/create_organization_enabled", json!(false)),
        ("/create_organizations_limit", json!(3)),
        ("/legal_accepted_at", json!(1_350_717_320_902_i64)),
        ("/created_at", json!(1_350_717_320_902_i64)),
        ("/updated_at", json!(FakeClock::START.0)),
        ("/bypass_client_trust", json!(true)),
        ("/banned", json!(false)),
        ("/locked", json!(false)),
    ] {
        assert_eq!(answer.at(pointer), expected, "{pointer}");
    }
    let read = backend.get(&format!("/v1/users/{}", answer.text("/id"))).await.ok();
    assert_eq!(read.json(), answer.json());
}

#[tokio::test]
async fn what_the_instance_requires_is_named() {
    let backend = start().await;
    let answer = backend.post("/v1/users", json!({})).await;
    assert_eq!(answer.refusal(), refused(422, "form_data_missing"));
    assert_eq!(answer.at("/errors/0/meta/param_names"), json!(["email_address", "password"]));
    let skipped = json!({ "skip_password_requirement": true, "skip_user_requirement": true });
    let bare = backend.post("/v1/users", skipped).await.ok();
    assert!(is_null(&bare.at("/primary_email_address_id")));
    assert_eq!(bare.at("/password_enabled"), json!(false));
}

#[tokio::test]
async fn a_taken_identifier_is_refused_by_name() {
    let backend = start().await;
    let root = backend.server.development();
    backend.server.settings(&root, |settings| settings.attributes.username.enabled = true).await;
    let first = json!({
        "email_address": ["jane@example.com"], "phone_number": ["+15555550100"], "username": "jane_doe",
        "external_id": "customer-1", "password": PASSWORD,
    });
    backend.post("/v1/users", first).await.ok();
    for (taken, name) in [
        (json!({ "email_address": ["JANE@example.com"] }), "email_address"),
        (json!({ "email_address": ["new@example.com"], "phone_number": ["+1 (555) 555-0100"] }), "phone_number"),
        (json!({ "email_address": ["new@example.com"], "username": "JANE_DOE" }), "username"),
        (json!({ "email_address": ["new@example.com"], "external_id": "customer-1" }), "external_id"),
        (json!({ "email_address": ["twin@example.com", "twin@example.com"] }), "email_address"),
    ] {
        let mut body = taken;
        body["password"] = json!(PASSWORD);
        let answer = backend.post("/v1/users", body).await;
        assert_eq!(answer.refusal(), refused(422, "form_identifier_exists"), "{name}");
        assert_eq!(param(&answer), name);
    }
    assert_eq!(backend.get("/v1/users/count").await.ok().at("/total_count"), json!(1));
}

#[tokio::test]
async fn values_that_are_none_are_refused_by_name() {
    let backend = start().await;
    for (name, value, code) in [
        ("email_address", json!(["jane"]), "form_param_format_invalid"),
        ("phone_number", json!(["5550100"]), "form_param_format_invalid"),
        ("username", json!("a b c d"), "form_username_invalid_character"),
        ("username", json!("abc"), "form_username_invalid_length"),
        ("created_at", json!("yesterday"), "form_param_invalid_time"),
        ("created_at", json!(1_350_717_320_902_i64), "form_param_type_invalid"),
        ("created_at", json!("2126-01-01T00:00:00Z"), "form_param_value_invalid"),
        ("legal_accepted_at", json!("2012"), "form_param_invalid_time"),
        ("create_organizations_limit", json!(-1), "form_param_value_invalid"),
        ("create_organizations_limit", json!("3"), "form_param_type_invalid"),
        ("delete_self_enabled", json!("yes"), "form_param_type_invalid"),
        ("email_address_identification_status", json!(["verified", "verified"]), "form_param_array_length_mismatch"),
        ("email_address_identification_status", json!(["sure"]), "form_param_value_invalid"),
        ("email_address", json!(vec!["jane@example.com"; 101]), "form_param_array_size_exceeded"),
        ("first_name", json!("Ja\u{0}ne"), "form_param_value_invalid"),
        ("web3_wallet", json!(["0x1"]), "form_param_unknown"),
        ("totp_secret", json!("JBSWY3DP"), "invalid_totp_secret_code"),
        ("backup_codes", json!(["1"]), "form_param_value_invalid"),
        ("public_metadata", json!({ "k": "x".repeat(8 * 1024) }), "form_param_exceeds_allowed_size"),
        ("password", json!("short"), "form_password_length_too_short"),
    ] {
        let mut body = json!({ "email_address": ["jane@example.com"], "password": PASSWORD });
        body[name] = value;
        let answer = backend.post("/v1/users", body).await;
        assert_eq!(answer.refusal(), refused(422, code), "{name}");
        assert_eq!(param(&answer), name);
    }
    assert_eq!(backend.get("/v1/users/count").await.ok().at("/total_count"), json!(0));
}

#[tokio::test]
async fn a_password_that_breaks_the_rules_is_taken_when_checks_are_skipped() {
    let backend = start().await;
    let body = json!({ "email_address": ["jane@example.com"], "password": "short", "skip_password_checks": true });
    assert_eq!(backend.post("/v1/users", body).await.ok().at("/password_enabled"), json!(true));
}

#[tokio::test]
async fn a_user_can_be_born_banned_or_locked() {
    let backend = start().await;
    for (word, email) in [("banned", "ban@example.com"), ("locked", "lock@example.com")] {
        let mut body = json!({ "email_address": [email], "password": PASSWORD });
        body[word] = json!(true);
        let made = backend.post("/v1/users", body).await.ok();
        assert_eq!(made.at(&format!("/{word}")), json!(true));
        let sign_in = backend.server.browser().open().await.sign_in(email, PASSWORD).await;
        assert_eq!(sign_in.refusal(), refused(403, &format!("user_{word}")));
    }
}

#[tokio::test]
async fn nobody_is_written_to_when_a_user_is_made() {
    let backend = start().await;
    user(&backend, "jane@example.com").await;
    assert!(backend.server.mails(&backend.server.development(), "jane@example.com").await.is_empty());
}
