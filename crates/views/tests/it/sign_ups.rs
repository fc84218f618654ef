//! Sign-up attempts, step by step.

use crate::fixtures::{T0, World, code, filled_sign_up, prepared_sign_up};
use insta::assert_json_snapshot;
use std::slice::from_ref;
use verger_model::sign_up::SignUpStatus;
use verger_model::verification::VerificationStatus;
use verger_model::{Channel, Millis, Strategy};
use verger_views::sign_up;

#[test]
fn before_a_code_is_asked_for() {
    let world = World::development();
    assert_json_snapshot!(sign_up(world.lens(T0), &filled_sign_up(), &[]));
}

#[test]
fn after_a_code_was_sent() {
    let (world, (attempt, code)) = (World::development(), prepared_sign_up());
    assert_json_snapshot!(sign_up(world.lens(T0), &attempt, from_ref(&code)).verifications);
}

#[test]
fn a_complete_attempt() {
    let (world, (mut attempt, mut code)) = (World::development(), prepared_sign_up());
    (code.status, code.attempts) = (VerificationStatus::Verified, 1);
    attempt.email_verified = true;
    attempt.status = SignUpStatus::Complete;
    attempt.created_user_id = Some("user_1".parse().unwrap());
    attempt.created_session_id = Some("sess_1".parse().unwrap());
    assert_json_snapshot!(sign_up(world.lens(T0), &attempt, from_ref(&code)));
}

#[test]
fn a_code_that_ran_out_must_be_asked_for_again() {
    let (world, (attempt, code)) = (World::development(), prepared_sign_up());
    let shown = sign_up(world.lens(T0 + Millis::from_mins(10)), &attempt, from_ref(&code));
    let mail = shown.verifications.email_address.unwrap();
    assert_eq!((mail.verification.status.as_ref(), mail.next_action.as_ref()), ("expired", "needs_prepare"));
}

#[test]
fn the_code_of_a_replaced_address_is_not_shown() {
    let (world, (mut attempt, code)) = (World::development(), prepared_sign_up());
    attempt.set_email_address("other@example.com".into());
    let mail = sign_up(world.lens(T0), &attempt, from_ref(&code)).verifications.email_address.unwrap();
    assert_eq!((mail.verification.strategy, mail.next_action.as_ref()), (None, "needs_prepare"));
}

#[test]
fn a_proved_address_is_shown_as_proved_without_its_code() {
    let (world, mut attempt) = (World::development(), filled_sign_up());
    attempt.email_verified = true;
    let mail = sign_up(world.lens(T0), &attempt, &[]).verifications.email_address.unwrap();
    assert_eq!((mail.verification.status.as_ref(), mail.next_action.as_ref()), ("verified", ""));
}

#[test]
fn an_attempt_left_alone_is_abandoned() {
    let world = World::development();
    assert_eq!(sign_up(world.lens(T0 + Millis::from_days(1)), &filled_sign_up(), &[]).status, "abandoned");
}

#[test]
fn required_fields_follow_the_settings() {
    let world = World::with(
        r#"{"attributes": {"username": {"enabled": true, "required": true}, "last_name": {"enabled": false}}}"#,
    );
    let shown = sign_up(world.lens(T0), &filled_sign_up(), &[]);
    assert_eq!(shown.required_fields, ["email_address", "username", "password"]);
    assert_eq!(shown.optional_fields, ["first_name"]);
    assert_eq!(shown.missing_fields, ["username"]);
}

#[test]
fn a_number_is_proved_beside_the_address() {
    let (world, mut attempt) = (World::development(), filled_sign_up());
    attempt.set_phone_number(Some("+12015550100".into()));
    let unasked = sign_up(world.lens(T0), &attempt, &[]).verifications.phone_number.unwrap();
    assert_eq!((unasked.verification.strategy, unasked.next_action.as_ref()), (None, "needs_prepare"));
    let mut sent = code(Strategy::PhoneCode);
    sent.channel = Some(Channel::Whatsapp);
    attempt.phone_verification_id = Some(sent.id.clone());
    let asked = sign_up(world.lens(T0), &attempt, from_ref(&sent)).verifications.phone_number.unwrap();
    assert_eq!(
        (asked.verification.channel.as_deref(), asked.next_action.as_ref()),
        (Some("whatsapp"), "needs_attempt")
    );
    assert_eq!(asked.supported_strategies, ["phone_code"]);
}
