//! phpass, the portable hash of WordPress and phpBB: `$P$`, a character for the rounds, eight of salt, 22 of hash.

use super::{Memory, PasswordError, Verifier};
use crate::digest::{constant_time_eq, hex};
use md5::{Digest as _, Md5};

const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 2^20 rounds take about 0.2 seconds; WordPress uses 2^13.
const MAX_LOG2_ROUNDS: usize = 20;
const MIN_LOG2_ROUNDS: usize = 7;

/// A parsed `$P$` or `$H$` digest; both are the same function.
pub(super) struct Digest {
    rounds: u32,
    salt: [u8; 8],
    hash: String,
}

impl Digest {
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        let rest = text.strip_prefix("$P$").or_else(|| text.strip_prefix("$H$")).ok_or(PasswordError::Malformed)?;
        if rest.len() != 31 || !rest.is_ascii() {
            return Err(PasswordError::Malformed);
        }
        let (rounds, rest) = rest.split_at(1);
        let (salt, hash) = rest.split_at(8);
        let log2 =
            value(rounds.as_bytes()[0]).filter(|log2| *log2 >= MIN_LOG2_ROUNDS).ok_or(PasswordError::Malformed)?;
        if log2 > MAX_LOG2_ROUNDS {
            return Err(PasswordError::TooCostly);
        }
        if !hash.bytes().all(|byte| value(byte).is_some()) {
            return Err(PasswordError::Malformed);
        }
        let salt = salt.as_bytes().try_into().map_err(|_| PasswordError::Malformed)?;
        Ok(Self { rounds: 1 << log2, salt, hash: hash.to_owned() })
    }
}

impl Verifier for Digest {
    fn verify(&self, password: &[u8], _: &mut Memory) -> Result<bool, PasswordError> {
        let mut hash = Md5::new().chain_update(self.salt).chain_update(password).finalize();
        for _ in 0..self.rounds {
            hash = Md5::new().chain_update(hash).chain_update(password).finalize();
        }
        Ok(constant_time_eq(encode(&hash).as_bytes(), self.hash.as_bytes()))
    }
}

/// `md5_phpass`: phpass over the hex of the password's MD5, which is how sites moved on from bare MD5. Clerk does not describe
/// the format, so plain phpass fits as well.
pub(super) struct OverMd5(Digest);

impl OverMd5 {
    pub(super) fn parse(text: &str) -> Result<Self, PasswordError> {
        Digest::parse(text).map(Self)
    }
}

impl Verifier for OverMd5 {
    fn verify(&self, password: &[u8], memory: &mut Memory) -> Result<bool, PasswordError> {
        let over = self.0.verify(hex(&Md5::digest(password)).as_bytes(), memory)?;
        Ok(over | self.0.verify(password, memory)?)
    }
}

fn value(byte: u8) -> Option<usize> {
    ALPHABET.iter().position(|digit| *digit == byte)
}

/// phpass's own base64: three bytes, least significant first, make four characters; a last byte makes two.
fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut word = chunk.iter().rev().fold(0usize, |word, byte| word << 8 | usize::from(*byte));
        for _ in 0..=chunk.len() {
            text.push(char::from(ALPHABET[word & 63]));
            word >>= 6;
        }
    }
    text
}
