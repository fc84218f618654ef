//! bcrypt and its two wrappings. All of them read the first 72 bytes of a password, as the libraries that made the digests did:
//! refusing longer ones would lock those users out.

use super::decode::{BCRYPT_BASE64, number};
use super::{Memory, PasswordError, Verifier};
use crate::digest::{constant_time_eq, sha256_hex};
use base64::Engine;

/// 2^15 rounds take about 1.5 seconds.
const MAX_COST: u32 = 15;
const MIN_COST: u32 = 4;
/// `$2b$10$`, 22 characters of salt, 31 of hash.
const TEXT_BYTES: usize = 60;
const HASH_AT: usize = 29;

/// `$2a$`, `$2b$` or `$2y$`, three names of one function. `$2x$` marks digests of a faulty one and is refused.
pub(super) struct Digest {
    cost: u32,
    salt: [u8; 16],
    hash: [u8; 23],
}

impl Digest {
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        if text.len() != TEXT_BYTES || !text.is_ascii() {
            return Err(PasswordError::Malformed);
        }
        let ["$2a$" | "$2b$" | "$2y$", cost, "$", salt, hash] =
            [&text[..4], &text[4..6], &text[6..7], &text[7..HASH_AT], &text[HASH_AT..]]
        else {
            return Err(PasswordError::Malformed);
        };
        let cost = number(cost)?;
        if cost < MIN_COST {
            return Err(PasswordError::Malformed);
        }
        if cost > MAX_COST {
            return Err(PasswordError::TooCostly);
        }
        let decode = |field| BCRYPT_BASE64.decode(field).map_err(|_| PasswordError::Malformed);
        let salt = decode(salt)?.try_into().map_err(|_| PasswordError::Malformed)?;
        let hash = decode(hash)?.try_into().map_err(|_| PasswordError::Malformed)?;
        Ok(Self { cost, salt, hash })
    }
}

impl Verifier for Digest {
    fn verify(&self, password: &[u8], _: &mut Memory) -> Result<bool, PasswordError> {
        let text =
            ::bcrypt::hash_with_salt_bytes(password, self.cost, self.salt).map_err(|_| PasswordError::Malformed)?;
        Ok(constant_time_eq(&text[HASH_AT..], BCRYPT_BASE64.encode(self.hash).as_bytes()))
    }
}

/// `$2a$10$…$pepper`: bcrypt over password and pepper, as Devise makes it.
pub(super) struct Peppered {
    inner: Digest,
    pepper: String,
}

impl Peppered {
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        let (inner, pepper) = text.split_at_checked(TEXT_BYTES).ok_or(PasswordError::Malformed)?;
        let pepper = pepper.strip_prefix('$').filter(|pepper| !pepper.is_empty()).ok_or(PasswordError::Malformed)?;
        Ok(Self { inner: Digest::parse(inner)?, pepper: pepper.to_owned() })
    }
}

impl Verifier for Peppered {
    fn verify(&self, password: &[u8], memory: &mut Memory) -> Result<bool, PasswordError> {
        self.inner.verify(&[password, self.pepper.as_bytes()].concat(), memory)
    }
}

/// `bcrypt_sha256$$2b$…`: bcrypt over the hex of SHA-256, as Django makes it.
pub(super) struct Sha256Django(Digest);

impl Sha256Django {
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        text.strip_prefix("bcrypt_sha256$").ok_or(PasswordError::Malformed).and_then(Digest::parse).map(Self)
    }
}

impl Verifier for Sha256Django {
    fn verify(&self, password: &[u8], memory: &mut Memory) -> Result<bool, PasswordError> {
        self.0.verify(sha256_hex(password).as_bytes(), memory)
    }
}
