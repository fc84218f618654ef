//! PBKDF2 in the five layouts that Clerk takes, all `name$iterations$salt$hash`. The hasher decides the layout: Django's and
//! the base64 one begin with the same name.

use super::decode::{base64, hash_of_usual_length, hex, number};
use super::{Hasher, Memory, PasswordError, Verifier};
use aws_lc_rs::pbkdf2::{Algorithm, PBKDF2_HMAC_SHA1, PBKDF2_HMAC_SHA256, PBKDF2_HMAC_SHA512, verify};
use std::num::NonZeroU32;

/// Iterations times blocks of output: one to three seconds.
const MAX_WORK: usize = 5_000_000;

/// A parsed digest of any layout.
pub(super) struct Digest {
    algorithm: Algorithm,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    hash: Vec<u8>,
}

impl Digest {
    pub(super) fn parse(hasher: Hasher, text: &str) -> Result<Self, PasswordError> {
        let name = match hasher {
            Hasher::Pbkdf2Sha256Django => "pbkdf2_sha256",
            _ => hasher.as_str(),
        };
        let fields: Vec<&str> = text.split('$').collect();
        let (iterations, salt, hash, length) = match fields[..] {
            [first, iterations, salt, hash] if first == name => (iterations, salt, hash, None),
            // Only this layout may state the length of the key.
            [first, iterations, salt, hash, length] if first == name && hasher == Hasher::Pbkdf2Sha1 => {
                (iterations, salt, hash, Some(length))
            }
            _ => return Err(PasswordError::Malformed),
        };
        let text = |salt: &str| salt.as_bytes().to_vec();
        let (algorithm, block, salt, hash) = match hasher {
            Hasher::Pbkdf2Sha1 => (PBKDF2_HMAC_SHA1, 20, hex(salt).unwrap_or_else(|_| text(salt)), hex(hash)?),
            Hasher::Pbkdf2Sha256 => (PBKDF2_HMAC_SHA256, 32, base64(salt)?, base64(hash)?),
            Hasher::Pbkdf2Sha256Django => (PBKDF2_HMAC_SHA256, 32, text(salt), base64(hash)?),
            Hasher::Pbkdf2Sha512 => (PBKDF2_HMAC_SHA512, 64, text(salt), hex(hash)?),
            Hasher::Pbkdf2Sha512Hex => (PBKDF2_HMAC_SHA512, 64, hex(salt)?, hex(hash)?),
            _ => return Err(PasswordError::UnknownHasher),
        };
        let hash = hash_of_usual_length(hash)?;
        if let Some(length) = length
            && number(length)? as usize != hash.len()
        {
            return Err(PasswordError::Malformed);
        }
        let iterations = NonZeroU32::new(number(iterations)?).ok_or(PasswordError::Malformed)?;
        if (iterations.get() as usize).saturating_mul(hash.len().div_ceil(block)) > MAX_WORK {
            return Err(PasswordError::TooCostly);
        }
        Ok(Self { algorithm, iterations, salt, hash })
    }
}

impl Verifier for Digest {
    fn verify(&self, password: &[u8], _: &mut Memory) -> Result<bool, PasswordError> {
        Ok(verify(self.algorithm, self.iterations, &self.salt, password, &self.hash).is_ok())
    }
}
