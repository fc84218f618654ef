//! Phone numbers as second factors, codes that travel to them, and the messages of the development inbox.

use crate::world::laws;

laws! {
    what_a_number_is_to_the_second_factor_comes_back;
    a_sign_up_keeps_its_number_and_proof;
    the_last_challenge_of_a_number_is_found;
    messages_lie_in_their_own_inbox;
}

mod checks {
    use crate::world::{NOW, World, client, email, user};
    use verger_model::identification::{IdentificationKind, IdentificationStatus};
    use verger_model::sign_up::SignUp;
    use verger_model::sms::SmsMessage;
    use verger_model::verification::{Verification, VerificationStatus};
    use verger_model::{Channel, Millis, Strategy};

    const NUMBER: &str = "+12015550100";

    pub(super) async fn what_a_number_is_to_the_second_factor_comes_back(world: World) {
        let mut jane = user("user_jane");
        jane.phone_second_factor = true;
        let mut number = email("idn_1", &jane, NUMBER, IdentificationStatus::Verified);
        number.kind = IdentificationKind::PhoneNumber;
        number.reserved_for_second_factor = true;
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        tx.identifications().insert(&world.a, &number).await.unwrap();
        let read = tx.users().profile(&world.a, &jane.id).await.unwrap().unwrap();
        assert_eq!((&read.user, &read.identifications[..]), (&jane, &[number.clone()][..]));
        number.reserved_for_second_factor = false;
        number.default_second_factor = true;
        tx.identifications().update(&world.a, &number).await.unwrap();
        assert_eq!(tx.identifications().get(&world.a, &number.id).await.unwrap(), Some(number));
        jane.phone_second_factor = false;
        tx.users().update(&world.a, &jane).await.unwrap();
        assert!(!tx.users().get(&world.a, &jane.id).await.unwrap().unwrap().phone_second_factor);
    }

    pub(super) async fn a_sign_up_keeps_its_number_and_proof(world: World) {
        let mut attempt = SignUp::new("sua_1".parse().unwrap(), client("client_1").id, NOW);
        attempt.set_phone_number(Some(NUMBER.into()));
        let mut tx = world.store.write().await.unwrap();
        tx.sign_ups().insert(&world.a, &attempt).await.unwrap();
        attempt.phone_verification_id = Some("ver_1".parse().unwrap());
        attempt.phone_verified = true;
        tx.sign_ups().update(&world.a, &attempt).await.unwrap();
        attempt.version += 1;
        assert_eq!(tx.sign_ups().get(&world.a, &attempt.id).await.unwrap(), Some(attempt));
    }

    pub(super) async fn the_last_challenge_of_a_number_is_found(world: World) {
        let challenge = |id: &str, of: &str, at: Millis| Verification {
            id: id.parse().unwrap(),
            strategy: Strategy::PhoneCode,
            status: VerificationStatus::Unverified,
            attempts: 0,
            target: Some(NUMBER.into()),
            identification_id: Some(of.parse().unwrap()),
            verified_at_client: None,
            channel: Some(Channel::Whatsapp),
            code_digest: Some("digest".into()),
            external_redirect_url: None,
            error: None,
            nonce: None,
            expire_at: Some(at + Millis::from_mins(10)),
            created_at: at,
        };
        let (first, second) = (challenge("ver_1", "idn_1", NOW), challenge("ver_2", "idn_1", NOW + Millis(1)));
        let others = challenge("ver_3", "idn_2", NOW + Millis(2));
        let mut tx = world.store.write().await.unwrap();
        for it in [&first, &second, &others] {
            tx.verifications().insert(&world.a, it).await.unwrap();
        }
        let id = "idn_1".parse().unwrap();
        let found = tx.verifications().last_for_identification(&world.a, NUMBER, &id).await.unwrap();
        assert_eq!(found, Some(second));
        assert_eq!(tx.verifications().last_for_identification(&world.b, NUMBER, &id).await.unwrap(), None);
    }

    pub(super) async fn messages_lie_in_their_own_inbox(world: World) {
        let sms = |id: &str, to: &str, at: i64| SmsMessage {
            id: id.parse().unwrap(),
            slug: "verification_code".into(),
            channel: Channel::Sms,
            to: to.into(),
            message: "123456 is your code".into(),
            code: Some("123456".into()),
            created_at: NOW + Millis(at),
        };
        let sent = [sms("sms_1", NUMBER, 0), sms("sms_2", "+12015550101", 1), sms("sms_3", NUMBER, 2)];
        let mut tx = world.store.write().await.unwrap();
        for it in &sent {
            tx.sms_inbox().insert(&world.a, it).await.unwrap();
        }
        let listed = tx.sms_inbox().list(&world.a, Some(NUMBER), 10).await.unwrap();
        assert_eq!(listed, [sent[2].clone(), sent[0].clone()]);
        assert_eq!(tx.sms_inbox().list(&world.a, None, 1).await.unwrap(), [sent[2].clone()]);
        assert!(tx.sms_inbox().list(&world.b, None, 10).await.unwrap().is_empty());
        assert_eq!(tx.sms_inbox().purge(&world.b, NOW + Millis(9)).await.unwrap(), 0);
        assert_eq!(tx.sms_inbox().purge(&world.a, NOW + Millis(2)).await.unwrap(), 2);
    }
}
