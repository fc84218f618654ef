//! The environment under several settings.

use crate::fixtures::{T0, World};
use insta::assert_json_snapshot;
use verger_views::environment;

#[test]
fn a_new_development_instance() {
    let world = World::development();
    assert_json_snapshot!(environment(world.lens(T0)));
}

#[test]
fn a_production_instance() {
    let world = World::production();
    let shown = environment(world.lens(T0));
    assert!(!shown.auth_config.test_mode && !shown.auth_config.url_based_session_syncing);
    assert_json_snapshot!(shown.display_config);
}

#[test]
fn names_and_addresses_of_the_owner_replace_the_portals() {
    let world = World::with(
        r#"{"display": {
            "application_name": "The Shop",
            "home_url": "https://shop.example.com",
            "sign_in_url": "https://shop.example.com/login",
            "sign_up_url": "https://shop.example.com/join",
            "support_email": "help@example.com",
            "privacy_policy_url": "https://shop.example.com/privacy",
            "terms_url": "https://shop.example.com/terms"
        }}"#,
    );
    assert_json_snapshot!(environment(world.lens(T0)).display_config);
}

#[test]
fn sign_in_by_code_alone() {
    let world = World::with(r#"{"attributes": {"password": {"enabled": false}}}"#);
    let shown = environment(world.lens(T0));
    assert_eq!(shown.display_config.preferred_sign_in_strategy, "otp");
    assert_eq!(shown.auth_config.password, "off");
    assert_eq!(shown.auth_config.first_factors, ["email_code", "ticket"]);
    assert!(!shown.user_settings.attributes.password.enabled && !shown.user_settings.attributes.password.required);
}

#[test]
fn sign_in_by_username_and_password() {
    let world = World::with(
        r#"{
            "attributes": {
                "email_address": {"enabled": false},
                "username": {"enabled": true, "required": true},
                "phone_number": {"enabled": true}
            },
            "password": {"min_length": 12, "max_length": 200, "require_numbers": true},
            "sign_up": {"mode": "restricted"},
            "sessions": {"single_session": false},
            "attack_protection": {"lockout": {"max_attempts": 5, "duration_in_minutes": 15}},
            "actions": {"delete_self": false},
            "test_mode": false
        }"#,
    );
    let shown = environment(world.lens(T0));
    assert_json_snapshot!([
        serde_json::to_value(shown.auth_config).unwrap(),
        serde_json::to_value(shown.user_settings).unwrap()
    ]);
}

#[test]
fn what_is_written_is_read_back() {
    let world = World::development();
    let shown = environment(world.lens(T0));
    let text = serde_json::to_string(&shown).unwrap();
    assert_eq!(serde_json::from_str::<verger_wire::Environment>(&text).unwrap(), shown);
}
