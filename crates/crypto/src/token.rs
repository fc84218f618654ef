//! Opaque tokens: random text of letters and digits, so that it fits cookies, headers, URLs and keys that split at `_`. The
//! server stores only their hash; 128 bits and more of randomness need no salt.

use crate::digest::{constant_time_eq, sha256_hex};
use verger_model::instance::Environment;
use verger_model::{Entropy, Secret};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// The largest multiple of 62 in a byte: bytes from here on are drawn again, so that every character is equally likely.
const FAIR_LIMIT: u8 = 248;
/// Characters of a secret key after its prefix: 250 bits.
const SECRET_KEY_CHARS: usize = 42;

/// Text of that many letters and digits.
pub fn random_text(entropy: &dyn Entropy, chars: usize) -> Secret<String> {
    let mut text = String::with_capacity(chars);
    append_random(entropy, chars, &mut text);
    Secret::new(text)
}

/// Text with at least as much randomness as that many bytes: 32 bytes give 43 characters.
pub fn random_token(entropy: &dyn Entropy, bytes: usize) -> Secret<String> {
    // A character carries log2(62) = 5.954 bits.
    random_text(entropy, (bytes * 8000).div_ceil(5954))
}

/// A new secret key: `sk_test_` or `sk_live_` and 42 letters and digits.
pub fn secret_key(environment: Environment, entropy: &dyn Entropy) -> Secret<String> {
    let mut text = String::with_capacity(8 + SECRET_KEY_CHARS);
    text.push_str("sk_");
    text.push_str(environment.key_word());
    text.push('_');
    append_random(entropy, SECRET_KEY_CHARS, &mut text);
    Secret::new(text)
}

fn append_random(entropy: &dyn Entropy, chars: usize, text: &mut String) {
    let goal = text.len() + chars;
    let mut bytes = [0u8; 64];
    while text.len() < goal {
        entropy.fill(&mut bytes);
        let fair = bytes.iter().filter(|byte| **byte < FAIR_LIMIT);
        let room = goal - text.len();
        text.extend(fair.take(room).map(|byte| char::from(ALPHABET[usize::from(byte % 62)])));
    }
}

/// What the server stores and looks a token up by: its SHA-256 in hex.
pub fn token_hash(token: &str) -> String {
    sha256_hex(token.as_bytes())
}

/// Whether a token is the one with this stored hash, compared in constant time.
pub fn token_matches(token: &str, stored_hash: &str) -> bool {
    constant_time_eq(token_hash(token).as_bytes(), stored_hash.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::seeded;

    #[test]
    fn a_token_has_the_randomness_that_was_asked_for() {
        for (bytes, chars) in [(0, 0), (1, 2), (16, 22), (20, 27), (32, 43)] {
            let token = random_token(&seeded(1), bytes);
            assert_eq!(token.expose().len(), chars);
            assert!(62f64.powi(chars as i32) >= 256f64.powi(bytes as i32));
            assert!(token.expose().bytes().all(|b| b.is_ascii_alphanumeric()));
        }
    }

    #[test]
    fn tokens_differ_and_repeat_with_the_seed() {
        let source = seeded(1);
        let (a, b) = (random_token(&source, 32), random_token(&source, 32));
        assert_ne!(a, b);
        assert_eq!(random_token(&seeded(1), 32), a);
        assert_ne!(random_token(&seeded(2), 32), a);
    }

    #[test]
    fn every_character_is_equally_likely() {
        let text = random_text(&seeded(3), 62_000);
        let mut counts = [0u32; 128];
        text.expose().bytes().for_each(|b| counts[usize::from(b)] += 1);
        let seen: Vec<_> = counts.into_iter().filter(|n| *n > 0).collect();
        assert_eq!(seen.len(), 62);
        // 1,000 expected each, a standard deviation of about 31. A modulo without redrawing would give eight of them 1,211.
        assert!(seen.iter().all(|n| (850..=1150).contains(n)), "{seen:?}");
    }

    #[test]
    fn a_secret_key_names_its_environment() {
        for (environment, prefix) in [(Environment::Development, "sk_test_"), (Environment::Production, "sk_live_")] {
            let key = secret_key(environment, &seeded(4));
            let rest = key.expose().strip_prefix(prefix).unwrap();
            assert_eq!(rest.len(), 42);
            assert!(rest.bytes().all(|b| b.is_ascii_alphanumeric()));
        }
    }

    #[test]
    fn a_token_matches_its_own_hash_alone() {
        let hash = token_hash("token");
        assert_eq!(hash.len(), 64);
        assert!(token_matches("token", &hash));
        assert!(!token_matches("tokem", &hash));
        assert!(!token_matches("token", ""));
        assert!(!token_matches("token", &hash.to_uppercase()));
    }
}
