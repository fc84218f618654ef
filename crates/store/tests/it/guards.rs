//! Guards: what a write runs into, said alike by both engines.

use crate::world::laws;

laws! {
    a_conflict_is_named_after_its_columns;
    after_a_failed_statement_nothing_is_kept;
    what_refers_to_nobody_is_stale;
    an_attempt_is_written_over_the_version_that_was_read;
    an_ended_session_stays_ended;
    last_seen_never_goes_back;
}

mod checks {
    use crate::world::{NOW, World, client, email, instance, session, user};
    use verger_model::identification::IdentificationStatus;
    use verger_model::session::SessionStatus;
    use verger_model::sign_in::SignIn;
    use verger_model::sign_up::SignUp;
    use verger_model::user::User;
    use verger_model::{Millis, Secret};
    use verger_store::{StoreError, StoredPassword, WriteTx};

    fn conflict<T: std::fmt::Debug>(outcome: Result<T, StoreError>) -> String {
        match outcome {
            Err(StoreError::Conflict { constraint }) => constraint,
            other => panic!("no conflict: {other:?}"),
        }
    }

    fn is_stale<T: std::fmt::Debug>(outcome: &Result<T, StoreError>) -> bool {
        matches!(outcome, Err(StoreError::Stale))
    }

    async fn insert(world: &World, user: &User) -> Result<(), StoreError> {
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, user).await?;
        tx.commit().await
    }

    pub(super) async fn a_conflict_is_named_after_its_columns(world: World) {
        let mut jane = user("user_1");
        jane.username = Some("Jane".into());
        jane.external_id = Some("42".into());
        insert(&world, &jane).await.unwrap();
        assert_eq!(conflict(insert(&world, &user("user_1")).await), "users_id");
        let named = User { username: Some("JANE".into()), ..user("user_2") };
        assert_eq!(conflict(insert(&world, &named).await), "users_username_lower");
        let known = User { external_id: Some("42".into()), ..user("user_2") };
        assert_eq!(conflict(insert(&world, &known).await), "users_external_id");

        let mut tx = world.store.write().await.unwrap();
        let hers = email("idn_1", &jane, "jane@example.com", IdentificationStatus::Unverified);
        tx.identifications().insert(&world.a, &hers).await.unwrap();
        let proved = email("idn_2", &jane, "jane@example.com", IdentificationStatus::Verified);
        tx.identifications().insert(&world.a, &proved).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = world.store.write().await.unwrap();
        let late = email("idn_1", &jane, "jane@example.com", IdentificationStatus::Verified);
        assert_eq!(conflict(tx.identifications().update(&world.a, &late).await), "identifications_kind_value");
        drop(tx);
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(conflict(tx.instances().insert(&instance("ins_c", "c", true)).await), "instances_is_root");
        drop(tx);
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(conflict(tx.instances().insert(&instance("ins_c", "b", false)).await), "instances_slug");
    }

    pub(super) async fn after_a_failed_statement_nothing_is_kept(world: World) {
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &user("user_1")).await.unwrap();
        conflict(tx.users().insert(&world.a, &user("user_1")).await);
        let next = tx.users().insert(&world.a, &user("user_2")).await;
        assert!(matches!(next, Err(StoreError::Unavailable(_))), "{next:?}");
        let end = tx.commit().await;
        assert!(matches!(end, Err(StoreError::Unavailable(_))), "{end:?}");
        let mut reader = world.store.read().await.unwrap();
        assert!(reader.users().get(&world.a, &user("user_1").id).await.unwrap().is_none());
        drop(reader);
        insert(&world, &user("user_1")).await.unwrap();
    }

    pub(super) async fn what_refers_to_nobody_is_stale(world: World) {
        let (nobody, browser) = (user("user_nobody"), client("client_1"));
        let address = email("idn_1", &nobody, "x@example.com", IdentificationStatus::Verified);
        let password = StoredPassword { hasher: "argon2id".into(), digest: Secret::from("digest") };
        let mut tx = world.store.write().await.unwrap();
        assert!(is_stale(&tx.identifications().insert(&world.a, &address).await));
        tx = write_again(tx, &world).await;
        assert!(is_stale(&tx.sessions().insert(&world.a, &session("sess_1", &browser, &nobody)).await));
        tx = write_again(tx, &world).await;
        assert!(is_stale(&tx.passwords().put(&world.a, &nobody.id, &password, NOW).await));
        tx = write_again(tx, &world).await;
        let unknown = "sua_1".parse().unwrap();
        assert!(is_stale(&tx.sign_ups().put_password(&world.a, &unknown, &password).await));
        drop(tx);
    }

    async fn write_again(tx: WriteTx, world: &World) -> WriteTx {
        drop(tx);
        world.store.write().await.unwrap()
    }

    pub(super) async fn an_attempt_is_written_over_the_version_that_was_read(world: World) {
        let browser = client("client_1");
        let sign_in = SignIn::new("sia_1".parse().unwrap(), browser.id.clone(), NOW);
        let sign_up = SignUp::new("sua_1".parse().unwrap(), browser.id.clone(), NOW);
        let mut tx = world.store.write().await.unwrap();
        tx.clients().insert(&world.a, &browser).await.unwrap();
        tx.sign_ins().insert(&world.a, &sign_in).await.unwrap();
        tx.sign_ups().insert(&world.a, &sign_up).await.unwrap();
        tx.clients().update(&world.a, &browser).await.unwrap();
        tx.sign_ins().update(&world.a, &sign_in).await.unwrap();
        tx.sign_ups().update(&world.a, &sign_up).await.unwrap();
        assert!(is_stale(&tx.clients().update(&world.a, &browser).await));
        assert!(is_stale(&tx.sign_ins().update(&world.a, &sign_in).await));
        assert!(is_stale(&tx.sign_ups().update(&world.a, &sign_up).await));
        tx.commit().await.unwrap();
        let mut tx = world.store.write().await.unwrap();
        assert_eq!(tx.clients().get_for_update(&world.a, &browser.id).await.unwrap().unwrap().version, 2);
        assert_eq!(tx.sign_ins().get_for_update(&world.a, &sign_in.id).await.unwrap().unwrap().version, 2);
        assert_eq!(tx.sign_ups().get_for_update(&world.a, &sign_up.id).await.unwrap().unwrap().version, 2);
    }

    pub(super) async fn an_ended_session_stays_ended(world: World) {
        let (jane, browser) = (user("user_jane"), client("client_1"));
        let active = session("sess_1", &browser, &jane);
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        tx.sessions().insert(&world.a, &active).await.unwrap();
        let mut revoked = tx.sessions().get_for_update(&world.a, &active.id).await.unwrap().unwrap();
        revoked.status = SessionStatus::Revoked;
        tx.sessions().update(&world.a, &revoked).await.unwrap();
        // Somebody who read it before touches it.
        assert!(is_stale(&tx.sessions().update(&world.a, &active).await));
        let mut ended = active.clone();
        ended.status = SessionStatus::Ended;
        assert!(is_stale(&tx.sessions().update(&world.a, &ended).await));
        let stored = tx.sessions().get(&world.a, &active.id).await.unwrap().unwrap();
        assert_eq!(stored.status, SessionStatus::Revoked);
    }

    pub(super) async fn last_seen_never_goes_back(world: World) {
        let (mut jane, browser) = (user("user_jane"), client("client_1"));
        let seen = session("sess_1", &browser, &jane);
        let late = NOW + Millis(9);
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        tx.sessions().insert(&world.a, &seen).await.unwrap();
        let twice = |id| [(world.a.clone(), id, late)];
        tx.users().stamp_active(&twice(jane.id.clone())).await.unwrap();
        let stamps = [NOW, late, NOW + Millis(3)].map(|at| (world.a.clone(), seen.id.clone(), at));
        tx.sessions().stamp_active(&stamps).await.unwrap();
        // Both are written by somebody who read them before the stamp; the version of the user did not move.
        jane.last_active_at = Some(NOW);
        tx.users().update(&world.a, &jane).await.unwrap();
        tx.sessions().update(&world.a, &seen).await.unwrap();
        assert_eq!(tx.users().get(&world.a, &jane.id).await.unwrap().unwrap().last_active_at, Some(late));
        assert_eq!(tx.sessions().get(&world.a, &seen.id).await.unwrap().unwrap().last_active_at, late);
    }
}
