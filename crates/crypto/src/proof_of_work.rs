//! Proofs of work: a challenge that this server signed, and a number that makes its digest begin with zero bits. Finding the number
//! costs the browser some tens of thousands of digests, judging it costs one.

use crate::digest::{constant_time_eq, from_hex, hex, hmac_sha256, sha256};
use verger_model::{Entropy, Millis, Secret};

/// The longest answer that is looked at, in bytes.
const MAX_LEN: usize = 256;

/// A proof that is good, if it was not used before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What names the challenge.
    pub challenge: String,
    /// Until when it is good.
    pub expire_at: Millis,
}

/// A new challenge: `<end>.<difficulty>.<random>.<signature>`.
pub fn challenge(key: &Secret<[u8; 32]>, difficulty: u32, expire_at: Millis, entropy: &dyn Entropy) -> String {
    let mut salt = [0u8; 16];
    entropy.fill(&mut salt);
    let text = format!("{expire_at}.{difficulty}.{}", hex(&salt));
    let signature = signed(key, &text);
    format!("{text}.{}", hex(&signature))
}

/// Judges `<challenge>:<number>`. `None` for what this key did not sign, what is too late or too easy, and what does not fit.
pub fn judge(key: &Secret<[u8; 32]>, answer: &str, difficulty: u32, now: Millis) -> Option<Proof> {
    if answer.len() > MAX_LEN {
        return None;
    }
    let (challenge, number) = answer.rsplit_once(':')?;
    let (text, signature) = challenge.rsplit_once('.')?;
    if !constant_time_eq(&signed(key, text), &from_hex(signature)?) {
        return None;
    }
    let mut parts = text.split('.');
    let expire_at = Millis(parts.next()?.parse().ok()?);
    let promised: u32 = parts.next()?.parse().ok()?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if expire_at <= now || promised < difficulty || !is_number || zero_bits(&sha256(answer.as_bytes())) < promised {
        return None;
    }
    Some(Proof { challenge: challenge.to_owned(), expire_at })
}

/// The answer to a challenge, found as a browser finds it.
pub fn solve(challenge: &str) -> String {
    let difficulty = challenge.split('.').nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    let answers = (0u64..).map(|number| format!("{challenge}:{number}"));
    let fits = |answer: &String| zero_bits(&sha256(answer.as_bytes())) >= difficulty;
    answers.into_iter().find(fits).unwrap_or_default()
}

fn signed(key: &Secret<[u8; 32]>, text: &str) -> [u8; 32] {
    hmac_sha256(key.expose(), &[b"proof of work", text.as_bytes()])
}

fn zero_bits(digest: &[u8; 32]) -> u32 {
    let whole = digest.iter().take_while(|byte| **byte == 0).count();
    let rest = digest.get(whole).map_or(0, |byte| byte.leading_zeros());
    u32::try_from(whole).unwrap_or_default() * 8 + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::seeded;

    const END: Millis = Millis(1000);
    const EASY: u32 = 8;

    fn key() -> Secret<[u8; 32]> {
        Secret::new([7; 32])
    }

    fn solved() -> String {
        solve(&challenge(&key(), EASY, END, &seeded(1)))
    }

    #[test]
    fn a_found_number_is_good_until_its_end() {
        let proof = judge(&key(), &solved(), EASY, Millis(999)).unwrap();
        assert_eq!(proof.expire_at, END);
        assert_eq!(judge(&key(), &solved(), EASY, END), None);
    }

    #[test]
    fn a_challenge_of_another_key_or_a_changed_one_is_not_good() {
        assert_eq!(judge(&Secret::new([8; 32]), &solved(), EASY, Millis(0)), None);
        let easier = solved().replacen(".8.", ".0.", 1);
        assert_eq!(judge(&key(), &easier, 0, Millis(0)), None);
    }

    #[test]
    fn a_number_that_does_not_fit_is_not_good() {
        let challenge = challenge(&key(), 20, END, &seeded(1));
        for number in ["0", "1", "", "-1", "x", "0 "] {
            assert_eq!(judge(&key(), &format!("{challenge}:{number}"), 20, Millis(0)), None, "{number}");
        }
        assert_eq!(judge(&key(), "", EASY, Millis(0)), None);
    }

    #[test]
    fn work_that_was_promised_for_less_is_too_easy() {
        assert_eq!(judge(&key(), &solved(), EASY + 1, Millis(0)), None);
    }
}
