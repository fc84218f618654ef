//! Clients: a new visitor's, one in the middle of things, and one that is signed in.

use crate::fixtures::{T0, World, client, filled_sign_up, jane, named_sign_in, parts, session};
use insta::assert_json_snapshot;
use verger_model::client::COOKIE_LIFETIME;
use verger_model::session::SessionStatus;
use verger_model::sign_in::SecondFactor;
use verger_model::sign_in::SignIn;
use verger_model::sign_up::{SignUp, SignUpStatus};
use verger_model::{Millis, Strategy};
use verger_views::{SignInParts, bapi_client, client as client_view, sign_in, sign_up};
use verger_wire::Envelope;

#[test]
fn a_visitor_who_is_new_has_no_client() {
    let nobody = Envelope::<Option<verger_wire::Client>> { response: None, client: None };
    assert_eq!(serde_json::to_string(&nobody).unwrap(), r#"{"response":null,"client":null}"#);
}

#[test]
fn a_client_on_which_nothing_happened() {
    let world = World::development();
    assert_json_snapshot!(client_view(world.lens(T0), &client(), &[], None, None));
}

#[test]
fn a_client_in_the_middle_of_a_sign_up() {
    let world = World::development();
    let attempt = sign_up(world.lens(T0), &filled_sign_up(), &[]);
    let shown = client_view(world.lens(T0), &client(), &[], None, Some(attempt.clone()));
    assert_eq!(shown.sign_up, Some(attempt));
}

#[test]
fn a_client_that_is_signed_in() {
    let (world, jane, session, mut client) = (World::development(), jane(), session("sess_1"), client());
    client.last_active_session_id = Some(session.id.clone());
    client.last_authentication_strategy = Some(Strategy::Password);
    let shown = client_view(world.lens(T0), &client, &[parts(&session, &jane)], None, None);
    assert_json_snapshot!(shown);
}

#[test]
fn only_live_sessions_are_listed() {
    let (world, jane, mut client) = (World::development(), jane(), client());
    let (live, mut ended) = (session("sess_1"), session("sess_2"));
    ended.status = SessionStatus::Ended;
    client.last_active_session_id = Some(ended.id.clone());
    let both = [parts(&live, &jane), parts(&ended, &jane)];

    let shown = client_view(world.lens(T0), &client, &both, None, None);
    assert_eq!(shown.sessions.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["sess_1"]);
    assert_eq!(shown.last_active_session_id, None);

    let later = client_view(world.lens(live.expire_at), &client, &both, None, None);
    assert!(later.sessions.is_empty());
}

#[test]
fn attempts_that_are_over_are_not_shown() {
    let world = World::development();
    let mut done = filled_sign_up();
    done.status = SignUpStatus::Complete;
    let done_in = named_sign_in().first_factor_verified(Strategy::Password, SecondFactor::NotAsked, T0).unwrap();
    let show = |now, sign_up_attempt: &SignUp, sign_in_attempt: &SignIn| {
        let lens = world.lens(now);
        let sign_in = sign_in(
            lens,
            &SignInParts { sign_in: sign_in_attempt, verification: None, second_verification: None, profile: None },
        );
        client_view(lens, &client(), &[], Some(sign_in), Some(sign_up(lens, sign_up_attempt, &[])))
    };
    let complete = show(T0, &done, &done_in);
    assert_eq!((complete.sign_in, complete.sign_up), (None, None));

    let open = show(T0, &filled_sign_up(), &named_sign_in());
    assert!(open.sign_in.is_some() && open.sign_up.is_some());
    let abandoned = show(T0 + Millis::from_days(1), &filled_sign_up(), &named_sign_in());
    assert_eq!((abandoned.sign_in, abandoned.sign_up), (None, None));
}

#[test]
fn a_cookie_has_an_end_in_production_only() {
    let end = |world: &World| client_view(world.lens(T0), &client(), &[], None, None).cookie_expires_at;
    assert_eq!(end(&World::development()), None);
    assert_eq!(end(&World::production()), Some((T0 + COOKIE_LIFETIME).0));
}

#[test]
fn no_view_shows_the_rotating_token() {
    let world = World::production();
    let front = serde_json::to_string(&client_view(world.lens(T0), &client(), &[], None, None)).unwrap();
    let back = serde_json::to_string(&bapi_client(world.lens(T0), &client(), &[])).unwrap();
    assert!(!front.contains("hash of") && !back.contains("hash of"));
}

#[test]
fn the_backend_sees_every_session_that_did_not_leave() {
    let world = World::development();
    let sessions = [SessionStatus::Active, SessionStatus::Ended, SessionStatus::Removed, SessionStatus::Revoked];
    let sessions: Vec<_> = sessions
        .into_iter()
        .enumerate()
        .map(|(n, status)| {
            let mut session = session(&format!("sess_{n}"));
            session.status = status;
            session
        })
        .collect();
    let shown = bapi_client(world.lens(T0), &client(), &sessions);
    assert_eq!(shown.session_ids, ["sess_0", "sess_1"]);
    assert_json_snapshot!(shown);
}

#[test]
fn what_is_written_is_read_back() {
    let (world, jane, session) = (World::development(), jane(), session("sess_1"));
    let (sign_in_attempt, sign_up_attempt) = (named_sign_in(), filled_sign_up());
    let lens = world.lens(T0);
    let in_parts =
        SignInParts { sign_in: &sign_in_attempt, verification: None, second_verification: None, profile: Some(&jane) };
    let shown = client_view(
        lens,
        &client(),
        &[parts(&session, &jane)],
        Some(sign_in(lens, &in_parts)),
        Some(sign_up(lens, &sign_up_attempt, &[])),
    );
    let text = serde_json::to_string(&shown).unwrap();
    assert_eq!(serde_json::from_str::<verger_wire::Client>(&text).unwrap(), shown);
}
