//! Instances and the law of tenants: another instance sees nothing.

use crate::world::laws;

laws! {
    another_instance_sees_nothing;
    an_instance_is_found_by_its_names;
    sessions_are_listed_and_stamped;
}

mod checks {
    use crate::world::{NOW, World, client, email, instance, session, user};
    use verger_model::Millis;
    use verger_model::identification::{IdentificationKind, IdentificationStatus};
    use verger_store::{SessionFilter, StoreError, UserFilter};

    pub(super) async fn another_instance_sees_nothing(world: World) {
        let (jane, browser) = (user("user_jane"), client("client_1"));
        let signed_in = session("sess_1", &browser, &jane);
        let address = email("idn_1", &jane, "jane@example.com", IdentificationStatus::Verified);
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        tx.clients().insert(&world.a, &browser).await.unwrap();
        tx.sessions().insert(&world.a, &signed_in).await.unwrap();
        tx.identifications().insert(&world.a, &address).await.unwrap();
        tx.commit().await.unwrap();

        let mut reader = world.store.read().await.unwrap();
        let kind = IdentificationKind::EmailAddress;
        assert!(reader.users().get(&world.b, &jane.id).await.unwrap().is_none());
        assert!(reader.users().list(&world.b, &UserFilter::default()).await.unwrap().is_empty());
        assert!(reader.clients().get(&world.b, &browser.id).await.unwrap().is_none());
        assert!(reader.sessions().get(&world.b, &signed_in.id).await.unwrap().is_none());
        assert!(reader.sessions().of_user(&world.b, &jane.id).await.unwrap().is_empty());
        assert!(reader.identifications().claimed(&world.b, kind, "jane@example.com").await.unwrap().is_none());
        drop(reader);
        let mut tx = world.store.write().await.unwrap();
        assert!(!tx.users().delete(&world.b, &jane.id).await.unwrap());
        assert!(matches!(tx.clients().update(&world.b, &browser).await, Err(StoreError::Stale)));
        // The same values are free there.
        tx.users().insert(&world.b, &user("user_other")).await.unwrap();
        let other = email("idn_2", &user("user_other"), "jane@example.com", IdentificationStatus::Verified);
        tx.identifications().insert(&world.b, &other).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(super) async fn an_instance_is_found_by_its_names(world: World) {
        let mut tx = world.store.write().await.unwrap();
        let mut found = tx.instances().by_slug("b").await.unwrap().unwrap();
        assert_eq!(tx.instances().root().await.unwrap().map(|it| it.id), Some(world.a.clone()));
        found.domain = Some("example.com".into());
        tx.instances().update(&found).await.unwrap();
        assert_eq!(tx.instances().by_domain("example.com").await.unwrap().map(|it| it.id), Some(world.b.clone()));
        assert!(matches!(tx.instances().update(&found).await, Err(StoreError::Stale)));
        tx.commit().await.unwrap();
        let mut tx = world.store.write().await.unwrap();
        let twin = tx.instances().insert(&instance("ins_c", "b", false)).await;
        assert!(matches!(twin, Err(StoreError::Conflict { .. })), "{twin:?}");
        drop(tx);
        let versions = world.store.read().await.unwrap().instances().versions().await.unwrap();
        assert!(versions.contains(&(world.b.clone(), 2)), "{versions:?}");
    }

    pub(super) async fn sessions_are_listed_and_stamped(world: World) {
        let (jane, browser) = (user("user_jane"), client("client_1"));
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        tx.clients().insert(&world.a, &browser).await.unwrap();
        for id in ["sess_1", "sess_2"] {
            tx.sessions().insert(&world.a, &session(id, &browser, &jane)).await.unwrap();
        }
        let id = "sess_1".parse().unwrap();
        let stamps = [
            (world.a.clone(), "sess_1".parse().unwrap(), NOW + Millis(5)),
            (world.b.clone(), "sess_2".parse().unwrap(), NOW + Millis(5)),
        ];
        tx.sessions().stamp_active(&stamps).await.unwrap();
        tx.sessions().stamp_active(&[(world.a.clone(), "sess_1".parse().unwrap(), NOW + Millis(1))]).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = world.store.read().await.unwrap();
        let stored = reader.sessions().get(&world.a, &id).await.unwrap().unwrap();
        assert_eq!(stored.last_active_at, NOW + Millis(5), "a stamp never goes backwards");
        let other = reader.sessions().get(&world.a, &"sess_2".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(other.last_active_at, NOW, "another instance's stamp");
        let mine = SessionFilter { user_id: Some(jane.id.clone()), limit: Some(1), ..SessionFilter::default() };
        assert_eq!(reader.sessions().list(&world.a, &mine).await.unwrap().len(), 1);
        assert_eq!(reader.sessions().count(&world.a, &mine).await.unwrap(), 2);
        let active = SessionFilter { status: Some(stored.status), ..mine };
        assert_eq!(reader.sessions().count(&world.a, &active).await.unwrap(), 2);
    }
}
