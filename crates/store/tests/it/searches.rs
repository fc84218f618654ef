//! The list of users: each filter alone, each order both ways.

use crate::world::laws;

laws! {
    each_filter_narrows_the_list_and_the_count;
    each_order_runs_both_ways_and_what_is_missing_comes_last;
    pages_by_cursor_meet_every_user_once;
}

mod checks {
    use crate::world::{NOW, World, email, user};
    use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus};
    use verger_model::user::{Profile, User};
    use verger_model::{Millis, UserId};
    use verger_store::{IdFilter, UserFilter, UserOrder};

    fn ids(found: &[Profile]) -> Vec<&str> {
        found.iter().map(|it| it.user.id.as_str().trim_start_matches("user_")).collect()
    }

    /// `ann` has everything, `bob` other values, `cid` nothing at all.
    async fn three(world: &World) {
        let mut ann = user("user_ann");
        ann.username = Some("Annie".into());
        ann.first_name = Some("Ann".into());
        ann.last_name = Some("\u{c4}rger".into());
        ann.external_id = Some("e1".into());
        ann.banned = true;
        ann.last_active_at = Some(NOW + Millis(5));
        ann.last_sign_in_at = Some(NOW + Millis(50));
        let mut bob = user("user_bob");
        bob.username = Some("b_ob".into());
        bob.first_name = Some("bob".into());
        bob.last_name = Some("Ant".into());
        bob.external_id = Some("e2".into());
        bob.last_active_at = Some(NOW + Millis(6));
        bob.last_sign_in_at = Some(NOW + Millis(40));
        let mut cid = user("user_cid");
        (bob.created_at, cid.created_at) = (NOW + Millis(1), NOW + Millis(2));
        (ann.updated_at, bob.updated_at, cid.updated_at) = (NOW + Millis(9), NOW + Millis(7), NOW + Millis(8));
        let mut rows = Vec::new();
        for (who, mail, phone) in [(&mut ann, "z@x.test", "+15550001"), (&mut bob, "100%@x.test", "+15550002")] {
            let mail = email(&format!("idn_{}m", &who.id.as_str()[5..]), who, mail, IdentificationStatus::Verified);
            let phone = email(&format!("idn_{}p", &who.id.as_str()[5..]), who, phone, IdentificationStatus::Reserved);
            who.primary_email_address_id = Some(mail.id.clone());
            who.primary_phone_number_id = Some(phone.id.clone());
            rows.push(mail);
            rows.push(Identification { kind: IdentificationKind::PhoneNumber, ..phone });
        }
        let mut tx = world.store.write().await.unwrap();
        for who in [&ann, &bob, &cid] {
            tx.users().insert(&world.a, who).await.unwrap();
        }
        for it in &rows {
            tx.identifications().insert(&world.a, it).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn filters() -> Vec<(UserFilter, &'static [&'static str])> {
        let all = UserFilter::default;
        let at = |ms: i64| Some(NOW + Millis(ms));
        let some = |include: &[&str], exclude: &[&str]| IdFilter {
            include: include.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>(),
            exclude: exclude.iter().map(|it| (*it).to_owned()).collect(),
        };
        let users = |filter: IdFilter<String>| IdFilter {
            include: filter.include.iter().map(|it| it.parse().unwrap()).collect::<Vec<UserId>>(),
            exclude: filter.exclude.iter().map(|it| it.parse().unwrap()).collect(),
        };
        vec![
            (all(), &["ann", "bob", "cid"]),
            (UserFilter { email_addresses: vec!["Z@x.test".into(), "none@x.test".into()], ..all() }, &["ann"]),
            (UserFilter { phone_numbers: vec!["+15550002".into()], ..all() }, &["bob"]),
            (UserFilter { email_addresses: vec!["+15550002".into()], ..all() }, &[]),
            (UserFilter { usernames: vec!["ANNIE".into()], ..all() }, &["ann"]),
            (UserFilter { external_ids: some(&["e1", "e2"], &["e2"]), ..all() }, &["ann"]),
            (UserFilter { external_ids: some(&[], &["e1"]), ..all() }, &["bob", "cid"]),
            (UserFilter { user_ids: users(some(&["user_cid", "user_ann"], &[])), ..all() }, &["ann", "cid"]),
            (UserFilter { user_ids: users(some(&[], &["user_cid"])), ..all() }, &["ann", "bob"]),
            (UserFilter { query: text("ANNI"), ..all() }, &["ann"]),
            (UserFilter { query: text("an"), ..all() }, &["ann", "bob"]),
            (UserFilter { query: text("5550002"), ..all() }, &["bob"]),
            (UserFilter { query: text("x.TEST"), ..all() }, &["ann", "bob"]),
            (UserFilter { query: text("user_C"), ..all() }, &["cid"]),
            (UserFilter { query: text("bob ant"), ..all() }, &["bob"]),
            (UserFilter { email_address_query: text("%@"), ..all() }, &["bob"]),
            (UserFilter { email_address_query: text("555"), ..all() }, &[]),
            (UserFilter { phone_number_query: text("555000"), ..all() }, &["ann", "bob"]),
            (UserFilter { username_query: text("B_O"), ..all() }, &["bob"]),
            (UserFilter { username_query: text("n_i"), ..all() }, &[]),
            (UserFilter { name_query: text("\u{e4}RG"), ..all() }, &["ann"]),
            (UserFilter { name_query: text("\\"), ..all() }, &[]),
            (UserFilter { banned: Some(true), ..all() }, &["ann"]),
            (UserFilter { banned: Some(false), ..all() }, &["bob", "cid"]),
            (UserFilter { created_at_before: at(1), ..all() }, &["ann"]),
            (UserFilter { created_at_after: at(1), ..all() }, &["cid"]),
            (UserFilter { last_active_at_before: at(6), ..all() }, &["ann"]),
            (UserFilter { last_active_at_after: at(5), ..all() }, &["bob"]),
            (UserFilter { last_active_at_since: at(5), ..all() }, &["ann", "bob"]),
            (UserFilter { last_sign_in_at_before: at(50), ..all() }, &["bob"]),
            (UserFilter { last_sign_in_at_after: at(40), ..all() }, &["ann"]),
            (UserFilter { banned: Some(false), query: text("ann"), ..all() }, &[]),
        ]
    }

    pub(super) async fn each_filter_narrows_the_list_and_the_count(world: World) {
        three(&world).await;
        let mut reader = world.store.read().await.unwrap();
        for (filter, wanted) in filters() {
            let found = reader.users().list(&world.a, &filter).await.unwrap();
            assert_eq!(ids(&found), wanted, "{filter:?}");
            let count = reader.users().count(&world.a, &filter).await.unwrap();
            assert_eq!(usize::try_from(count).unwrap(), wanted.len(), "{filter:?}");
        }
        assert_eq!(reader.users().count(&world.b, &UserFilter::default()).await.unwrap(), 0);
        let asked: Vec<UserId> = ["user_cid", "user_none", "user_ann"].map(|id| id.parse().unwrap()).into();
        let profiles = reader.users().profiles(&world.a, &asked).await.unwrap();
        assert_eq!(ids(&profiles), ["cid", "ann"]);
        assert_eq!(profiles[1].primary_phone_number().map(|it| it.value.as_str()), Some("+15550001"));
        assert_eq!(reader.users().profile(&world.a, &asked[2]).await.unwrap().as_ref(), Some(&profiles[1]));
        assert!(reader.users().profiles(&world.b, &asked).await.unwrap().is_empty());
    }

    pub(super) async fn each_order_runs_both_ways_and_what_is_missing_comes_last(world: World) {
        three(&world).await;
        let orders = [
            (UserOrder::CreatedAt, ["ann", "bob", "cid"], ["cid", "bob", "ann"]),
            (UserOrder::UpdatedAt, ["bob", "cid", "ann"], ["ann", "cid", "bob"]),
            (UserOrder::EmailAddress, ["bob", "ann", "cid"], ["ann", "bob", "cid"]),
            (UserOrder::PhoneNumber, ["ann", "bob", "cid"], ["bob", "ann", "cid"]),
            (UserOrder::FirstName, ["ann", "bob", "cid"], ["bob", "ann", "cid"]),
            // By bytes, whatever the locale: an umlaut comes behind all of ASCII.
            (UserOrder::LastName, ["bob", "ann", "cid"], ["ann", "bob", "cid"]),
            (UserOrder::Username, ["ann", "bob", "cid"], ["bob", "ann", "cid"]),
            (UserOrder::LastActiveAt, ["ann", "bob", "cid"], ["bob", "ann", "cid"]),
            (UserOrder::LastSignInAt, ["bob", "ann", "cid"], ["ann", "bob", "cid"]),
        ];
        let mut reader = world.store.read().await.unwrap();
        for (order, up, down) in orders {
            for (descending, wanted) in [(false, up), (true, down)] {
                let filter = UserFilter { order, descending, ..UserFilter::default() };
                let found = reader.users().list(&world.a, &filter).await.unwrap();
                assert_eq!(ids(&found), wanted, "{filter:?}");
            }
        }
    }

    pub(super) async fn pages_by_cursor_meet_every_user_once(world: World) {
        let mut tx = world.store.write().await.unwrap();
        for index in 0..7 {
            // Several of one millisecond: the id breaks the tie.
            let who = User { created_at: NOW + Millis(index / 3), ..user(&format!("user_{index}")) };
            tx.users().insert(&world.a, &who).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut reader = world.store.read().await.unwrap();
        for descending in [false, true] {
            let mut filter = UserFilter { descending, limit: Some(2), ..UserFilter::default() };
            let mut met = Vec::new();
            loop {
                let page = reader.users().list(&world.a, &filter).await.unwrap();
                let Some(last) = page.last() else { break };
                filter.starting_after = Some(last.user.id.clone());
                met.extend(page.into_iter().map(|it| it.user.id));
            }
            assert_eq!(met.len(), 7);
            assert!(met.is_sorted_by(|a, b| if descending { a > b } else { a < b }), "{met:?}");
        }
    }
}
