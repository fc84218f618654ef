//! Users, what they are known by, and their passwords.

use crate::world::laws;

laws! {
    a_user_comes_back_as_it_was_put;
    a_lost_update_is_stale;
    one_value_has_one_owner;
    a_deleted_user_takes_everything_along;
    a_password_that_must_be_set_anew_is_marked_apart;
    users_are_found_filtered_and_in_order;
}

mod checks {
    use crate::world::{NOW, World, client, email, session, user};
    use verger_model::identification::{IdentificationKind, IdentificationStatus};
    use verger_model::metadata::Metadata;
    use verger_model::{Millis, Secret};
    use verger_store::{StoreError, StoredPassword, UserFilter, UserOrder};

    pub(super) async fn a_user_comes_back_as_it_was_put(world: World) {
        let mut jane = user("user_jane");
        jane.username = Some("Jane_Doe".into());
        jane.external_id = Some("42".into());
        jane.public_metadata = Metadata::from_iter([("plan".to_owned(), serde_json::json!({"tier": ["a", 1, null]}))]);
        jane.locked_until = Some(NOW);
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = world.store.read().await.unwrap();
        assert_eq!(reader.users().get(&world.a, &jane.id).await.unwrap().as_ref(), Some(&jane));
        assert_eq!(reader.users().by_username(&world.a, "jane_doe").await.unwrap().as_ref(), Some(&jane));
        assert_eq!(reader.users().by_external_id(&world.a, "42").await.unwrap().as_ref(), Some(&jane));
    }

    pub(super) async fn a_lost_update_is_stale(world: World) {
        let mut jane = user("user_jane");
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        jane.first_name = Some("Jane".into());
        tx.users().update(&world.a, &jane).await.unwrap();
        let late = tx.users().update(&world.a, &jane).await;
        assert!(matches!(late, Err(StoreError::Stale)), "{late:?}");
        let stored = tx.users().get_for_update(&world.a, &jane.id).await.unwrap().unwrap();
        assert_eq!((stored.version, stored.first_name.as_deref()), (2, Some("Jane")));
    }

    pub(super) async fn one_value_has_one_owner(world: World) {
        let (jane, eve) = (user("user_jane"), user("user_eve"));
        let mut tx = world.store.write().await.unwrap();
        for who in [&jane, &eve] {
            tx.users().insert(&world.a, who).await.unwrap();
        }
        let address = "jane@example.com";
        let hers = email("idn_1", &jane, address, IdentificationStatus::Verified);
        tx.identifications().insert(&world.a, &hers).await.unwrap();
        // Anybody may claim without proof; nobody may prove what is proved.
        let claim = email("idn_2", &eve, address, IdentificationStatus::Unverified);
        tx.identifications().insert(&world.a, &claim).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = world.store.write().await.unwrap();
        let stolen = email("idn_3", &eve, address, IdentificationStatus::Reserved);
        let refused = tx.identifications().insert(&world.a, &stolen).await;
        assert!(matches!(refused, Err(StoreError::Conflict { .. })), "{refused:?}");
        drop(tx);
        let mut reader = world.store.read().await.unwrap();
        let owner =
            reader.identifications().claimed(&world.a, IdentificationKind::EmailAddress, address).await.unwrap();
        assert_eq!(owner.map(|it| it.id), Some(hers.id));
    }

    pub(super) async fn a_deleted_user_takes_everything_along(world: World) {
        let (jane, browser) = (user("user_jane"), client("client_1"));
        let signed_in = session("sess_1", &browser, &jane);
        let password = StoredPassword { hasher: "argon2id".into(), digest: Secret::from("digest") };
        let address = email("idn_1", &jane, "jane@example.com", IdentificationStatus::Verified);
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        tx.clients().insert(&world.a, &browser).await.unwrap();
        tx.sessions().insert(&world.a, &signed_in).await.unwrap();
        tx.identifications().insert(&world.a, &address).await.unwrap();
        tx.passwords().put(&world.a, &jane.id, &password, NOW).await.unwrap();
        assert!(tx.passwords().get(&world.a, &jane.id).await.unwrap().is_some());
        assert!(tx.users().delete(&world.a, &jane.id).await.unwrap());
        assert!(!tx.users().delete(&world.a, &jane.id).await.unwrap());
        tx.commit().await.unwrap();
        let mut reader = world.store.read().await.unwrap();
        assert_eq!(reader.sessions().get(&world.a, &signed_in.id).await.unwrap(), None);
        assert_eq!(reader.identifications().get(&world.a, &address.id).await.unwrap(), None);
        assert!(reader.passwords().get(&world.a, &jane.id).await.unwrap().is_none());
    }

    pub(super) async fn a_password_that_must_be_set_anew_is_marked_apart(world: World) {
        let mut jane = user("user_jane");
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        tx.users().require_password_reset(&world.a, &jane.id, true).await.unwrap();
        // Whoever writes the rest of the user leaves the mark alone.
        jane.first_name = Some("Jane".into());
        tx.users().update(&world.a, &jane).await.unwrap();
        let foreign = tx.users().require_password_reset(&world.b, &jane.id, false).await;
        assert!(matches!(foreign, Err(StoreError::Stale)), "{foreign:?}");
        tx.commit().await.unwrap();
        let found = world.store.read().await.unwrap().users().get(&world.a, &jane.id).await.unwrap();
        assert_eq!(found.map(|it| (it.requires_password_reset, it.first_name)), Some((true, Some("Jane".into()))));
    }

    pub(super) async fn users_are_found_filtered_and_in_order(world: World) {
        let names = [("user_1", "Zoe"), ("user_2", "ada"), ("user_3", "Bob_x"), ("user_4", "bobXx")];
        let mut tx = world.store.write().await.unwrap();
        for (index, (id, name)) in names.into_iter().enumerate() {
            let mut it = user(id);
            it.first_name = Some(name.to_owned());
            it.created_at = NOW + Millis(i64::try_from(index / 2).unwrap());
            tx.users().insert(&world.a, &it).await.unwrap();
            let address = format!("{}@example.com", name.to_lowercase());
            let address = email(&format!("idn_{index}"), &it, &address, IdentificationStatus::Verified);
            tx.identifications().insert(&world.a, &address).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut reader = world.store.read().await.unwrap();
        let ids = |found: Vec<verger_model::user::Profile>| {
            found.into_iter().map(|it| it.user.id.as_str().to_owned()).collect::<Vec<_>>()
        };
        let newest = UserFilter { order: UserOrder::CreatedAt, descending: true, ..UserFilter::default() };
        let all = reader.users().list(&world.a, &newest).await.unwrap();
        assert_eq!(ids(all), ["user_4", "user_3", "user_2", "user_1"]);
        let second = UserFilter { limit: Some(2), offset: 2, ..newest.clone() };
        assert_eq!(ids(reader.users().list(&world.a, &second).await.unwrap()), ["user_2", "user_1"]);
        assert_eq!(reader.users().count(&world.a, &second).await.unwrap(), 4);
        let after = UserFilter { starting_after: Some("user_3".parse().unwrap()), ..newest.clone() };
        assert_eq!(ids(reader.users().list(&world.a, &after).await.unwrap()), ["user_2", "user_1"]);
        // An underscore is a letter here, not a wildcard, and case does not matter.
        let literal = UserFilter { name_query: Some("BOB_".into()), ..newest.clone() };
        assert_eq!(ids(reader.users().list(&world.a, &literal).await.unwrap()), ["user_3"]);
        let exact = UserFilter { email_addresses: vec!["ada@example.com".into()], ..newest };
        assert_eq!(ids(reader.users().list(&world.a, &exact).await.unwrap()), ["user_2"]);
    }
}
