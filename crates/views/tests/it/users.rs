//! Users, addresses and numbers.

use crate::fixtures::{T0, World, address, jane};
use insta::assert_json_snapshot;
use serde_json::json;
use verger_model::Millis;
use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus, Proof};
use verger_model::{Strategy, metadata::Metadata};
use verger_views::{bapi_user, email_address, phone_number, user};

#[test]
fn a_user_as_they_see_themselves() {
    let world = World::development();
    assert_json_snapshot!(user(world.lens(T0), &jane()));
}

#[test]
fn a_user_as_the_backend_sees_them() {
    let world = World::production();
    assert_json_snapshot!(bapi_user(world.lens(T0), &jane()));
}

#[test]
fn private_metadata_is_the_backends_alone() {
    let (world, mut jane) = (World::development(), jane());
    jane.user.private_metadata = Metadata::from_iter([("secret".to_owned(), json!("s3cr3t"))]);
    let shown = serde_json::to_string(&user(world.lens(T0), &jane)).unwrap();
    assert!(!shown.contains("s3cr3t") && !shown.contains("private_metadata"));
    assert_eq!(bapi_user(world.lens(T0), &jane).private_metadata["secret"], "s3cr3t");
}

#[test]
fn a_lock_shows_until_it_ends() {
    let (world, mut jane) = (World::development(), jane());
    jane.user.failed_attempts = 10;
    jane.user.locked_until = Some(T0 + Millis::from_mins(60));
    let locked = user(world.lens(T0), &jane);
    assert_eq!((locked.locked, locked.lockout_expires_in_seconds), (true, Some(3600)));
    assert_eq!(locked.verification_attempts_remaining, Some(0));
    let free = user(world.lens(T0 + Millis::from_mins(60)), &jane);
    assert_eq!((free.locked, free.lockout_expires_in_seconds), (false, None));
    assert_eq!(free.verification_attempts_remaining, Some(10));
}

#[test]
fn nothing_is_counted_where_nobody_is_locked_out() {
    let world = World::with(r#"{"attack_protection": {"lockout": {"enabled": false}}}"#);
    assert_eq!(user(world.lens(T0), &jane()).verification_attempts_remaining, None);
}

#[test]
fn the_backend_sees_the_day_of_the_last_activity() {
    let world = World::development();
    let shown = bapi_user(world.lens(T0), &jane()).user.last_active_at.unwrap();
    assert_eq!(shown % Millis::from_days(1).0, 0);
    assert!(shown <= T0.0 && T0.0 - shown < Millis::from_days(1).0);
    assert_eq!(user(world.lens(T0), &jane()).last_active_at, Some(T0.0));
}

#[test]
fn a_picture_is_an_address_of_ours_with_the_users_initials() {
    let picture = |world: &World, change: fn(&mut verger_model::user::User)| {
        let mut jane = jane();
        change(&mut jane.user);
        user(world.lens(T0), &jane).image_url
    };
    let dev = World::development();
    assert_eq!(picture(&dev, |_| {}), "http://localhost:4000/v1/avatars/user_1.svg?initials=JD");
    assert_eq!(picture(&World::production(), |_| {}), "https://clerk.example.com/v1/avatars/user_1.svg?initials=JD");
    let nameless = picture(&dev, |user| (user.first_name, user.last_name) = (None, None));
    assert_eq!(nameless, "http://localhost:4000/v1/avatars/user_1.svg?initials=J");
    let foreign = picture(&dev, |user| user.first_name = Some("&<Ольга".into()));
    assert_eq!(foreign, "http://localhost:4000/v1/avatars/user_1.svg?initials=%D0%9ED");
}

#[test]
fn an_address_shows_how_far_its_proof_got() {
    let world = World::development();
    let shown = |it: &Identification, now| email_address(world.lens(now), it, &[]);

    let verified = shown(&address("idn_1", "a@example.com", IdentificationStatus::Verified), T0 + Millis::from_days(9));
    assert_eq!(verified.verification.unwrap().status, "verified");

    let untouched = shown(&address("idn_1", "a@example.com", IdentificationStatus::Unverified), T0);
    assert_eq!(untouched.verification, None);

    let reserved = shown(&address("idn_1", "a@example.com", IdentificationStatus::Reserved), T0);
    assert!(reserved.reserved && reserved.verification.is_none());

    let mut tried = address("idn_1", "a@example.com", IdentificationStatus::Unverified);
    let expire_at = Some(T0 + Millis::from_mins(10));
    tried.proof = Some(Proof { strategy: Strategy::EmailCode, attempts: Some(2), expire_at });
    assert_eq!(shown(&tried, T0).verification.unwrap().status, "unverified");
    assert_eq!(shown(&tried, T0 + Millis::from_mins(10)).verification.unwrap().status, "expired");
}

#[test]
fn what_is_verified_without_a_record_is_the_backends_word() {
    let world = World::development();
    let mut vouched = address("idn_1", "a@example.com", IdentificationStatus::Verified);
    vouched.proof = None;
    let verification = email_address(world.lens(T0), &vouched, &[]).verification.unwrap();
    assert_eq!((verification.object.as_ref(), verification.status.as_ref()), ("verification_admin", "verified"));
}

#[test]
fn a_phone_number() {
    let world = World::development();
    let number = Identification {
        kind: IdentificationKind::PhoneNumber,
        proof: Some(Proof { strategy: Strategy::Admin, attempts: None, expire_at: None }),
        ..address("idn_2", "+15555550100", IdentificationStatus::Verified)
    };
    assert_json_snapshot!(phone_number(world.lens(T0), &number));
}

#[test]
fn what_is_written_is_read_back() {
    let world = World::development();
    let shown = bapi_user(world.lens(T0), &jane());
    let text = serde_json::to_string(&shown).unwrap();
    assert_eq!(serde_json::from_str::<verger_wire::BapiUser>(&text).unwrap(), shown);
}
