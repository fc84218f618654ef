//! What lives on a browser: clients, attempts, development browsers, and the mails that attempts send.

use crate::world::laws;

laws! {
    a_client_comes_back_as_it_was_put;
    attempts_come_back_as_they_were_put;
    a_deleted_client_leaves_its_development_browser;
    a_visit_sees_one_client_and_its_session;
    mails_are_listed_newest_first;
    what_has_run_out_goes_in_portions;
}

mod checks {
    use crate::world::{NOW, World, client, session, user};
    use verger_model::dev_browser::DevBrowser;
    use verger_model::mail::Email;
    use verger_model::metadata::Metadata;
    use verger_model::sign_in::SignIn;
    use verger_model::sign_up::SignUp;
    use verger_model::verification::{Verification, VerificationStatus};
    use verger_model::{Millis, Secret, Strategy};
    use verger_store::{StoredHandshake, StoredPassword, Visit};

    pub(super) async fn a_client_comes_back_as_it_was_put(world: World) {
        let bare = client("client_1");
        let mut full = client("client_1");
        full.previous_token_hash = Some("before".into());
        full.sign_in_id = Some("sia_1".parse().unwrap());
        full.sign_up_id = Some("sua_1".parse().unwrap());
        full.last_active_session_id = Some("sess_1".parse().unwrap());
        full.last_authentication_strategy = Some(Strategy::EmailCode);
        full.rotated_at = NOW + Millis(1);
        let mut tx = world.store.write().await.unwrap();
        tx.clients().insert(&world.a, &bare).await.unwrap();
        assert_eq!(tx.clients().get(&world.a, &bare.id).await.unwrap().as_ref(), Some(&bare));
        tx.clients().update(&world.a, &full).await.unwrap();
        full.version = 2;
        assert_eq!(tx.clients().get(&world.a, &bare.id).await.unwrap().as_ref(), Some(&full));
        assert_eq!(tx.clients().get_for_update(&world.b, &bare.id).await.unwrap(), None);
        assert!(!tx.clients().delete(&world.b, &bare.id).await.unwrap());
    }

    pub(super) async fn attempts_come_back_as_they_were_put(world: World) {
        let browser = client("client_1");
        let mut sign_in = SignIn::new("sia_1".parse().unwrap(), browser.id.clone(), NOW)
            .identified("jane@example.com".into(), "user_1".parse().unwrap());
        sign_in.first_factor_verification_id = Some("ver_1".parse().unwrap());
        let mut sign_up = SignUp::new("sua_1".parse().unwrap(), browser.id, NOW);
        sign_up.set_email_address("jane@example.com".into());
        sign_up.email_verification_id = Some("ver_2".parse().unwrap());
        sign_up.first_name = Some("J\u{e4}ne \u{1f980}".into());
        // Legal in JSON on both engines, and the reason why documents are text.
        sign_up.unsafe_metadata = Metadata::from_iter([("odd\u{0}".to_owned(), serde_json::json!([1.5, "\u{0}"]))]);
        let password = StoredPassword { hasher: "argon2id".into(), digest: Secret::from("one") };
        let mut tx = world.store.write().await.unwrap();
        tx.sign_ins().insert(&world.a, &sign_in).await.unwrap();
        tx.sign_ups().insert(&world.a, &sign_up).await.unwrap();
        tx.sign_ups().put_password(&world.a, &sign_up.id, &password).await.unwrap();
        let password = StoredPassword { hasher: "argon2id".into(), digest: Secret::from("two") };
        tx.sign_ups().put_password(&world.a, &sign_up.id, &password).await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = world.store.read().await.unwrap();
        assert_eq!(reader.sign_ins().get(&world.a, &sign_in.id).await.unwrap().as_ref(), Some(&sign_in));
        assert_eq!(reader.sign_ups().get(&world.a, &sign_up.id).await.unwrap().as_ref(), Some(&sign_up));
        assert_eq!(reader.sign_ups().password(&world.a, &sign_up.id).await.unwrap(), Some(password));
        assert_eq!(reader.sign_ins().get(&world.b, &sign_in.id).await.unwrap(), None);
        assert_eq!(reader.sign_ups().get(&world.b, &sign_up.id).await.unwrap(), None);
        assert_eq!(reader.sign_ups().password(&world.b, &sign_up.id).await.unwrap(), None);
    }

    pub(super) async fn a_deleted_client_leaves_its_development_browser(world: World) {
        let gone = client("client_1");
        let browser = DevBrowser {
            id: "dvb_1".parse().unwrap(),
            token_hash: "hash".into(),
            client_id: None,
            home_origin: Some("http://localhost:3000".into()),
            created_at: NOW,
            updated_at: NOW,
        };
        let later = NOW + Millis(1);
        let mut tx = world.store.write().await.unwrap();
        tx.clients().insert(&world.a, &gone).await.unwrap();
        tx.dev_browsers().insert(&world.a, &browser).await.unwrap();
        tx.dev_browsers().set_client(&world.a, &browser.id, &gone.id, later).await.unwrap();
        assert!(tx.dev_browsers().set_client(&world.b, &browser.id, &gone.id, later).await.is_err());
        let found = tx.visits().by_dev_browser(&world.a, "hash", None).await.unwrap().unwrap();
        let linked = DevBrowser { client_id: Some(gone.id.clone()), updated_at: later, ..browser.clone() };
        assert_eq!((found.dev_browser, found.client.as_ref()), (Some(linked), Some(&gone)));
        assert_eq!(tx.visits().by_dev_browser(&world.b, "hash", None).await.unwrap(), None);
        assert!(tx.clients().delete(&world.a, &gone.id).await.unwrap());
        assert!(!tx.clients().delete(&world.a, &gone.id).await.unwrap());
        let found = tx.visits().by_dev_browser(&world.a, "hash", None).await.unwrap().unwrap();
        assert_eq!((found.dev_browser, found.client), (Some(DevBrowser { updated_at: later, ..browser }), None));
    }

    /// Both instances have the same ids, so that a read that forgot the instance would find something else.
    pub(super) async fn a_visit_sees_one_client_and_its_session(world: World) {
        let (jane, mine, other) = (user("user_jane"), client("client_1"), client("client_2"));
        let mut sess = session("sess_1", &mine, &jane);
        sess.activity.user_agent = Some("a browser".into());
        sess.actor = Some(serde_json::json!({"sub": "user_eve"}));
        let elsewhere = session("sess_1", &other, &jane);
        let mut tx = world.store.write().await.unwrap();
        for (instance, session) in [(&world.a, &sess), (&world.b, &elsewhere)] {
            tx.users().insert(instance, &jane).await.unwrap();
            tx.clients().insert(instance, &mine).await.unwrap();
            tx.clients().insert(instance, &other).await.unwrap();
            tx.sessions().insert(instance, session).await.unwrap();
        }
        let visit = tx.visits().by_client(&world.a, &mine.id, Some(&sess.id)).await.unwrap();
        let expected = Visit { dev_browser: None, client: Some(mine.clone()), session: Some(sess.clone()) };
        assert_eq!(visit.as_ref(), Some(&expected));
        for (instance, client) in [(&world.a, &other), (&world.b, &mine)] {
            let visit = tx.visits().by_client(instance, &client.id, Some(&sess.id)).await.unwrap().unwrap();
            assert_eq!((visit.client.as_ref(), visit.session), (Some(client), None), "{instance}");
        }
        let unnamed = tx.visits().by_client(&world.a, &mine.id, None).await.unwrap();
        assert_eq!(unnamed, Some(Visit { session: None, ..expected }));
        assert_eq!(tx.visits().by_client(&world.a, &"client_3".parse().unwrap(), Some(&sess.id)).await.unwrap(), None);
    }

    pub(super) async fn mails_are_listed_newest_first(world: World) {
        let mail = |id: &str, to: &str, at: i64| Email {
            id: id.parse().unwrap(),
            slug: "verification_code".into(),
            from_name: "Shop".into(),
            from_address: None,
            to: to.into(),
            subject: "424242 is your code".into(),
            text: "424242".into(),
            html: "<p>424242</p>".into(),
            code: Some("424242".into()),
            created_at: NOW + Millis(at),
        };
        let mails = [mail("ema_1", "a@x.test", 0), mail("ema_2", "b@x.test", 1), mail("ema_3", "a@x.test", 2)];
        let mut tx = world.store.write().await.unwrap();
        for it in &mails {
            tx.inbox().insert(&world.a, it).await.unwrap();
        }
        assert_eq!(
            tx.inbox().list(&world.a, Some("a@x.test"), 10).await.unwrap(),
            [mails[2].clone(), mails[0].clone()]
        );
        assert_eq!(tx.inbox().list(&world.a, None, 1).await.unwrap(), [mails[2].clone()]);
        assert!(tx.inbox().list(&world.b, None, 10).await.unwrap().is_empty());
        assert_eq!(tx.inbox().purge(&world.b, NOW + Millis(9)).await.unwrap(), 0);
        assert_eq!(tx.inbox().purge(&world.a, NOW + Millis(2)).await.unwrap(), 2);
        assert_eq!(tx.inbox().list(&world.a, None, 10).await.unwrap(), [mails[2].clone()]);
    }

    pub(super) async fn what_has_run_out_goes_in_portions(world: World) {
        let browser = client("client_1");
        let mut tx = world.store.write().await.unwrap();
        for index in 0..3 {
            let sign_in = SignIn::new(format!("sia_{index}").parse().unwrap(), browser.id.clone(), NOW);
            tx.sign_ins().insert(&world.a, &sign_in).await.unwrap();
        }
        let sign_up = SignUp::new("sua_1".parse().unwrap(), browser.id.clone(), NOW);
        tx.sign_ups().insert(&world.b, &sign_up).await.unwrap();
        let challenge = Verification {
            id: "ver_1".parse().unwrap(),
            strategy: Strategy::EmailCode,
            status: VerificationStatus::Unverified,
            attempts: 0,
            target: None,
            identification_id: None,
            verified_at_client: None,
            channel: None,
            code_digest: None,
            external_redirect_url: None,
            error: None,
            nonce: None,
            expire_at: Some(NOW),
            created_at: NOW,
        };
        tx.verifications().insert(&world.a, &challenge).await.unwrap();
        let nonce =
            StoredHandshake { nonce_hash: "n".into(), origin: "o".into(), sealed: vec![1], expire_at: NOW + Millis(1) };
        tx.handshakes().insert(&world.a, &nonce).await.unwrap();
        tx.testing_tokens().insert(&world.a, &"tst_1".parse().unwrap(), "h", NOW, NOW).await.unwrap();

        assert_eq!(tx.housekeeping().delete_expired(NOW, 10).await.unwrap(), 1, "the testing token");
        assert_eq!(tx.housekeeping().delete_expired(NOW + Millis(1), 10).await.unwrap(), 1, "the nonce");
        let end = NOW + Millis::from_days(2);
        assert_eq!(tx.housekeeping().delete_expired(end - Millis(1), 10).await.unwrap(), 0);
        assert_eq!(tx.housekeeping().delete_expired(end, 2).await.unwrap(), 4, "two sign-ins, sign-up, challenge");
        assert_eq!(tx.housekeeping().delete_expired(end, 2).await.unwrap(), 1);
        assert_eq!(tx.housekeeping().delete_expired(end, 2).await.unwrap(), 0);
        assert_eq!(tx.handshakes().purge(end).await.unwrap(), 0);
    }
}
