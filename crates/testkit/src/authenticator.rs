//! A device with passkeys, in software: answers what a page would hand to `navigator.credentials`, honestly unless a test makes
//! it lie.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use std::sync::Arc;
use verger_crypto::digest::sha256;
use verger_crypto::webauthn::base64url;

/// A device with passkeys. Clones hold the same keys.
#[derive(Clone)]
pub struct Authenticator {
    /// The page's origin, as the browser tells it.
    pub origin: String,
    /// Whether it asks its user for a finger or a number.
    pub verifies_user: bool,
    /// What it counts to next; 0 for one that does not count.
    pub count: u32,
    /// Whether it leaves out whose a passkey is.
    pub hides_user: bool,
    held: Vec<Held>,
}

#[derive(Clone)]
struct Held {
    id: String,
    rp_id: String,
    user: Value,
    key: Arc<EcdsaKeyPair>,
}

#[expect(clippy::disallowed_methods, reason = "the signer takes no other randomness")]
fn random() -> SystemRandom {
    SystemRandom::new()
}

impl Authenticator {
    /// A new device, on pages of this origin.
    pub fn at(origin: &str) -> Self {
        Self { origin: origin.to_owned(), verifies_user: true, count: 1, hides_user: false, held: Vec::new() }
    }

    /// Makes a passkey for these options and gives the credential as clerk-js sends it.
    ///
    /// # Panics
    /// When the options are none.
    pub fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).expect("a key");
        let point = key.public_key().as_ref();
        let id = sha256(point);
        let rp_id = text(&options["rp"]["id"]);
        // A COSE key of five fields: EC2, ES256, P-256, x, y.
        let cose =
            [&[0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32][..], &point[1..33], &[0x22, 0x58, 32], &point[33..]];
        let data = [self.data(&rp_id, 0x40), vec![0; 16], vec![0, 32], id.to_vec(), cose.concat()].concat();
        let length = u8::try_from(data.len()).expect("less than 256 bytes");
        // { "fmt": "none", "attStmt": {}, "authData": data }
        let object = [b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".as_slice(), &[length], &data].concat();
        let client_data = self.client_data("webauthn.create", &options);
        self.held.push(Held { id: base64url(&id), rp_id, user: options["user"]["id"].clone(), key: Arc::new(key) });
        json!({
            "id": base64url(&id), "rawId": base64url(&id), "type": "public-key", "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": base64url(&client_data), "attestationObject": base64url(&object),
                "transports": ["internal", "hybrid"],
            },
        })
        .to_string()
    }

    /// Uses the passkey that was made last for the options' relying party.
    ///
    /// # Panics
    /// When there is none.
    pub fn get(&self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options");
        let rp_id = text(&options["rpId"]);
        let held = self.held.iter().rev().find(|held| held.rp_id == rp_id).expect("a passkey for this relying party");
        let (data, client_data) = (self.data(&rp_id, 0), self.client_data("webauthn.get", &options));
        let signed = [data.as_slice(), &sha256(&client_data)].concat();
        let signature = held.key.sign(&random(), &signed).expect("a signature");
        let user = if self.hides_user { Value::Null } else { held.user.clone() };
        json!({
            "id": held.id, "rawId": held.id, "type": "public-key", "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": base64url(&client_data), "authenticatorData": base64url(&data),
                "signature": base64url(signature.as_ref()), "userHandle": user,
            },
        })
        .to_string()
    }

    fn data(&self, rp_id: &str, more: u8) -> Vec<u8> {
        let verified = if self.verifies_user { 4 } else { 0 };
        [&sha256(rp_id.as_bytes())[..], &[1 | verified | more], &self.count.to_be_bytes()].concat()
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
