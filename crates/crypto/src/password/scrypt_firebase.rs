//! Firebase's scrypt: `hash$salt$signer_key$salt_separator$rounds$mem_cost`. The derived key encrypts the project's signer key
//! with AES-256-CTR from a zero counter, and the ciphertext is the hash.

use super::decode::{base64, number};
use super::scrypt_werkzeug::affordable;
use super::{Memory, PasswordError, Verifier};
use crate::digest::constant_time_eq;
use ::scrypt::{Params, scrypt};
use aws_lc_rs::cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey};
use aws_lc_rs::iv::FixedLength;

/// A parsed digest.
pub(super) struct Digest {
    params: Params,
    salt: Vec<u8>,
    signer_key: Vec<u8>,
    hash: Vec<u8>,
}

impl Digest {
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        let fields: Vec<&str> = text.split('$').collect();
        let [hash, salt, signer_key, separator, rounds, mem_cost] = fields[..] else {
            return Err(PasswordError::Malformed);
        };
        let (hash, signer_key) = (base64(hash)?, base64(signer_key)?);
        if signer_key.len() < 16 || hash.len() != signer_key.len() {
            return Err(PasswordError::Malformed);
        }
        let salt = [base64(salt)?, base64(separator)?].concat();
        let params = affordable(number(mem_cost)?, number(rounds)?, 1)?;
        Ok(Self { params, salt, signer_key, hash })
    }
}

impl Verifier for Digest {
    fn verify(&self, password: &[u8], _: &mut Memory) -> Result<bool, PasswordError> {
        let mut key = [0; 32];
        scrypt(password, &self.salt, &self.params, &mut key).map_err(|_| PasswordError::Malformed)?;
        let mut computed = self.signer_key.clone();
        UnboundCipherKey::new(&AES_256, &key)
            .and_then(EncryptingKey::ctr)
            .and_then(|cipher| {
                cipher.less_safe_encrypt(&mut computed, EncryptionContext::Iv128(FixedLength::from([0; 16])))
            })
            .expect("a key of 32 bytes and an initial counter of 16 are what the cipher takes");
        Ok(constant_time_eq(&computed, &self.hash))
    }
}
