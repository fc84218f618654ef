//! The text form of both layers and the cipher under it.

use super::SealError;
use crate::digest::from_hex;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use verger_model::{Entropy, Secret};

const VERSION: &str = "v1";

/// Bytes of a key of either layer.
pub(super) const KEY_BYTES: usize = 32;

/// An AES-256-GCM key with the id that its envelopes carry.
pub(super) struct Cipher {
    id: String,
    key: LessSafeKey,
}

impl Cipher {
    pub(super) fn new(id: String, bytes: &[u8; KEY_BYTES]) -> Self {
        let key = UnboundKey::new(&AES_256_GCM, bytes).expect("the key has the length of the cipher");
        Self { id, key: LessSafeKey::new(key) }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Encrypts under a fresh nonce. The context is authenticated along with the version and the id, and not stored.
    pub(super) fn seal(&self, context: &[&str], plaintext: &[u8], entropy: &dyn Entropy) -> String {
        let mut nonce = [0; NONCE_LEN];
        entropy.fill(&mut nonce);
        let mut text = Vec::with_capacity(plaintext.len() + AES_256_GCM.tag_len());
        text.extend_from_slice(plaintext);
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad(&self.id, context)), &mut text)
            .expect("the plaintext is far below the limit of the cipher");
        format!("{VERSION}.{}.{}.{}", self.id, URL_SAFE_NO_PAD.encode(nonce), URL_SAFE_NO_PAD.encode(text))
    }

    pub(super) fn open(&self, context: &[&str], sealed: &str) -> Result<Secret<Vec<u8>>, SealError> {
        let envelope = Envelope::parse(sealed)?;
        if envelope.key_id != self.id {
            return Err(SealError::OtherKey);
        }
        let mut text = envelope.ciphertext;
        let nonce = Nonce::assume_unique_for_key(envelope.nonce);
        let plaintext = self
            .key
            .open_in_place(nonce, Aad::from(aad(&self.id, context)), &mut text)
            .map_err(|_| SealError::Broken)?;
        let length = plaintext.len();
        text.truncate(length);
        Ok(Secret::new(text))
    }
}

struct Envelope<'a> {
    key_id: &'a str,
    nonce: [u8; NONCE_LEN],
    ciphertext: Vec<u8>,
}

impl<'a> Envelope<'a> {
    fn parse(sealed: &'a str) -> Result<Self, SealError> {
        let parts: Vec<&str> = sealed.split('.').collect();
        let [VERSION, key_id, nonce, ciphertext] = parts[..] else { return Err(SealError::Malformed) };
        let decode = |part| URL_SAFE_NO_PAD.decode(part).map_err(|_| SealError::Malformed);
        let nonce = decode(nonce)?.try_into().map_err(|_| SealError::Malformed)?;
        Ok(Self { key_id, nonce, ciphertext: decode(ciphertext)? })
    }
}

/// The id of the key that sealed a text.
pub(super) fn key_id(sealed: &str) -> Result<&str, SealError> {
    Envelope::parse(sealed).map(|envelope| envelope.key_id)
}

/// What is authenticated but not stored. Each part has its length in front, so `("a", "bc")` is not `("ab", "c")`.
fn aad(id: &str, context: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    for part in [VERSION, id].iter().chain(context) {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

/// Reads a key in the forms that people keep one in: 64 hex digits, or base64 of either alphabet, padded or not.
pub(super) fn key_bytes(text: &str) -> Option<Secret<[u8; KEY_BYTES]>> {
    let text = text.trim();
    let hex = (text.len() == KEY_BYTES * 2).then(|| from_hex(text)).flatten();
    let bytes = hex.or_else(|| {
        let plain = text.trim_end_matches('=').replace('-', "+").replace('_', "/");
        let padded = format!("{plain}{}", &"==="[..(4 - plain.len() % 4) % 4]);
        STANDARD.decode(padded).ok()
    });
    bytes.map(Secret::new).and_then(|bytes| bytes.expose()[..].try_into().ok()).map(Secret::new)
}
