//! Public keys of passkeys in COSE form (RFC 9052, RFC 9053), of the three kinds that authenticators make.

use super::{Rejected, unless};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use ciborium::Value;

/// The algorithms that are taken, in the order of preference: `EdDSA`, ES256, RS256.
pub const ALGORITHMS: [i64; 3] = [-8, -7, -257];

/// How deep a CBOR document may be nested; real ones are three levels deep.
const DEPTH: usize = 8;

const KEY_TYPE: i64 = 1;
const ALGORITHM: i64 = 3;
/// Curve of elliptic keys; modulus of RSA keys.
const FIRST: i64 = -1;
/// x of elliptic keys; exponent of RSA keys.
const SECOND: i64 = -2;
/// y of elliptic keys.
const THIRD: i64 = -3;

/// Reads one CBOR document off the front of the bytes.
pub(super) fn read_cbor(bytes: &mut &[u8]) -> Result<Value, Rejected> {
    ciborium::de::from_reader_with_recursion_limit(bytes, DEPTH).map_err(|_| Rejected::Malformed)
}

/// A key that checks signatures.
pub(super) struct PublicKey(ParsedPublicKey);

impl PublicKey {
    /// Reads a key, which must be all there is.
    pub(super) fn from_cose(mut bytes: &[u8]) -> Result<Self, Rejected> {
        let key = read_cbor(&mut bytes)?;
        unless(bytes.is_empty(), Rejected::Malformed)?;
        let bytes_at = |label: i64| at(&key, label).and_then(Value::as_bytes).map(Vec::as_slice);
        let words = (int_at(&key, KEY_TYPE), int_at(&key, ALGORITHM), int_at(&key, FIRST));
        let parsed = match words {
            (Some(1), Some(-8), Some(6)) => {
                let x = bytes_at(SECOND).ok_or(Rejected::Malformed)?;
                ParsedPublicKey::new(&ED25519, x)
            }
            (Some(2), Some(-7), Some(1)) => {
                let (x, y) = (bytes_at(SECOND).unwrap_or_default(), bytes_at(THIRD).unwrap_or_default());
                unless(x.len() == 32 && y.len() == 32, Rejected::Malformed)?;
                ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, [&[4], x, y].concat())
            }
            (Some(3), Some(-257), None) => {
                let n = bytes_at(FIRST).ok_or(Rejected::Malformed)?;
                let e = bytes_at(SECOND).ok_or(Rejected::Malformed)?;
                return RsaPublicKeyComponents { n, e }
                    .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
                    .map(Self)
                    .map_err(|_| Rejected::Malformed);
            }
            _ => return Err(Rejected::Malformed),
        };
        parsed.map(Self).map_err(|_| Rejected::Malformed)
    }

    /// Refuses a signature that this key did not make over the message.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Rejected> {
        self.0.verify_sig(message, signature).map_err(|_| Rejected::Unfit)
    }
}

fn at(map: &Value, label: i64) -> Option<&Value> {
    let is_it = |key: &Value| key.as_integer().is_some_and(|it| i128::from(it) == i128::from(label));
    map.as_map()?.iter().find(|(key, _)| is_it(key)).map(|(_, value)| value)
}

fn int_at(map: &Value, label: i64) -> Option<i64> {
    at(map, label)?.as_integer().and_then(|it| i64::try_from(it).ok())
}
