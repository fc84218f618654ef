//! Sessions.

use crate::fixtures::{T0, World, jane, parts, session};
use insta::assert_json_snapshot;
use verger_model::Millis;
use verger_views::{bapi_session, session as session_view, session_with_activity};

#[test]
fn a_session_for_the_browser_that_holds_it() {
    let (world, jane, session) = (World::development(), jane(), session("sess_1"));
    let mut shown = session_view(world.lens(T0 + Millis::from_mins(3)), &parts(&session, &jane));
    assert_eq!(shown.user.take().unwrap().id, "user_1");
    assert_json_snapshot!(shown);
}

#[test]
fn a_session_in_the_list_of_devices() {
    let (world, jane, session) = (World::development(), jane(), session("sess_1"));
    assert_json_snapshot!(session_with_activity(world.lens(T0), &parts(&session, &jane)));
}

#[test]
fn the_list_of_devices_gives_no_token_away() {
    let (world, jane, session) = (World::development(), jane(), session("sess_1"));
    let shown = serde_json::to_string(&session_with_activity(world.lens(T0), &parts(&session, &jane))).unwrap();
    assert!(!shown.contains("head.claims.signature"));
}

#[test]
fn a_session_for_the_backend() {
    let world = World::development();
    assert_json_snapshot!(bapi_session(world.lens(T0), &session("sess_1")));
}

#[test]
fn a_session_past_its_time_has_expired() {
    let (world, session) = (World::development(), session("sess_1"));
    let at = |now| bapi_session(world.lens(now), &session).status;
    assert_eq!(at(Millis(session.expire_at.0 - 1)), "active");
    assert_eq!(at(session.expire_at), "expired");
}

#[test]
fn devices_and_browsers_are_recognised() {
    let world = World::development();
    let read = |agent: &str| {
        let mut session = session("sess_1");
        session.activity.user_agent = Some(agent.to_owned());
        let it = bapi_session(world.lens(T0), &session).latest_activity.unwrap();
        (it.device_type.unwrap_or_default(), it.browser_name.unwrap_or_default(), it.is_mobile)
    };
    let owned = |device: &str, browser: &str, is_mobile| (device.to_owned(), browser.to_owned(), is_mobile);
    assert_eq!(
        read("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"),
        owned("Windows", "Firefox", false)
    );
    assert_eq!(
        read(
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
             Version/18.5 Mobile/15E148 Safari/604.1"
        ),
        owned("iPhone", "Safari", true)
    );
    assert_eq!(
        read(
            "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 \
             Mobile Safari/537.36"
        ),
        owned("Android", "Chrome", true)
    );
    assert_eq!(read("nothing that anybody knows"), owned("", "", false));
}
