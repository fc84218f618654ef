//! Usernames: which texts are taken, and the one spelling that is compared.

use crate::Code;

/// Shortest and longest username, in characters.
pub const LENGTH: std::ops::RangeInclusive<usize> = 4..=64;

/// Checks a username and returns the lower-case spelling under which it is unique.
///
/// # Errors
/// The catalogue code of the first rule that it breaks.
pub fn normalize(text: &str) -> Result<String, Code> {
    if !LENGTH.contains(&text.chars().count()) {
        return Err(Code::FormUsernameInvalidLength);
    }
    if text.starts_with('+') && text[1..].bytes().all(|b| b.is_ascii_digit()) {
        return Err(Code::FormUsernameCannotBePhoneNumber);
    }
    if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
        return Err(Code::FormUsernameInvalidCharacter);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Code::FormUsernameNeedsNonNumberChar);
    }
    Ok(text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_username_is_compared_in_lower_case() {
        assert_eq!(normalize("Jane_Doe-1"), Ok("jane_doe-1".into()));
    }

    #[test]
    fn each_rule_has_its_own_code() {
        assert_eq!(normalize("abc"), Err(Code::FormUsernameInvalidLength));
        assert_eq!(normalize(&"a".repeat(65)), Err(Code::FormUsernameInvalidLength));
        assert_eq!(normalize("p\u{430}ypal"), Err(Code::FormUsernameInvalidCharacter));
        assert_eq!(normalize("jane doe"), Err(Code::FormUsernameInvalidCharacter));
        assert_eq!(normalize("15551234567"), Err(Code::FormUsernameNeedsNonNumberChar));
        assert_eq!(normalize("+15551234567"), Err(Code::FormUsernameCannotBePhoneNumber));
    }
}
