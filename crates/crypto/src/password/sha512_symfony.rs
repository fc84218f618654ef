//! Symfony's message digest encoder: `sha512_symfony$iterations$salt$hash`. SHA-512 over `password{salt}`, and again over each
//! result with the same text behind it.

use super::decode::{base64, number};
use super::{Memory, PasswordError, Verifier};
use crate::digest::constant_time_eq;
use aws_lc_rs::digest::{Context, SHA512, SHA512_OUTPUT_LEN, digest};

/// About half a second; Symfony's default is 5,000.
const MAX_ITERATIONS: u32 = 1_000_000;

/// A parsed digest.
pub(super) struct Digest {
    iterations: u32,
    salt: String,
    hash: Vec<u8>,
}

impl Digest {
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        let fields: Vec<&str> = text.split('$').collect();
        let ["sha512_symfony", iterations, salt, hash] = fields[..] else { return Err(PasswordError::Malformed) };
        let iterations = number(iterations)?;
        if iterations == 0 {
            return Err(PasswordError::Malformed);
        }
        if iterations > MAX_ITERATIONS {
            return Err(PasswordError::TooCostly);
        }
        let hash = base64(hash)?;
        if hash.len() != SHA512_OUTPUT_LEN {
            return Err(PasswordError::Malformed);
        }
        Ok(Self { iterations, salt: salt.to_owned(), hash })
    }
}

impl Verifier for Digest {
    fn verify(&self, password: &[u8], _: &mut Memory) -> Result<bool, PasswordError> {
        // Symfony adds no braces when there is no salt.
        let salted = match self.salt.as_str() {
            "" => password.to_vec(),
            salt => [password, b"{", salt.as_bytes(), b"}"].concat(),
        };
        let mut hash = digest(&SHA512, &salted);
        for _ in 1..self.iterations {
            let mut context = Context::new(&SHA512);
            context.update(hash.as_ref());
            context.update(&salted);
            hash = context.finish();
        }
        Ok(constant_time_eq(hash.as_ref(), &self.hash))
    }
}
