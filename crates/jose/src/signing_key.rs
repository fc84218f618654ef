//! The private key of an instance. Parsed once and kept: parsing costs more than signing.

use crate::{KeyError, PublicKey};
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use std::fmt;
use zeroize::Zeroizing;

/// Bytes of a signature: as many as the modulus has.
pub(crate) const SIGNATURE_BYTES: usize = 256;

/// An RSA-2048 key pair with exponent 65537, ready to sign.
pub struct SigningKey {
    pair: KeyPair,
    public: PublicKey,
}

impl SigningKey {
    /// Makes a new key, about a tenth of a second of work. The one place whose randomness is not an argument: the library
    /// generates RSA keys from its own source only.
    pub fn generate() -> Result<Self, KeyError> {
        KeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Failed).and_then(Self::new)
    }

    /// Reads an unencrypted PKCS#8 key in DER.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, KeyError> {
        KeyPair::from_pkcs8(der).map_err(|_| KeyError::Malformed).and_then(Self::new)
    }

    fn new(pair: KeyPair) -> Result<Self, KeyError> {
        let public = PublicKey::from_pkcs1(pair.public_key().as_ref())?;
        Ok(Self { pair, public })
    }

    /// The unencrypted PKCS#8 form in DER, for sealing. Wiped when dropped.
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let der: Pkcs8V1Der<'_> = self.pair.as_der().map_err(|_| KeyError::Failed)?;
        Ok(Zeroizing::new(der.as_ref().to_vec()))
    }

    /// The public half.
    pub const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// Signs with RSASSA-PKCS1-v1_5 and SHA-256. `None` if the library fails.
    pub(crate) fn sign(&self, message: &[u8]) -> Option<[u8; SIGNATURE_BYTES]> {
        let mut signature = [0; SIGNATURE_BYTES];
        self.pair.sign_digest(&RSA_PKCS1_SHA256, &digest(&SHA256, message), &mut signature).ok()?;
        Some(signature)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("public", &self.public).finish_non_exhaustive()
    }
}

/// One key for all tests of a process, since making one is slow.
#[cfg(test)]
pub(crate) fn fixture() -> &'static SigningKey {
    static KEY: std::sync::OnceLock<SigningKey> = std::sync::OnceLock::new();
    KEY.get_or_init(|| SigningKey::generate().unwrap())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_from_pkcs8() {
        let key = fixture();
        let again = SigningKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap();
        assert_eq!(again.public(), key.public());
        assert_eq!(again.sign(b"message"), key.sign(b"message"));
        assert!(key.public().has_signed(b"message", &again.sign(b"message").unwrap()));
    }

    #[test]
    fn other_sizes_are_refused() {
        let large = KeyPair::generate(KeySize::Rsa3072).unwrap();
        let der: Pkcs8V1Der<'_> = large.as_der().unwrap();
        assert_eq!(SigningKey::from_pkcs8(der.as_ref()).unwrap_err(), KeyError::Unsupported);
    }

    #[test]
    fn junk_is_no_key() {
        let good = fixture().to_pkcs8().unwrap();
        for bad in [&b""[..], b"key", &good[..good.len() - 1], &good[1..]] {
            assert_eq!(SigningKey::from_pkcs8(bad).unwrap_err(), KeyError::Malformed);
        }
    }

    #[test]
    fn a_key_does_not_show_itself() {
        let shown = format!("{:?}", fixture());
        assert!(shown.len() < 80, "{shown}");
    }
}
