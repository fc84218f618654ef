//! MD5 and SHA-256 without work factor, bare or salted. Kept until the first sign-in, when they are hashed anew.

use super::decode::hex;
use super::{Memory, PasswordError, Verifier};
use crate::digest::{constant_time_eq, sha256};
use md5::{Digest as _, Md5};

/// Which function.
#[derive(Clone, Copy)]
pub(super) enum Function {
    Md5,
    Sha256,
}

impl Function {
    const fn bytes(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha256 => 32,
        }
    }

    fn of(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => Md5::digest(message).to_vec(),
            Self::Sha256 => sha256(message).to_vec(),
        }
    }
}

/// A hash in hex of either case, with its salt.
pub(super) struct Digest {
    function: Function,
    salt: String,
    hash: Vec<u8>,
}

impl Digest {
    pub(super) fn parse(function: Function, text: &str) -> Result<Self, PasswordError> {
        let hash = hex(text)?;
        if hash.len() != function.bytes() {
            return Err(PasswordError::Malformed);
        }
        Ok(Self { function, salt: String::new(), hash })
    }

    /// `salt$hash`. The salt may hold further `$`.
    pub(super) fn parse_salted(function: Function, text: &str) -> Result<Self, PasswordError> {
        let (salt, hash) = text.rsplit_once('$').ok_or(PasswordError::Malformed)?;
        if salt.is_empty() {
            return Err(PasswordError::Malformed);
        }
        Ok(Self { salt: salt.to_owned(), ..Self::parse(function, hash)? })
    }
}

impl Verifier for Digest {
    /// Clerk does not say on which side of the password the salt stands, and both are in use: either fits.
    fn verify(&self, password: &[u8], _: &mut Memory) -> Result<bool, PasswordError> {
        let salt = self.salt.as_bytes();
        let before = self.function.of(&[salt, password].concat());
        let after = self.function.of(&[password, salt].concat());
        Ok(constant_time_eq(&before, &self.hash) | constant_time_eq(&after, &self.hash))
    }
}
