//! Werkzeug's (Flask's) scrypt: `scrypt:N:r:p$salt$hash`, the salt as text. Werkzeug writes the hash in hex; Clerk's
//! documentation shows base64 and a `$` in front. Both are read.

use super::decode::{base64, hash_of_usual_length, hex, number};
use super::{Memory, PasswordError, Verifier};
use crate::digest::constant_time_eq;
use ::scrypt::{Params, scrypt};

/// N·r·p at most: 256 MiB of memory, and about the time of as many 128-byte blocks mixed twice.
pub(super) const MAX_LOG2_WORK: u32 = 21;

/// A parsed digest.
pub(super) struct Digest {
    params: Params,
    salt: String,
    hash: Vec<u8>,
}

impl Digest {
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        let fields: Vec<&str> = text.strip_prefix('$').unwrap_or(text).split('$').collect();
        let [method, salt, hash] = fields[..] else { return Err(PasswordError::Malformed) };
        let method: Vec<&str> = method.split(':').collect();
        let ["scrypt", n, r, p] = method[..] else { return Err(PasswordError::Malformed) };
        let n = number(n)?;
        if !n.is_power_of_two() {
            return Err(PasswordError::Malformed);
        }
        let params = affordable(n.trailing_zeros(), number(r)?, number(p)?)?;
        let hash = hash_of_usual_length(hex(hash).or_else(|_| base64(hash))?)?;
        Ok(Self { params, salt: salt.to_owned(), hash })
    }
}

/// Parameters within the limit on N·r·p.
pub(super) fn affordable(log2_n: u32, r: u32, p: u32) -> Result<Params, PasswordError> {
    let work = u64::from(r).saturating_mul(u64::from(p)).checked_shl(log2_n.min(63)).unwrap_or(u64::MAX);
    if log2_n > MAX_LOG2_WORK || work > 1 << MAX_LOG2_WORK {
        return Err(PasswordError::TooCostly);
    }
    let log2_n = u8::try_from(log2_n).map_err(|_| PasswordError::TooCostly)?;
    Params::new(log2_n, r, p).map_err(|_| PasswordError::Malformed)
}

impl Verifier for Digest {
    fn verify(&self, password: &[u8], _: &mut Memory) -> Result<bool, PasswordError> {
        let mut computed = vec![0; self.hash.len()];
        scrypt(password, self.salt.as_bytes(), &self.params, &mut computed).map_err(|_| PasswordError::Malformed)?;
        Ok(constant_time_eq(&computed, &self.hash))
    }
}
