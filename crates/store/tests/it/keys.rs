//! Keys: of tokens, of secrets at rest, of backends, of tests.

use crate::world::laws;

laws! {
    signing_keys_move_on_and_stay_listed;
    a_data_key_is_wrapped_anew;
    a_secret_key_opens_its_instance_until_it_is_revoked;
    a_testing_token_is_good_for_its_instance_and_time;
    a_proof_of_work_is_taken_once_and_forgotten_at_its_end;
    an_exempted_sign_up_is_known_until_its_end;
}

mod checks {
    use crate::world::{NOW, World};
    use verger_model::Millis;
    use verger_model::instance::{SecretKey, SigningKeyState};
    use verger_store::{StoreError, StoredSigningKey};

    pub(super) async fn signing_keys_move_on_and_stay_listed(world: World) {
        let key = StoredSigningKey {
            kid: "ins_a".into(),
            state: SigningKeyState::Current,
            not_before: NOW,
            retired_at: None,
            sealed: vec![0, 255],
        };
        let mut tx = world.store.write().await.unwrap();
        tx.signing_keys().insert(&world.a, &key).await.unwrap();
        let later = NOW + Millis(1);
        tx.signing_keys().update_state(&world.a, "ins_a", SigningKeyState::Retired, Some(later)).await.unwrap();
        let foreign = tx.signing_keys().update_state(&world.b, "ins_a", SigningKeyState::Current, None).await;
        assert!(matches!(foreign, Err(StoreError::Stale)));
        let retired = StoredSigningKey { state: SigningKeyState::Retired, retired_at: Some(later), ..key };
        assert_eq!(tx.signing_keys().list(&world.a).await.unwrap(), [retired]);
        assert!(tx.signing_keys().list(&world.b).await.unwrap().is_empty());
    }

    pub(super) async fn a_data_key_is_wrapped_anew(world: World) {
        let id = "dek_1".parse().unwrap();
        let mut tx = world.store.write().await.unwrap();
        tx.data_keys().insert(&world.a, &id, b"old", NOW).await.unwrap();
        assert!(matches!(tx.data_keys().replace_wrapped(&world.b, &id, b"new").await, Err(StoreError::Stale)));
        tx.data_keys().replace_wrapped(&world.a, &id, b"new").await.unwrap();
        let stored = tx.data_keys().list(&world.a).await.unwrap();
        assert_eq!(stored.iter().map(|it| it.wrapped.as_slice()).collect::<Vec<_>>(), [b"new"]);
        assert!(tx.data_keys().list(&world.b).await.unwrap().is_empty());
    }

    pub(super) async fn a_secret_key_opens_its_instance_until_it_is_revoked(world: World) {
        let key = SecretKey {
            id: "key_1".parse().unwrap(),
            instance_id: world.a.clone(),
            name: "Default".into(),
            created_at: NOW,
            revoked_at: None,
        };
        let mut tx = world.store.write().await.unwrap();
        tx.secret_keys().insert(&key, "hash", Some(b"sealed")).await.unwrap();
        assert_eq!(tx.secret_keys().by_hash("hash").await.unwrap().as_ref(), Some(&key));
        assert_eq!(tx.secret_keys().sealed(&world.a, &key.id).await.unwrap().as_deref(), Some(b"sealed".as_slice()));
        assert_eq!(tx.secret_keys().sealed(&world.b, &key.id).await.unwrap(), None);
        assert!(tx.secret_keys().list(&world.b).await.unwrap().is_empty());
        assert!(!tx.secret_keys().revoke(&world.b, &key.id, NOW).await.unwrap());
        assert!(tx.secret_keys().revoke(&world.a, &key.id, NOW).await.unwrap());
        assert!(!tx.secret_keys().revoke(&world.a, &key.id, NOW).await.unwrap());
        assert_eq!(tx.secret_keys().by_hash("hash").await.unwrap(), None);
        assert_eq!(tx.secret_keys().sealed(&world.a, &key.id).await.unwrap(), None);
        let listed = tx.secret_keys().list(&world.a).await.unwrap();
        assert_eq!(listed, [SecretKey { revoked_at: Some(NOW), ..key }]);
    }

    pub(super) async fn a_testing_token_is_good_for_its_instance_and_time(world: World) {
        let end = NOW + Millis(10);
        let mut tx = world.store.write().await.unwrap();
        tx.testing_tokens().insert(&world.a, &"tst_1".parse().unwrap(), "hash", end, NOW).await.unwrap();
        assert!(tx.testing_tokens().valid(&world.a, "hash", NOW).await.unwrap());
        assert!(!tx.testing_tokens().valid(&world.a, "hash", end).await.unwrap());
        assert!(!tx.testing_tokens().valid(&world.a, "other", NOW).await.unwrap());
        assert!(!tx.testing_tokens().valid(&world.b, "hash", NOW).await.unwrap());
    }

    pub(super) async fn a_proof_of_work_is_taken_once_and_forgotten_at_its_end(world: World) {
        let end = NOW + Millis(10);
        let mut tx = world.store.write().await.unwrap();
        assert!(tx.captchas().take(&world.a, "hash", end).await.unwrap());
        assert!(!tx.captchas().take(&world.a, "hash", end).await.unwrap());
        assert!(tx.captchas().take(&world.b, "hash", end).await.unwrap());
        tx.housekeeping().delete_expired(NOW, 100).await.unwrap();
        assert!(!tx.captchas().take(&world.a, "hash", end).await.unwrap());
        tx.housekeeping().delete_expired(end, 100).await.unwrap();
        assert!(tx.captchas().take(&world.a, "hash", end).await.unwrap());
    }

    pub(super) async fn an_exempted_sign_up_is_known_until_its_end(world: World) {
        let (end, sign_up) = (NOW + Millis(10), "sua_1".parse().unwrap());
        let mut tx = world.store.write().await.unwrap();
        tx.captchas().exempt(&world.a, &sign_up, end).await.unwrap();
        assert!(tx.captchas().is_exempted(&world.a, &sign_up).await.unwrap());
        assert!(!tx.captchas().is_exempted(&world.b, &sign_up).await.unwrap());
        tx.housekeeping().delete_expired(end, 100).await.unwrap();
        assert!(!tx.captchas().is_exempted(&world.a, &sign_up).await.unwrap());
    }
}
