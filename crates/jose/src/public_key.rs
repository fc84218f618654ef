//! The public half of a signing key, parsed once, and its two published forms: JWK and PEM.

use crate::{Jwk, KeyError};
use aws_lc_rs::signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use std::fmt;

/// Bytes of the modulus of a 2048-bit key.
const MODULUS_BYTES: usize = 256;
/// 65537, the one exponent in use.
const EXPONENT: [u8; 3] = [1, 0, 1];
const EXPONENT_TEXT: &str = "AQAB";

/// What stands before the modulus in the DER of an `RSAPublicKey` of 2048 bits: the sequence, the integer, its leading zero.
const PKCS1_HEAD: [u8; 9] = [0x30, 0x82, 0x01, 0x0a, 0x02, 0x82, 0x01, 0x01, 0x00];
/// What stands after it: the exponent as an integer.
const PKCS1_TAIL: [u8; 5] = [0x02, 0x03, 0x01, 0x00, 0x01];

/// An RSA-2048 verification key with exponent 65537.
#[derive(Clone)]
pub struct PublicKey {
    n: [u8; MODULUS_BYTES],
    parsed: ParsedPublicKey,
}

impl PublicKey {
    /// Reads the DER of an `RSAPublicKey` (RFC 8017). Both ends of it are the same for every key of the supported kind, so a
    /// comparison of them is the whole parser.
    pub(crate) fn from_pkcs1(der: &[u8]) -> Result<Self, KeyError> {
        der.strip_prefix(&PKCS1_HEAD)
            .and_then(|rest| rest.strip_suffix(&PKCS1_TAIL))
            .ok_or(KeyError::Unsupported)
            .and_then(Self::from_modulus)
    }

    fn from_modulus(n: &[u8]) -> Result<Self, KeyError> {
        let n: [u8; MODULUS_BYTES] = n.try_into().map_err(|_| KeyError::Unsupported)?;
        if n[0] & 0x80 == 0 {
            return Err(KeyError::Unsupported);
        }
        let parsed = RsaPublicKeyComponents { n: &n[..], e: &EXPONENT[..] }
            .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
            .map_err(|_| KeyError::Malformed)?;
        Ok(Self { n, parsed })
    }

    /// Reads a published key. Refuses other key types, algorithms, sizes and exponents.
    pub fn from_jwk(jwk: &Jwk) -> Result<Self, KeyError> {
        if jwk.kty != "RSA" || jwk.alg != "RS256" || jwk.e != EXPONENT_TEXT {
            return Err(KeyError::Unsupported);
        }
        let n = URL_SAFE_NO_PAD.decode(&jwk.n).map_err(|_| KeyError::Malformed)?;
        Self::from_modulus(&n)
    }

    /// The published form under this id.
    pub fn to_jwk(&self, kid: &str) -> Jwk {
        Jwk {
            use_: "sig".to_owned(),
            kty: "RSA".to_owned(),
            kid: kid.to_owned(),
            alg: "RS256".to_owned(),
            n: URL_SAFE_NO_PAD.encode(self.n),
            e: EXPONENT_TEXT.to_owned(),
        }
    }

    /// The key as `CLERK_JWT_KEY` wants it: a `SubjectPublicKeyInfo` in PEM, lines of 64 characters, with a newline at the end.
    /// `@clerk/backend` finds the modulus by cutting fixed texts off both ends, which every key of this kind has.
    pub fn to_pem(&self) -> String {
        let body = STANDARD.encode(&self.parsed);
        let mut pem = String::with_capacity(body.len() + body.len() / 64 + 64);
        pem.push_str("-----BEGIN PUBLIC KEY-----\n");
        let mut rest = body.as_str();
        while !rest.is_empty() {
            let (line, tail) = rest.split_at(rest.len().min(64));
            pem.push_str(line);
            pem.push('\n');
            rest = tail;
        }
        pem.push_str("-----END PUBLIC KEY-----\n");
        pem
    }

    /// Whether this key signed the message (RSASSA-PKCS1-v1_5 with SHA-256).
    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.n == other.n
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PublicKey").field(&URL_SAFE_NO_PAD.encode(&self.n[..6])).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signing_key::fixture;

    #[test]
    fn the_pem_has_the_ends_that_the_sdk_cuts_off() {
        let key = fixture().public();
        let pem = key.to_pem();
        let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
        let modulus = body
            .strip_prefix("MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA")
            .and_then(|rest| rest.strip_suffix("IDAQAB"))
            .unwrap();
        // What is left is the modulus in base64, its last digit shared with the exponent's tag.
        let n = key.to_jwk("ins_1").n.replace('-', "+").replace('_', "/");
        assert_eq!(modulus[..n.len() - 1], n[..n.len() - 1]);
        assert!(pem.lines().all(|line| line.len() <= 64));
        assert!(pem.ends_with("-----END PUBLIC KEY-----\n"));
    }

    #[test]
    fn a_jwk_is_read_back() {
        let key = fixture().public().clone();
        let jwk = key.to_jwk("ins_1");
        assert_eq!(PublicKey::from_jwk(&jwk), Ok(key));
        let json = serde_json::to_value(&jwk).unwrap();
        assert_eq!(json["use"], "sig");
        assert_eq!(json["kty"], "RSA");
        assert_eq!(json["alg"], "RS256");
        assert_eq!(json["kid"], "ins_1");
        assert_eq!(json["e"], "AQAB");
        assert_eq!(json["n"].as_str().map(str::len), Some(342));
    }

    #[test]
    fn other_keys_are_refused() {
        let good = fixture().public().to_jwk("ins_1");
        let refused = |change: &dyn Fn(&mut Jwk)| {
            let mut jwk = good.clone();
            change(&mut jwk);
            PublicKey::from_jwk(&jwk).unwrap_err()
        };
        assert_eq!(refused(&|k| k.kty = "EC".into()), KeyError::Unsupported);
        assert_eq!(refused(&|k| k.alg = "HS256".into()), KeyError::Unsupported);
        assert_eq!(refused(&|k| k.e = "Aw".into()), KeyError::Unsupported);
        assert_eq!(refused(&|k| k.n.truncate(200)), KeyError::Unsupported);
        assert_eq!(refused(&|k| k.n.push('=')), KeyError::Malformed);
        assert_eq!(refused(&|k| k.n.replace_range(..1, "A")), KeyError::Unsupported);
    }
}
