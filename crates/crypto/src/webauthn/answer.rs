//! The two answers of a browser, as JSON with base64url inside: reading them, and judging them by the challenge.

use super::authenticator_data::AuthenticatorData;
use super::public_key::{PublicKey, read_cbor};
use super::{Ceremony, Rejected, base64url, from_base64url, unless};
use crate::digest::sha256;
use ciborium::Value;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Credential<R> {
    #[serde(rename = "rawId")]
    raw_id: String,
    #[serde(rename = "type")]
    kind: String,
    response: R,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttestationResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    attestation_object: String,
    #[serde(default)]
    transports: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AssertionResponse {
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
    user_handle: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: String,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// A new passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCredential {
    /// Its id, in base64url.
    pub id: String,
    /// Its public key in COSE form.
    pub public_key: Vec<u8>,
    /// Its counter.
    pub sign_count: u32,
    /// How browsers reach it, by their own words.
    pub transports: Vec<String>,
}

/// The answer to the challenge of a new passkey.
pub struct Attestation {
    client_data: ClientData,
    data: AuthenticatorData,
    raw_id: Vec<u8>,
    transports: Vec<String>,
}

/// How many ways to reach a passkey are kept, and how long their names may be.
const TRANSPORTS: (usize, usize) = (8, 32);

impl Attestation {
    /// Reads an answer.
    ///
    /// # Errors
    /// [`Rejected::Malformed`]
    pub fn read(text: &str) -> Result<Self, Rejected> {
        let (raw_id, response) = read_credential::<AttestationResponse>(text)?;
        let object = from_base64url(&response.attestation_object)?;
        let object = read_cbor(&mut object.as_slice())?;
        let data = text_key(&object, "authData").and_then(Value::as_bytes).ok_or(Rejected::Malformed)?;
        let data = AuthenticatorData::read(data)?;
        let (_, key) = data.credential.as_ref().ok_or(Rejected::Malformed)?;
        PublicKey::from_cose(key)?;
        let mut transports = response.transports;
        transports.retain(|name| name.len() <= TRANSPORTS.1);
        transports.truncate(TRANSPORTS.0);
        Ok(Self { client_data: read_client_data(&response.client_data)?.0, data, raw_id, transports })
    }

    /// Judges it by the challenge.
    ///
    /// # Errors
    /// [`Rejected::Unfit`]
    pub fn verify(self, ceremony: &Ceremony<'_>) -> Result<NewCredential, Rejected> {
        self.client_data.expect("webauthn.create", ceremony)?;
        self.data.expect(ceremony.rp_id)?;
        let (id, public_key) = self.data.credential.ok_or(Rejected::Malformed)?;
        unless(id == self.raw_id, Rejected::Unfit)?;
        Ok(NewCredential {
            id: base64url(&id),
            public_key,
            sign_count: self.data.sign_count,
            transports: self.transports,
        })
    }
}

/// The answer to the challenge of a sign-in.
pub struct Assertion {
    client_data: ClientData,
    client_data_hash: [u8; 32],
    data: AuthenticatorData,
    data_bytes: Vec<u8>,
    signature: Vec<u8>,
    credential_id: String,
    user_handle: Option<String>,
}

impl Assertion {
    /// Reads an answer.
    ///
    /// # Errors
    /// [`Rejected::Malformed`]
    pub fn read(text: &str) -> Result<Self, Rejected> {
        let (raw_id, response) = read_credential::<AssertionResponse>(text)?;
        let (client_data, client_data_hash) = read_client_data(&response.client_data)?;
        let data_bytes = from_base64url(&response.authenticator_data)?;
        let handle = response.user_handle.filter(|it| !it.is_empty());
        Ok(Self {
            client_data,
            client_data_hash,
            data: AuthenticatorData::read(&data_bytes)?,
            data_bytes,
            signature: from_base64url(&response.signature)?,
            credential_id: base64url(&raw_id),
            user_handle: handle.map(|it| from_base64url(&it)).transpose()?.map(|it| base64url(&it)),
        })
    }

    /// Which passkey answers, in base64url.
    pub fn credential_id(&self) -> &str {
        &self.credential_id
    }

    /// Whose it says to be, in base64url; authenticators that were told which passkeys to look for may leave it out.
    pub fn user_handle(&self) -> Option<&str> {
        self.user_handle.as_deref()
    }

    /// Judges it by the challenge, the passkey's public key (COSE) and its last counter. Gives the new counter.
    ///
    /// # Errors
    /// [`Rejected::Unfit`]; [`Rejected::Malformed`] when the stored key is none.
    pub fn verify(&self, ceremony: &Ceremony<'_>, public_key: &[u8], counted: u32) -> Result<u32, Rejected> {
        self.client_data.expect("webauthn.get", ceremony)?;
        self.data.expect(ceremony.rp_id)?;
        let signed = [self.data_bytes.as_slice(), &self.client_data_hash].concat();
        PublicKey::from_cose(public_key)?.verify(&signed, &self.signature)?;
        // A counter that does not rise was copied together with the key. Synced passkeys do not count.
        let count = self.data.sign_count;
        unless((count == 0 && counted == 0) || count > counted, Rejected::Unfit)?;
        Ok(count)
    }
}

impl ClientData {
    fn expect(&self, kind: &str, ceremony: &Ceremony<'_>) -> Result<(), Rejected> {
        let is_answer = self.kind == kind && self.challenge == ceremony.challenge && !ceremony.challenge.is_empty();
        unless(is_answer && !self.cross_origin && (ceremony.is_origin_allowed)(&self.origin), Rejected::Unfit)
    }
}

fn read_credential<R: DeserializeOwned>(text: &str) -> Result<(Vec<u8>, R), Rejected> {
    let credential: Credential<R> = serde_json::from_str(text).map_err(|_| Rejected::Malformed)?;
    let raw_id = from_base64url(&credential.raw_id)?;
    unless(credential.kind == "public-key" && !raw_id.is_empty(), Rejected::Malformed)?;
    Ok((raw_id, credential.response))
}

fn read_client_data(text: &str) -> Result<(ClientData, [u8; 32]), Rejected> {
    let bytes = from_base64url(text)?;
    let data = serde_json::from_slice(&bytes).map_err(|_| Rejected::Malformed)?;
    Ok((data, sha256(&bytes)))
}

fn text_key<'a>(map: &'a Value, name: &str) -> Option<&'a Value> {
    map.as_map()?.iter().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value)
}
