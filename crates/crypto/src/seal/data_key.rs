//! The key of an instance: it seals values and gives the keys of other purposes.

use super::SealError;
use super::envelope::{Cipher, KEY_BYTES, key_id};
use crate::digest::hmac_sha256;
use std::fmt;
use verger_model::{DataKeyId, Entropy, InstanceId, Secret};

/// Where a sealed value lives. It opens nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The tenant.
    pub instance: &'a InstanceId,
    /// The table.
    pub table: &'a str,
    /// The column.
    pub column: &'a str,
    /// The key of the row.
    pub row: &'a str,
}

/// A data key in use. At rest it exists only wrapped by the [`super::MasterKey`].
pub struct DataKey {
    id: DataKeyId,
    bytes: Secret<[u8; KEY_BYTES]>,
    cipher: Cipher,
}

impl DataKey {
    /// A new key under this id.
    pub fn generate(id: DataKeyId, entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; KEY_BYTES];
        entropy.fill(&mut bytes);
        Self::from_bytes(id, Secret::new(bytes))
    }

    pub(super) fn from_bytes(id: DataKeyId, bytes: Secret<[u8; KEY_BYTES]>) -> Self {
        let cipher = Cipher::new(id.as_str().to_owned(), bytes.expose());
        Self { id, bytes, cipher }
    }

    pub(super) const fn bytes(&self) -> &Secret<[u8; KEY_BYTES]> {
        &self.bytes
    }

    /// The id that sealed values name.
    pub const fn id(&self) -> &DataKeyId {
        &self.id
    }

    /// Encrypts a value for its place.
    pub fn seal(&self, place: &Place<'_>, plaintext: &[u8], entropy: &dyn Entropy) -> String {
        self.cipher.seal(&place.context(), plaintext, entropy)
    }

    /// Decrypts a value that was sealed with this key for this place.
    pub fn open(&self, place: &Place<'_>, sealed: &str) -> Result<Secret<Vec<u8>>, SealError> {
        self.cipher.open(&place.context(), sealed)
    }

    /// A key for another purpose, such as `"one-time codes"`. The same purpose gives the same key in every process.
    pub fn derive(&self, purpose: &str) -> Secret<[u8; 32]> {
        Secret::new(hmac_sha256(self.bytes.expose(), &[b"derived key", purpose.as_bytes()]))
    }

    /// The id of the data key that a value was sealed with.
    pub fn id_in(sealed: &str) -> Result<DataKeyId, SealError> {
        key_id(sealed)?.parse().map_err(|_| SealError::Malformed)
    }
}

impl Place<'_> {
    fn context(&self) -> [&str; 5] {
        ["value", self.instance.as_str(), self.table, self.column, self.row]
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DataKey").field(&self.id).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::seeded;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    fn instance(n: u32) -> InstanceId {
        format!("ins_{n}").parse().unwrap()
    }

    fn key(seed: u64) -> DataKey {
        DataKey::generate("dek_1".parse().unwrap(), &seeded(seed))
    }

    fn place(instance: &InstanceId) -> Place<'_> {
        Place { instance, table: "signing_keys", column: "sealed", row: "ins_1" }
    }

    #[test]
    fn a_value_opens_in_its_place() {
        let one = instance(1);
        let sealed = key(1).seal(&place(&one), b"secret canary", &seeded(2));
        assert!(sealed.starts_with("v1.dek_1."));
        assert!(!sealed.contains("canary"));
        assert_eq!(key(1).open(&place(&one), &sealed).unwrap().expose(), b"secret canary");
        assert_eq!(DataKey::id_in(&sealed).unwrap().as_str(), "dek_1");
    }

    #[test]
    fn it_opens_nowhere_else() {
        let (one, two) = (instance(1), instance(2));
        let sealed = key(1).seal(&place(&one), b"secret", &seeded(2));
        let elsewhere = [
            place(&two),
            Place { table: "secret_keys", ..place(&one) },
            Place { column: "other", ..place(&one) },
            Place { row: "ins_2", ..place(&one) },
            Place { table: "signing_keyss", column: "ealed", ..place(&one) },
        ];
        for other in elsewhere {
            assert_eq!(key(1).open(&other, &sealed).unwrap_err(), SealError::Broken, "{other:?}");
        }
    }

    #[test]
    fn another_key_does_not_open_it() {
        let one = instance(1);
        let sealed = key(1).seal(&place(&one), b"secret", &seeded(2));
        assert_eq!(key(9).open(&place(&one), &sealed).unwrap_err(), SealError::Broken);
        let renamed = DataKey::generate("dek_2".parse().unwrap(), &seeded(1));
        assert_eq!(renamed.open(&place(&one), &sealed).unwrap_err(), SealError::OtherKey);
        let relabelled = sealed.replace("dek_1", "dek_2");
        assert_eq!(renamed.open(&place(&one), &relabelled).unwrap_err(), SealError::Broken);
    }

    #[test]
    fn the_same_value_is_never_sealed_alike() {
        let (one, source) = (instance(1), seeded(2));
        assert_ne!(key(1).seal(&place(&one), b"x", &source), key(1).seal(&place(&one), b"x", &source));
    }

    #[test]
    fn other_texts_are_malformed() {
        let one = instance(1);
        let sealed = key(1).seal(&place(&one), b"secret", &seeded(2));
        let [_, id, nonce, text] = sealed.split('.').collect::<Vec<_>>()[..] else { panic!("four parts") };
        let texts = [
            String::new(),
            "secret".into(),
            format!("v2.{id}.{nonce}.{text}"),
            format!("v1.{id}.{nonce}"),
            format!("{sealed}.x"),
            format!("v1.{id}.{}.{text}", &nonce[4..]),
            format!("v1.{id}.{nonce}.{text}="),
            format!("v1.{id}.{nonce}.%"),
        ];
        for text in texts {
            assert_eq!(key(1).open(&place(&one), &text).unwrap_err(), SealError::Malformed, "{text}");
        }
        assert_eq!(key(1).open(&place(&one), &format!("v1.{id}.{nonce}.")).unwrap_err(), SealError::Broken);
        assert_eq!(DataKey::id_in("v1.user_1.AAAAAAAAAAAAAAAA.AA").unwrap_err(), SealError::Malformed);
    }

    #[test]
    fn purposes_have_keys_of_their_own() {
        assert_eq!(key(1).derive("codes"), key(1).derive("codes"));
        assert_ne!(key(1).derive("codes"), key(1).derive("tickets"));
        assert_ne!(key(1).derive("codes"), key(2).derive("codes"));
        assert_ne!(key(1).derive("codes").expose(), key(1).bytes().expose());
    }

    #[test]
    fn a_key_does_not_show_itself() {
        assert_eq!(format!("{:?}", key(1)), "DataKey(dek_1)");
    }

    proptest! {
        #[test]
        fn every_value_is_read_back(value: Vec<u8>, seed: u64) {
            let one = instance(1);
            let sealed = key(1).seal(&place(&one), &value, &seeded(seed));
            let opened = key(1).open(&place(&one), &sealed).unwrap();
            prop_assert_eq!(opened.expose(), &value);
        }

        #[test]
        fn any_flipped_bit_breaks_the_seal(bit: prop::sample::Index, part in 2usize..4) {
            let one = instance(1);
            let sealed = key(1).seal(&place(&one), b"secret", &seeded(2));
            let mut parts: Vec<String> = sealed.split('.').map(str::to_owned).collect();
            let mut bytes = URL_SAFE_NO_PAD.decode(&parts[part]).unwrap();
            let bit = bit.index(bytes.len() * 8);
            bytes[bit / 8] ^= 1 << (bit % 8);
            parts[part] = URL_SAFE_NO_PAD.encode(bytes);
            prop_assert_eq!(key(1).open(&place(&one), &parts.join(".")).unwrap_err(), SealError::Broken);
        }

        #[test]
        fn any_cut_breaks_the_seal(at: prop::sample::Index) {
            let one = instance(1);
            let sealed = key(1).seal(&place(&one), b"secret", &seeded(2));
            prop_assert!(key(1).open(&place(&one), &sealed[..at.index(sealed.len())]).is_err());
        }
    }
}
