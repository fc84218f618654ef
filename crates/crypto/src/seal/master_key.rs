//! The key of the server: 32 bytes from a file or the environment, never in the database.

use super::envelope::{Cipher, KEY_BYTES, key_bytes};
use super::{DataKey, SealError};
use crate::digest::{hex, hmac_sha256};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use verger_model::{DataKeyId, Entropy, InstanceId, Secret};

/// A text that is no master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 32 bytes, written as 64 hex digits or as base64")]
pub struct MasterKeyError;

/// The key that wraps data keys.
pub struct MasterKey {
    bytes: Secret<[u8; KEY_BYTES]>,
    cipher: Cipher,
}

impl MasterKey {
    /// A new key.
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; KEY_BYTES];
        entropy.fill(&mut bytes);
        Self::new(Secret::new(bytes))
    }

    /// Reads the text of a key file: 64 hex digits or base64 of 32 bytes, white space around it ignored.
    pub fn parse(text: &str) -> Result<Self, MasterKeyError> {
        key_bytes(text).map(Self::new).ok_or(MasterKeyError)
    }

    fn new(bytes: Secret<[u8; KEY_BYTES]>) -> Self {
        let id = hex(&hmac_sha256(bytes.expose(), &[b"master key id"])[..8]);
        let cipher = Cipher::new(id, bytes.expose());
        Self { bytes, cipher }
    }

    /// The text for a key file: base64.
    pub fn to_text(&self) -> Secret<String> {
        Secret::new(STANDARD.encode(self.bytes.expose()))
    }

    /// A fingerprint of 16 hex digits, fit for logs: says which key this is and nothing about it.
    pub fn id(&self) -> &str {
        self.cipher.id()
    }

    /// The data key in the form that the database keeps.
    pub fn wrap(&self, key: &DataKey, instance: &InstanceId, entropy: &dyn Entropy) -> String {
        self.cipher.seal(&context(instance, key.id()), key.bytes().expose(), entropy)
    }

    /// Reads a wrapped data key. [`SealError::OtherKey`] says that another master key wrapped it, which is what a server that
    /// was started with the wrong key file sees.
    pub fn unwrap(&self, wrapped: &str, id: &DataKeyId, instance: &InstanceId) -> Result<DataKey, SealError> {
        let bytes = self.cipher.open(&context(instance, id), wrapped)?;
        let bytes = bytes.expose()[..].try_into().map_err(|_| SealError::Malformed)?;
        Ok(DataKey::from_bytes(id.clone(), Secret::new(bytes)))
    }

    /// Wraps a data key of an older master key with this one. The values under it stay as they are.
    pub fn rewrap(
        &self,
        old: &Self,
        wrapped: &str,
        id: &DataKeyId,
        instance: &InstanceId,
        entropy: &dyn Entropy,
    ) -> Result<String, SealError> {
        old.unwrap(wrapped, id, instance).map(|key| self.wrap(&key, instance, entropy))
    }
}

fn context<'a>(instance: &'a InstanceId, id: &'a DataKeyId) -> [&'a str; 3] {
    ["data key", instance.as_str(), id.as_str()]
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MasterKey").field(&self.id()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Place;
    use super::*;
    use crate::fixture::seeded;

    fn master(seed: u64) -> MasterKey {
        MasterKey::generate(&seeded(seed))
    }

    fn ids() -> (InstanceId, DataKeyId) {
        ("ins_1".parse().unwrap(), "dek_1".parse().unwrap())
    }

    #[test]
    fn a_key_is_read_from_every_form_that_people_keep() {
        let key = MasterKey::parse(&"fb".repeat(32)).unwrap();
        let base64 = key.to_text();
        let text = base64.expose();
        assert!(text.contains('/') && text.ends_with('='));
        let url_safe = text.replace('+', "-").replace('/', "_");
        let forms = [
            text.clone(),
            format!("  {text}\r\n"),
            text.trim_end_matches('=').to_owned(),
            url_safe.trim_end_matches('=').to_owned(),
            url_safe,
            "FB".repeat(32),
        ];
        for form in forms {
            assert_eq!(MasterKey::parse(&form).unwrap().id(), key.id(), "{form}");
        }
    }

    #[test]
    fn other_texts_are_no_key() {
        let short = STANDARD.encode([1; 31]);
        let long = STANDARD.encode([1; 33]);
        let with_gap = format!("{} {}", &"ab".repeat(16), &"ab".repeat(16));
        for text in ["", "key", &short, &long, &"fb".repeat(31), &"zz".repeat(32), &with_gap, "é"] {
            assert_eq!(MasterKey::parse(text).unwrap_err(), MasterKeyError, "{text}");
        }
    }

    #[test]
    fn a_data_key_is_read_back() {
        let (instance, id) = ids();
        let key = DataKey::generate(id.clone(), &seeded(1));
        let wrapped = master(2).wrap(&key, &instance, &seeded(3));
        let again = master(2).unwrap(&wrapped, &id, &instance).unwrap();
        assert_eq!(again.bytes(), key.bytes());
        assert_eq!(again.id(), &id);
    }

    #[test]
    fn a_wrong_master_key_is_told_from_a_broken_seal() {
        let (instance, id) = ids();
        let wrapped = master(2).wrap(&DataKey::generate(id.clone(), &seeded(1)), &instance, &seeded(3));
        assert_eq!(master(4).unwrap(&wrapped, &id, &instance).unwrap_err(), SealError::OtherKey);
        let other: InstanceId = "ins_2".parse().unwrap();
        assert_eq!(master(2).unwrap(&wrapped, &id, &other).unwrap_err(), SealError::Broken);
        assert_eq!(master(2).unwrap(&wrapped, &"dek_2".parse().unwrap(), &instance).unwrap_err(), SealError::Broken);
        assert_eq!(master(2).unwrap("", &id, &instance).unwrap_err(), SealError::Malformed);
    }

    #[test]
    fn rewrapping_keeps_the_values_readable_and_retires_the_old_key() {
        let (instance, id) = ids();
        let place = Place { instance: &instance, table: "t", column: "c", row: "r" };
        let key = DataKey::generate(id.clone(), &seeded(1));
        let value = key.seal(&place, b"secret", &seeded(5));
        let (old, new) = (master(2), master(4));
        let wrapped = old.wrap(&key, &instance, &seeded(3));
        let rewrapped = new.rewrap(&old, &wrapped, &id, &instance, &seeded(6)).unwrap();

        let again = new.unwrap(&rewrapped, &id, &instance).unwrap();
        assert_eq!(again.open(&place, &value).unwrap().expose(), b"secret");
        assert_eq!(old.unwrap(&rewrapped, &id, &instance).unwrap_err(), SealError::OtherKey);
        assert_eq!(new.rewrap(&new, &wrapped, &id, &instance, &seeded(7)).unwrap_err(), SealError::OtherKey);
    }

    #[test]
    fn a_key_does_not_show_itself() {
        let key = master(1);
        assert_eq!(format!("{key:?}"), format!("MasterKey({:?})", key.id()));
        assert_eq!(key.id().len(), 16);
        assert_ne!(key.id(), master(2).id());
    }
}
