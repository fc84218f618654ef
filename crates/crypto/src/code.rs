//! One-time codes of six digits. A million of them is little, so the store keeps a keyed digest bound to the one verification:
//! a stolen table does not give the codes, and a code is good for nothing but the challenge that it was sent for.

use crate::digest::{constant_time_eq, from_hex, hex, hmac_sha256};
use verger_model::{Entropy, Secret, VerificationId};

const DIGITS: usize = 6;
const CODES: u32 = 1_000_000;
/// The largest multiple of a million in 24 bits: draws from here on are repeated, so that every code is equally likely.
const FAIR_LIMIT: u32 = 16_000_000;

/// A new code, uniform over `000000..=999999`.
pub fn random_code(entropy: &dyn Entropy) -> Secret<String> {
    loop {
        let mut bytes = [0u8; 4];
        entropy.fill(&mut bytes[1..]);
        let draw = u32::from_be_bytes(bytes);
        if draw < FAIR_LIMIT {
            return Secret::new(format!("{:06}", draw % CODES));
        }
    }
}

/// What the store keeps instead of the code: 64 hex digits.
pub fn code_digest(key: &Secret<[u8; 32]>, verification: &VerificationId, code: &str) -> String {
    hex(&keyed(key, verification, code))
}

/// Whether a code is the one behind this digest. Anything but six ASCII digits is not, and the comparison takes constant time.
pub fn code_matches(key: &Secret<[u8; 32]>, verification: &VerificationId, code: &str, digest: &str) -> bool {
    let is_code = code.len() == DIGITS && code.bytes().all(|byte| byte.is_ascii_digit());
    let fits = from_hex(digest).is_some_and(|stored| constant_time_eq(&keyed(key, verification, code), &stored));
    is_code && fits
}

fn keyed(key: &Secret<[u8; 32]>, verification: &VerificationId, code: &str) -> [u8; 32] {
    hmac_sha256(key.expose(), &[b"one-time code", verification.as_str().as_bytes(), code.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::seeded;
    use std::collections::HashSet;
    use std::sync::Mutex;

    fn key() -> Secret<[u8; 32]> {
        Secret::new([7; 32])
    }

    fn verification(n: u32) -> VerificationId {
        format!("ver_{n}").parse().unwrap()
    }

    #[test]
    fn a_code_is_six_digits_with_its_zeros() {
        let source = seeded(1);
        let codes: Vec<_> = (0..2000).map(|_| random_code(&source)).collect();
        assert!(codes.iter().all(|c| c.expose().len() == 6 && c.expose().bytes().all(|b| b.is_ascii_digit())));
        assert!(codes.iter().any(|c| c.expose().starts_with('0')));
        let different: HashSet<_> = codes.iter().map(|c| c.expose().clone()).collect();
        assert!(different.len() > 1980);
    }

    #[test]
    fn draws_above_the_fair_limit_are_repeated() {
        struct Script(Mutex<Vec<u32>>);
        impl Entropy for Script {
            fn fill(&self, buf: &mut [u8]) {
                let draw = self.0.lock().unwrap().remove(0);
                buf.copy_from_slice(&draw.to_be_bytes()[1..]);
            }
        }
        let source = Script(Mutex::new(vec![0x00ff_ffff, FAIR_LIMIT, FAIR_LIMIT - 1, 1_000_042]));
        assert_eq!(random_code(&source).expose(), "999999");
        assert_eq!(random_code(&source).expose(), "000042");
    }

    #[test]
    fn every_digit_is_equally_likely_at_every_place() {
        let source = seeded(2);
        let mut counts = [[0u32; 10]; 6];
        for _ in 0..20_000 {
            let code = random_code(&source);
            for (place, digit) in code.expose().bytes().enumerate() {
                counts[place][usize::from(digit - b'0')] += 1;
            }
        }
        // 2,000 expected each, a standard deviation of about 42.
        assert!(counts.iter().flatten().all(|n| (1780..=2220).contains(n)), "{counts:?}");
    }

    #[test]
    fn a_code_is_good_for_its_own_verification_and_key_alone() {
        let digest = code_digest(&key(), &verification(1), "123456");
        assert!(!digest.contains("123456"));
        assert!(code_matches(&key(), &verification(1), "123456", &digest));
        assert!(!code_matches(&key(), &verification(1), "123457", &digest));
        assert!(!code_matches(&key(), &verification(2), "123456", &digest));
        assert!(!code_matches(&Secret::new([8; 32]), &verification(1), "123456", &digest));
        assert!(!code_matches(&key(), &verification(1), "123456", &digest[2..]));
        assert!(!code_matches(&key(), &verification(1), "123456", ""));
        assert!(!code_matches(&key(), &verification(1), "123456", "junk"));
    }

    #[test]
    fn a_text_that_is_no_code_never_matches_even_its_own_digest() {
        for text in ["", "12345", "1234567", "12345a", "１２３４５６", "١٢٣", "12 456", "123456\n", "-12345", "+12345"]
        {
            let digest = code_digest(&key(), &verification(1), text);
            assert!(!code_matches(&key(), &verification(1), text, &digest), "{text}");
        }
    }
}
