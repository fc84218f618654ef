//! Errors, tickets, development browsers, discovery.

use crate::fixtures::{T0, World};
use insta::assert_json_snapshot;
use verger_model::dev_browser::DevBrowser;
use verger_model::ticket::{SignInToken, TicketStatus};
use verger_model::{Code, Refusal};
use verger_views::{deleted, dev_browser, errors, openid_configuration, sign_in_token, testing_token};

fn sit() -> SignInToken {
    SignInToken {
        id: "sit_1".parse().unwrap(),
        instance_id: "ins_2abc".parse().unwrap(),
        user_id: "user_1".parse().unwrap(),
        status: TicketStatus::Pending,
        expire_at: T0,
        created_at: T0,
        updated_at: T0,
    }
}

#[test]
fn errors_are_answered_together() {
    let refusal = Refusal::param(Code::FormPasswordLengthTooShort, "password")
        .saying("The password needs 8 characters.")
        .and(Refusal::param(Code::FormIdentifierExists, "email_address"));
    assert_json_snapshot!(errors(&refusal, "trace"));
}

#[test]
fn an_error_without_a_field_has_an_empty_meta() {
    let body = serde_json::to_value(errors(&Code::ServiceUnavailable.into(), "trace")).unwrap();
    assert_eq!(body["errors"][0]["meta"], serde_json::json!({}));
    assert_eq!(body["errors"][0]["long_message"], body["errors"][0]["message"]);
}

#[test]
fn a_sign_in_token_shows_its_ticket_once() {
    let world = World::development();
    assert_json_snapshot!([
        sign_in_token(world.lens(T0), &sit(), Some("head.claims.signature")),
        sign_in_token(world.lens(T0), &sit(), None)
    ]);
}

#[test]
fn a_ticket_leads_to_the_applications_own_sign_in_page() {
    let world = World::with(r#"{"display": {"sign_in_url": "https://shop.example.com/login?lang=de"}}"#);
    let url = sign_in_token(world.lens(T0), &sit(), Some("a.b.c")).url.unwrap();
    assert_eq!(url, "https://shop.example.com/login?lang=de&__clerk_ticket=a.b.c");
}

#[test]
fn a_testing_token_ends_in_seconds() {
    assert_eq!(testing_token("token".into(), T0).expires_at, T0.secs());
}

#[test]
fn the_id_of_a_development_browser_is_its_token() {
    let world = World::development();
    let browser = DevBrowser {
        id: "dvb_1".parse().unwrap(),
        token_hash: "hash of the token".into(),
        client_id: None,
        home_origin: Some("http://localhost:3000".into()),
        created_at: T0,
        updated_at: T0,
    };
    assert_json_snapshot!(dev_browser(world.lens(T0), &browser, "dvb_token"));
}

#[test]
fn discovery_names_addresses_of_this_server() {
    let world = World::production();
    assert_json_snapshot!(openid_configuration(world.lens(T0)));
}

#[test]
fn what_is_deleted_leaves_its_id() {
    let body = serde_json::to_string(&deleted("user", "user_1")).unwrap();
    assert_eq!(body, r#"{"object":"user","id":"user_1","deleted":true}"#);
}
