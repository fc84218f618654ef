//! Challenges and tickets: single use, counted tries, also under a rush.

use crate::world::laws;

laws! {
    a_challenge_takes_so_many_tries;
    a_rush_on_one_challenge_has_one_winner;
    a_sign_in_token_is_used_once;
    an_actor_token_is_used_once;
    a_nonce_is_read_again_until_it_runs_out;
}

mod checks {
    use crate::world::{NOW, World, user};
    use verger_model::ticket::{ActorToken, SignInToken, TicketStatus};
    use verger_model::verification::{Verification, VerificationStatus};
    use verger_model::{Millis, Strategy};
    use verger_store::StoredHandshake;

    fn challenge(id: &str) -> Verification {
        Verification {
            id: id.parse().unwrap(),
            strategy: Strategy::EmailCode,
            status: VerificationStatus::Unverified,
            attempts: 0,
            target: Some("jane@example.com".into()),
            identification_id: None,
            verified_at_client: None,
            channel: None,
            code_digest: Some("digest".into()),
            external_redirect_url: None,
            error: None,
            nonce: None,
            expire_at: Some(NOW + Millis::from_mins(10)),
            created_at: NOW,
        }
    }

    pub(super) async fn a_challenge_takes_so_many_tries(world: World) {
        let it = challenge("ver_1");
        let mut tx = world.store.write().await.unwrap();
        tx.verifications().insert(&world.a, &it).await.unwrap();
        for attempts in 1..=5 {
            let taken = tx.verifications().take_attempt(&world.a, &it.id, 5, NOW).await.unwrap().unwrap();
            assert_eq!((taken.attempts, taken.code_digest.as_deref()), (attempts, Some("digest")));
        }
        assert_eq!(tx.verifications().take_attempt(&world.a, &it.id, 5, NOW).await.unwrap(), None);
        let late = challenge("ver_2");
        tx.verifications().insert(&world.a, &late).await.unwrap();
        let end = NOW + Millis::from_mins(10);
        assert_eq!(tx.verifications().take_attempt(&world.a, &late.id, 5, end).await.unwrap(), None);
        assert_eq!(tx.verifications().take_attempt(&world.b, &late.id, 5, NOW).await.unwrap(), None);
        let last = tx.verifications().last_for_target(&world.a, "jane@example.com").await.unwrap();
        assert_eq!(last.map(|it| it.id), Some(late.id));
    }

    pub(super) async fn a_rush_on_one_challenge_has_one_winner(world: World) {
        let it = challenge("ver_1");
        let mut tx = world.store.write().await.unwrap();
        tx.verifications().insert(&world.a, &it).await.unwrap();
        tx.commit().await.unwrap();
        let tries = (0..50).map(|_| {
            let (store, instance, id) = (world.store.clone(), world.a.clone(), it.id.clone());
            tokio::spawn(async move {
                // A busy database refuses some of the fifty; a refusal is no win.
                let Ok(mut tx) = store.write().await else { return false };
                let won = tx.verifications().consume(&instance, &id, NOW).await.unwrap();
                tx.commit().await.unwrap();
                won
            })
        });
        let mut winners = 0;
        for attempt in tries.collect::<Vec<_>>() {
            winners += usize::from(attempt.await.unwrap());
        }
        assert_eq!(winners, 1);
    }

    pub(super) async fn a_sign_in_token_is_used_once(world: World) {
        let jane = user("user_jane");
        let token = SignInToken {
            id: "sit_1".parse().unwrap(),
            instance_id: world.a.clone(),
            user_id: jane.id.clone(),
            status: TicketStatus::Pending,
            expire_at: NOW,
            created_at: NOW,
            updated_at: NOW,
        };
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        tx.sign_in_tokens().insert(&token).await.unwrap();
        let (from, to) = (TicketStatus::Pending, TicketStatus::Accepted);
        assert!(!tx.sign_in_tokens().set_status(&world.b, &token.id, from, to, NOW).await.unwrap());
        assert!(tx.sign_in_tokens().set_status(&world.a, &token.id, from, to, NOW).await.unwrap());
        assert!(!tx.sign_in_tokens().set_status(&world.a, &token.id, from, to, NOW).await.unwrap());
        let stored = tx.sign_in_tokens().get(&world.a, &token.id).await.unwrap().unwrap();
        assert_eq!(stored.status, TicketStatus::Accepted);
    }

    pub(super) async fn an_actor_token_is_used_once(world: World) {
        let jane = user("user_jane");
        let token = ActorToken {
            id: "act_1".parse().unwrap(),
            instance_id: world.a.clone(),
            user_id: jane.id.clone(),
            actor: serde_json::json!({ "sub": "user_joe", "reason": ["a", 1] }),
            status: TicketStatus::Pending,
            session_max_duration_in_seconds: 1800,
            expire_at: NOW,
            created_at: NOW,
            updated_at: NOW,
        };
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        tx.actor_tokens().insert(&token).await.unwrap();
        assert_eq!(tx.actor_tokens().get(&world.a, &token.id).await.unwrap().as_ref(), Some(&token));
        assert!(tx.actor_tokens().get(&world.b, &token.id).await.unwrap().is_none());
        let (from, to) = (TicketStatus::Pending, TicketStatus::Accepted);
        assert!(!tx.actor_tokens().set_status(&world.b, &token.id, from, to, NOW).await.unwrap());
        assert!(tx.actor_tokens().set_status(&world.a, &token.id, from, to, NOW).await.unwrap());
        assert!(!tx.actor_tokens().set_status(&world.a, &token.id, from, to, NOW).await.unwrap());
        let stored = tx.actor_tokens().get(&world.a, &token.id).await.unwrap().unwrap();
        assert_eq!(stored.status, TicketStatus::Accepted);
    }

    pub(super) async fn a_nonce_is_read_again_until_it_runs_out(world: World) {
        let handshake = StoredHandshake {
            nonce_hash: "hash".into(),
            origin: "http://localhost:3000".into(),
            sealed: vec![0, 159, 146, 150],
            expire_at: NOW + Millis::from_secs(60),
        };
        let mut tx = world.store.write().await.unwrap();
        tx.handshakes().insert(&world.a, &handshake).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = world.store.read().await.unwrap();
        for _ in 0..2 {
            let found = reader.handshakes().get(&world.a, "hash", NOW).await.unwrap().unwrap();
            assert_eq!(found.sealed, handshake.sealed);
        }
        assert!(reader.handshakes().get(&world.b, "hash", NOW).await.unwrap().is_none());
        assert!(reader.handshakes().get(&world.a, "hash", handshake.expire_at).await.unwrap().is_none());
    }
}
