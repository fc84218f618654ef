//! `{SSHA}` of LDAP directories: base64 of SHA-1 over password and salt, the salt behind it.

use super::decode::base64;
use super::{Memory, PasswordError, Verifier};
use crate::digest::constant_time_eq;
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA1_OUTPUT_LEN, digest};

/// A parsed digest: 20 bytes of hash, the rest is salt.
pub(super) struct Digest(Vec<u8>);

impl Digest {
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        let bytes = base64(text.strip_prefix("{SSHA}").ok_or(PasswordError::Malformed)?)?;
        // Directories salt with 4 to 16 bytes.
        if (SHA1_OUTPUT_LEN + 4..=SHA1_OUTPUT_LEN + 16).contains(&bytes.len()) {
            Ok(Self(bytes))
        } else {
            Err(PasswordError::Malformed)
        }
    }
}

impl Verifier for Digest {
    fn verify(&self, password: &[u8], _: &mut Memory) -> Result<bool, PasswordError> {
        let (hash, salt) = self.0.split_at(SHA1_OUTPUT_LEN);
        let computed = digest(&SHA1_FOR_LEGACY_USE_ONLY, &[password, salt].concat());
        Ok(constant_time_eq(computed.as_ref(), hash))
    }
}
