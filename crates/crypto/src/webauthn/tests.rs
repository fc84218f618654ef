//! An authenticator of three algorithms, and what must not be taken from it.

use super::*;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256};
use ciborium::Value;
use serde_json::json;

const CHALLENGE: &str = "Y2hhbGxlbmdlLWNoYWxsZW5nZQ";
const RP: &str = "app.example.com";
const ORIGIN: &str = "https://app.example.com";
const ID: &[u8] = b"credential-1";
/// Present, verified.
const THERE: u8 = 0b101;

enum Key {
    Ed(Ed25519KeyPair),
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

#[expect(clippy::disallowed_methods, reason = "the signer takes no other randomness")]
fn random() -> SystemRandom {
    SystemRandom::new()
}

impl Key {
    fn all() -> [Self; 3] {
        [
            Self::Ed(Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()),
            Self::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap()),
            Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap()),
        ]
    }

    fn cose(&self) -> Vec<u8> {
        let int = |it: i64| Value::Integer(it.into());
        let bytes = |it: &[u8]| Value::Bytes(it.to_vec());
        let map = match self {
            Self::Ed(key) => {
                vec![(1, int(1)), (3, int(-8)), (-1, int(6)), (-2, bytes(key.public_key().as_ref()))]
            }
            Self::Ec(key) => {
                let point = key.public_key().as_ref();
                let (x, y) = (bytes(&point[1..33]), bytes(&point[33..]));
                vec![(1, int(2)), (3, int(-7)), (-1, int(1)), (-2, x), (-3, y)]
            }
            Self::Rsa(key) => {
                // The DER of a key of 2048 bits: nine bytes, the modulus, the exponent 65537.
                let (n, e) = (&key.public_key().as_ref()[9..265], &[1, 0, 1]);
                vec![(1, int(3)), (3, int(-257)), (-1, bytes(n)), (-2, bytes(e))]
            }
        };
        cbor(&Value::Map(map.into_iter().map(|(label, value)| (int(label), value)).collect()))
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed(key) => key.sign(message).as_ref().to_vec(),
            Self::Ec(key) => key.sign(&random(), message).unwrap().as_ref().to_vec(),
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random(), message, &mut signature).unwrap();
                signature
            }
        }
    }
}

fn cbor(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

/// What an authenticator says, right in everything unless a test changes it.
struct Said {
    kind: &'static str,
    challenge: &'static str,
    origin: &'static str,
    cross_origin: bool,
    rp_id: &'static str,
    flags: u8,
    count: u32,
}

impl Said {
    fn of(kind: &'static str) -> Self {
        let (challenge, origin, rp_id) = (CHALLENGE, ORIGIN, RP);
        Self { kind, challenge, origin, cross_origin: false, rp_id, flags: THERE, count: 1 }
    }

    fn client_data(&self) -> Vec<u8> {
        let (kind, challenge, origin) = (self.kind, self.challenge, self.origin);
        json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": self.cross_origin })
            .to_string()
            .into_bytes()
    }

    fn data(&self, cose: Option<&[u8]>) -> Vec<u8> {
        let flags = self.flags | if cose.is_some() { 0x40 } else { 0 };
        let mut data = [&sha256(self.rp_id.as_bytes())[..], &[flags], &self.count.to_be_bytes()].concat();
        if let Some(cose) = cose {
            let length = u16::try_from(ID.len()).unwrap().to_be_bytes();
            data.extend([&[0; 16][..], &length, ID, cose].concat());
        }
        data
    }

    fn attest(&self, key: &Key) -> String {
        let object = Value::Map(vec![
            (Value::Text("fmt".into()), Value::Text("none".into())),
            (Value::Text("attStmt".into()), Value::Map(Vec::new())),
            (Value::Text("authData".into()), Value::Bytes(self.data(Some(&key.cose())))),
        ]);
        self.attest_raw(&cbor(&object))
    }

    fn attest_raw(&self, object: &[u8]) -> String {
        json!({
            "id": base64url(ID), "rawId": base64url(ID), "type": "public-key",
            "response": {
                "clientDataJSON": base64url(&self.client_data()), "attestationObject": base64url(object),
                "transports": ["internal"],
            },
        })
        .to_string()
    }

    fn assert(&self, key: &Key) -> String {
        let (client_data, data) = (self.client_data(), self.data(None));
        let signature = key.sign(&[data.as_slice(), &sha256(&client_data)].concat());
        json!({
            "id": base64url(ID), "rawId": base64url(ID), "type": "public-key",
            "response": {
                "clientDataJSON": base64url(&client_data), "authenticatorData": base64url(&data),
                "signature": base64url(&signature), "userHandle": base64url(b"jane"),
            },
        })
        .to_string()
    }
}

fn ceremony() -> Ceremony<'static> {
    Ceremony { challenge: CHALLENGE, rp_id: RP, is_origin_allowed: &|origin| origin == ORIGIN }
}

fn ed() -> Key {
    Key::Ed(Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap())
}

#[test]
fn keys_of_every_algorithm_are_read_and_check_their_own_signatures() {
    for (key, other) in Key::all().into_iter().zip(Key::all().into_iter().rev()) {
        let made = Attestation::read(&Said::of("webauthn.create").attest(&key)).unwrap().verify(&ceremony()).unwrap();
        assert_eq!((made.id.as_str(), made.public_key.clone()), (base64url(ID).as_str(), key.cose()));
        assert_eq!((made.sign_count, made.transports), (1, vec!["internal".to_owned()]));
        let used = Assertion::read(&Said { count: 2, ..Said::of("webauthn.get") }.assert(&key)).unwrap();
        assert_eq!((used.credential_id(), used.user_handle()), (base64url(ID).as_str(), Some(&*base64url(b"jane"))));
        assert_eq!(used.verify(&ceremony(), &made.public_key, 1), Ok(2));
        let forged = Assertion::read(&Said::of("webauthn.get").assert(&other)).unwrap();
        if other.cose() != key.cose() {
            assert_eq!(forged.verify(&ceremony(), &made.public_key, 0), Err(Rejected::Unfit));
        }
    }
}

#[test]
fn an_answer_to_something_else_does_not_fit() {
    let key = ed();
    let changes: [fn(&mut Said); 8] = [
        |it| it.kind = "webauthn.steal",
        |it| it.challenge = "b3RoZXItb3RoZXItb3RoZXI",
        |it| it.origin = "https://evil.test",
        |it| it.cross_origin = true,
        |it| it.rp_id = "evil.test",
        // Nobody was there; nobody was verified; a copy of what cannot be copied.
        |it| it.flags = 0b100,
        |it| it.flags = 0b001,
        |it| it.flags = THERE | 0b1_0000,
    ];
    for (case, change) in changes.into_iter().enumerate() {
        let (mut made, mut used) = (Said::of("webauthn.create"), Said::of("webauthn.get"));
        change(&mut made);
        change(&mut used);
        let attestation = Attestation::read(&made.attest(&key)).unwrap();
        assert_eq!(attestation.verify(&ceremony()), Err(Rejected::Unfit), "{case}");
        let assertion = Assertion::read(&used.assert(&key)).unwrap();
        assert_eq!(assertion.verify(&ceremony(), &key.cose(), 0), Err(Rejected::Unfit), "{case}");
    }
}

#[test]
fn the_two_answers_do_not_stand_for_each_other() {
    let key = ed();
    let made = Attestation::read(&Said::of("webauthn.get").attest(&key)).unwrap();
    assert_eq!(made.verify(&ceremony()), Err(Rejected::Unfit));
    let used = Assertion::read(&Said::of("webauthn.create").assert(&key)).unwrap();
    assert_eq!(used.verify(&ceremony(), &key.cose(), 0), Err(Rejected::Unfit));
}

#[test]
fn a_counter_rises_or_stays_at_zero() {
    let key = ed();
    for (counted, count, fits) in
        [(0, 0, true), (0, 1, true), (5, 6, true), (5, 5, false), (5, 4, false), (5, 0, false)]
    {
        let used = Assertion::read(&Said { count, ..Said::of("webauthn.get") }.assert(&key)).unwrap();
        assert_eq!(used.verify(&ceremony(), &key.cose(), counted).is_ok(), fits, "{counted} then {count}");
    }
}

#[test]
fn what_is_no_credential_is_malformed() {
    let (said, key) = (Said::of("webauthn.create"), ed());
    let deep = [vec![0x81; 10_000], vec![0]].concat();
    let huge = [0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    let data = said.data(Some(&key.cose()));
    let with_data =
        |data: &[u8]| cbor(&Value::Map(vec![(Value::Text("authData".into()), Value::Bytes(data.to_vec()))]));
    let objects = [
        vec![],
        vec![0xff; 64],
        deep,
        huge.to_vec(),
        cbor(&Value::Map(Vec::new())),
        with_data(&[]),
        with_data(&data[..data.len() - 1]),
        with_data(&[data.as_slice(), &[0]].concat()),
        with_data(&said.data(None)),
        with_data(&said.data(Some(&cbor(&Value::Map(Vec::new()))))),
    ];
    for (case, object) in objects.iter().enumerate() {
        assert_eq!(Attestation::read(&said.attest_raw(object)).err(), Some(Rejected::Malformed), "{case}");
    }
    for text in ["", "{}", "[]", "null", r#"{"rawId":"*","type":"public-key","response":{}}"#] {
        assert_eq!(Attestation::read(text).err(), Some(Rejected::Malformed), "{text}");
        assert_eq!(Assertion::read(text).err(), Some(Rejected::Malformed), "{text}");
    }
}

#[test]
fn a_user_has_one_handle_per_instance() {
    let handle = user_handle("ins_1", "user_1");
    assert_eq!(handle, user_handle("ins_1", "user_1"));
    assert_ne!(handle, user_handle("ins_2", "user_1"));
    assert_ne!(handle, user_handle("ins_1", "user_2"));
    assert!(!handle.contains("user"));
}
