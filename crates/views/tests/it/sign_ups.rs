//! Sign-up attempts, step by step.

use crate::fixtures::{T0, World, filled_sign_up, prepared_sign_up};
use insta::assert_json_snapshot;
use verger_model::Millis;
use verger_model::sign_up::SignUpStatus;
use verger_model::verification::VerificationStatus;
use verger_views::sign_up;

#[test]
fn before_a_code_is_asked_for() {
    let world = World::development();
    assert_json_snapshot!(sign_up(world.lens(T0), &filled_sign_up(), None, None));
}

#[test]
fn after_a_code_was_sent() {
    let (world, (attempt, code)) = (World::development(), prepared_sign_up());
    assert_json_snapshot!(sign_up(world.lens(T0), &attempt, Some(&code), None).verifications);
}

#[test]
fn a_complete_attempt() {
    let (world, (mut attempt, mut code)) = (World::development(), prepared_sign_up());
    (code.status, code.attempts) = (VerificationStatus::Verified, 1);
    attempt.email_verified = true;
    attempt.status = SignUpStatus::Complete;
    attempt.created_user_id = Some("user_1".parse().unwrap());
    attempt.created_session_id = Some("sess_1".parse().unwrap());
    assert_json_snapshot!(sign_up(world.lens(T0), &attempt, Some(&code), None));
}

#[test]
fn a_code_that_ran_out_must_be_asked_for_again() {
    let (world, (attempt, code)) = (World::development(), prepared_sign_up());
    let shown = sign_up(world.lens(T0 + Millis::from_mins(10)), &attempt, Some(&code), None);
    let mail = shown.verifications.email_address.unwrap();
    assert_eq!((mail.verification.status.as_ref(), mail.next_action.as_ref()), ("expired", "needs_prepare"));
}

#[test]
fn the_code_of_a_replaced_address_is_not_shown() {
    let (world, (mut attempt, code)) = (World::development(), prepared_sign_up());
    attempt.set_email_address("other@example.com".into());
    let mail = sign_up(world.lens(T0), &attempt, Some(&code), None).verifications.email_address.unwrap();
    assert_eq!((mail.verification.strategy, mail.next_action.as_ref()), (None, "needs_prepare"));
}

#[test]
fn a_proved_address_is_shown_as_proved_without_its_code() {
    let (world, mut attempt) = (World::development(), filled_sign_up());
    attempt.email_verified = true;
    let mail = sign_up(world.lens(T0), &attempt, None, None).verifications.email_address.unwrap();
    assert_eq!((mail.verification.status.as_ref(), mail.next_action.as_ref()), ("verified", ""));
}

#[test]
fn an_attempt_left_alone_is_abandoned() {
    let world = World::development();
    assert_eq!(sign_up(world.lens(T0 + Millis::from_days(1)), &filled_sign_up(), None, None).status, "abandoned");
}

#[test]
fn required_fields_follow_the_settings() {
    let world = World::with(
        r#"{"attributes": {"username": {"enabled": true, "required": true}, "last_name": {"enabled": false}}}"#,
    );
    let shown = sign_up(world.lens(T0), &filled_sign_up(), None, None);
    assert_eq!(shown.required_fields, ["email_address", "username", "password"]);
    assert_eq!(shown.optional_fields, ["first_name"]);
    assert_eq!(shown.missing_fields, ["username"]);
}
