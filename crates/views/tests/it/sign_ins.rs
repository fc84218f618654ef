//! Sign-in attempts: who is named, which ways are open, and what a visitor learns.

use crate::fixtures::{T0, World, address, code, jane, named_sign_in};
use insta::assert_json_snapshot;
use verger_model::identification::IdentificationStatus;
use verger_model::sign_in::{SecondFactor, SignIn};
use verger_model::user::Profile;
use verger_model::verification::{Verification, VerificationStatus};
use verger_model::{Millis, Strategy};
use verger_views::{SignInParts, sign_in};
use verger_wire::FirstFactor;

fn factors(world: &World, attempt: &SignIn, profile: &Profile) -> Vec<FirstFactor> {
    let parts = SignInParts { sign_in: attempt, verification: None, second_verification: None, profile: Some(profile) };
    sign_in(world.lens(T0), &parts).supported_first_factors.unwrap()
}

fn strategies(factors: &[FirstFactor]) -> Vec<&str> {
    factors.iter().map(|it| it.strategy.as_ref()).collect()
}

#[test]
fn an_attempt_that_names_nobody() {
    let world = World::development();
    let attempt = SignIn::new("sia_1".parse().unwrap(), "client_1".parse().unwrap(), T0);
    assert_json_snapshot!(sign_in(
        world.lens(T0),
        &SignInParts { sign_in: &attempt, verification: None, second_verification: None, profile: None }
    ));
}

#[test]
fn an_attempt_that_waits_for_a_factor() {
    let (world, jane, attempt) = (World::development(), jane(), named_sign_in());
    let parts = SignInParts { sign_in: &attempt, verification: None, second_verification: None, profile: Some(&jane) };
    assert_json_snapshot!(sign_in(world.lens(T0), &parts));
}

#[test]
fn a_reset_step_by_step() {
    let (world, jane) = (World::development(), jane());
    let sent = code(Strategy::ResetPasswordEmailCode);
    let answered = Verification { status: VerificationStatus::Verified, attempts: 1, ..sent.clone() };
    let proved =
        named_sign_in().first_factor_verified(Strategy::ResetPasswordEmailCode, SecondFactor::NotAsked, T0).unwrap();
    let mut done = proved.clone().password_reset(SecondFactor::NotAsked, T0).unwrap();
    done.created_session_id = Some("sess_1".parse().unwrap());
    let show = |attempt: &SignIn, code| {
        let parts =
            SignInParts { sign_in: attempt, verification: Some(code), second_verification: None, profile: Some(&jane) };
        let shown = sign_in(world.lens(T0), &parts);
        (shown.status, shown.first_factor_verification, shown.created_session_id)
    };
    assert_json_snapshot!([show(&named_sign_in(), &sent), show(&proved, &answered), show(&done, &answered)]);
}

#[test]
fn each_strategy_has_its_kind_of_verification() {
    let world = World::development();
    let kinds: Vec<_> = Strategy::ALL
        .into_iter()
        .map(|strategy| verger_views::verification(world.lens(T0), &code(strategy)).object)
        .collect();
    assert_eq!(
        kinds,
        [
            "verification_password",
            "verification_otp",
            "verification_email_link",
            "verification_otp",
            "verification_otp",
            "verification_otp",
            "verification_passkey",
            "verification_ticket",
            "verification_totp",
            "verification_backup_code",
            "verification_admin"
        ]
    );
}

#[test]
fn a_code_past_its_time_has_expired() {
    let (world, attempt, code) = (World::development(), named_sign_in(), code(Strategy::EmailCode));
    let parts = SignInParts { sign_in: &attempt, verification: Some(&code), second_verification: None, profile: None };
    let shown = sign_in(world.lens(T0 + Millis::from_mins(10)), &parts);
    assert_eq!(shown.first_factor_verification.unwrap().status, "expired");
}

#[test]
fn a_user_without_a_password_cannot_give_or_reset_one() {
    let (world, mut jane) = (World::development(), jane());
    jane.user.password_last_updated_at = None;
    assert_eq!(strategies(&factors(&world, &named_sign_in(), &jane)), ["email_code"]);
}

#[test]
fn what_is_switched_off_is_not_offered() {
    let world = World::with(r#"{"sign_in": {"email_code": false}}"#);
    assert_eq!(strategies(&factors(&world, &named_sign_in(), &jane())), ["password", "reset_password_email_code"]);
    let world = World::with(r#"{"attributes": {"password": {"enabled": false}}}"#);
    assert_eq!(strategies(&factors(&world, &named_sign_in(), &jane())), ["email_code"]);
    let world = World::with(r#"{"attributes": {"email_address": {"enabled": false}, "username": {"enabled": true}}}"#);
    assert_eq!(strategies(&factors(&world, &named_sign_in(), &jane())), ["password"]);
}

#[test]
fn the_typed_address_comes_first_and_verbatim_and_others_are_masked() {
    let (world, mut jane) = (World::development(), jane());
    jane.identifications.push(address("idn_2", "work@company.org", IdentificationStatus::Reserved));
    jane.identifications.push(address("idn_3", "nobodys@example.com", IdentificationStatus::Unverified));
    let attempt = SignIn::new("sia_1".parse().unwrap(), "client_1".parse().unwrap(), T0)
        .identified("work@company.org".into(), "user_1".parse().unwrap());
    let codes: Vec<_> = factors(&world, &attempt, &jane)
        .into_iter()
        .filter(|it| it.strategy == "email_code")
        .map(|it| (it.email_address_id.unwrap(), it.safe_identifier.unwrap(), it.primary.unwrap()))
        .collect();
    assert_eq!(
        codes,
        [
            ("idn_2".to_owned(), "work@company.org".to_owned(), false),
            ("idn_1".to_owned(), "j***@e***.com".to_owned(), true)
        ]
    );
}

#[test]
fn a_username_does_not_tell_the_address() {
    let world = World::with(r#"{"attributes": {"username": {"enabled": true}}}"#);
    let mut jane = jane();
    jane.user.username = Some("jane".into());
    let attempt = SignIn::new("sia_1".parse().unwrap(), "client_1".parse().unwrap(), T0)
        .identified("jane".into(), "user_1".parse().unwrap());
    let parts = SignInParts { sign_in: &attempt, verification: None, second_verification: None, profile: Some(&jane) };
    let shown = serde_json::to_string(&sign_in(world.lens(T0), &parts)).unwrap();
    assert!(!shown.contains("jane@example.com") && shown.contains("j***@e***.com"));
}

#[test]
fn identifiers_follow_the_settings() {
    let world = World::with(r#"{"attributes": {"username": {"enabled": true}, "phone_number": {"enabled": true}}}"#);
    let attempt = named_sign_in();
    let shown = sign_in(
        world.lens(T0),
        &SignInParts { sign_in: &attempt, verification: None, second_verification: None, profile: None },
    );
    assert_eq!(shown.supported_identifiers, ["email_address", "phone_number", "username"]);
}
