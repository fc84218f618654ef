//! Backup codes: ten of eight letters and digits (41 bits each), kept as keyed digests bound to their user.

use crate::digest::{hex, hmac_sha256};
use verger_model::{Entropy, Secret, UserId};

/// How many codes a set has.
pub const COUNT: usize = 10;
const LENGTH: usize = 8;
const ALPHABET: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// The largest multiple of 36 in a byte: draws from here on are repeated, so that every character is equally likely.
const FAIR_LIMIT: u8 = 252;

/// A new set of codes.
pub fn new_codes(entropy: &dyn Entropy) -> Vec<Secret<String>> {
    (0..COUNT).map(|_| Secret::new((0..LENGTH).map(|_| character(entropy)).collect())).collect()
}

fn character(entropy: &dyn Entropy) -> char {
    loop {
        let mut draw = [0u8; 1];
        entropy.fill(&mut draw);
        if draw[0] < FAIR_LIMIT {
            return char::from(ALPHABET[usize::from(draw[0]) % ALPHABET.len()]);
        }
    }
}

/// What the store keeps instead of a code: 64 hex digits. Case and surrounding space do not matter, people type these.
pub fn backup_code_digest(key: &Secret<[u8; 32]>, user: &UserId, code: &str) -> String {
    let code = code.trim().to_ascii_lowercase();
    hex(&hmac_sha256(key.expose(), &[b"backup code", user.as_str().as_bytes(), code.as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::seeded;
    use std::collections::HashSet;

    #[test]
    fn a_set_has_ten_different_codes_of_eight() {
        let codes = new_codes(&seeded(1));
        let different: HashSet<_> = codes.iter().map(|code| code.expose().clone()).collect();
        assert_eq!(different.len(), COUNT);
        assert!(different.iter().all(|code| code.len() == 8 && code.bytes().all(|c| ALPHABET.contains(&c))));
    }

    #[test]
    fn a_digest_belongs_to_one_user_and_one_code() {
        let key = Secret::new([7; 32]);
        let (jane, eve): (UserId, UserId) = ("user_1".parse().unwrap(), "user_2".parse().unwrap());
        let digest = backup_code_digest(&key, &jane, "abcd1234");
        assert_eq!(digest, backup_code_digest(&key, &jane, " ABCD1234 "));
        assert_ne!(digest, backup_code_digest(&key, &eve, "abcd1234"));
        assert_ne!(digest, backup_code_digest(&key, &jane, "abcd1235"));
    }
}
