//! Reading the fields of digests: base64 as the various languages write it, and numbers.

use super::PasswordError;
use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// Padding may be missing and left-over bits set: other libraries accept both, and the digests were made long ago.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_encode_padding(false)
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);

/// Standard base64; writes without padding, as PHC strings do.
pub(super) const PHC_BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
/// bcrypt's own alphabet.
pub(super) const BCRYPT_BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::BCRYPT, LENIENT);

/// Base64 of either alphabet, padded or not.
pub(super) fn base64(text: &str) -> Result<Vec<u8>, PasswordError> {
    PHC_BASE64.decode(text.replace('-', "+").replace('_', "/")).map_err(|_| PasswordError::Malformed)
}

/// Hex of either case.
pub(super) fn hex(text: &str) -> Result<Vec<u8>, PasswordError> {
    crate::digest::from_hex(text).ok_or(PasswordError::Malformed)
}

/// A decimal number without sign. One that is too large for any parameter is too costly, not malformed.
pub(super) fn number(text: &str) -> Result<u32, PasswordError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PasswordError::Malformed);
    }
    text.parse().map_err(|_| PasswordError::TooCostly)
}

/// The stored hash, if it is long enough not to be hit by chance and not absurdly long.
pub(super) fn hash_of_usual_length(hash: Vec<u8>) -> Result<Vec<u8>, PasswordError> {
    if (16..=128).contains(&hash.len()) { Ok(hash) } else { Err(PasswordError::Malformed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_in_all_its_dialects() {
        for text in ["+/8=", "+/8", "-_8=", "-_8", "+/9"] {
            assert_eq!(base64(text), Ok(vec![0xfb, 0xff]), "{text}");
        }
        for text in ["+/8==", "+", "+ /8", "=", "é"] {
            assert_eq!(base64(text), Err(PasswordError::Malformed), "{text}");
        }
    }

    #[test]
    fn numbers_are_digits_alone() {
        assert_eq!(number("10000"), Ok(10_000));
        assert_eq!(number("0"), Ok(0));
        assert_eq!(number("4294967296"), Err(PasswordError::TooCostly));
        for text in ["", "+1", "-1", " 1", "1e3", "0x10", "１"] {
            assert_eq!(number(text), Err(PasswordError::Malformed), "{text}");
        }
    }
}
