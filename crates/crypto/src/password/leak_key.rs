//! By what lists of leaked passwords know one: its SHA-1, of which whoever keeps the list is told the beginning only.

use crate::digest::{constant_time_eq, hex};
use aws_lc_rs::digest as lc;
use verger_model::Secret;

/// How many digits are told.
const TOLD: usize = 5;

/// The SHA-1 of a password, in upper-case hex.
#[derive(Clone, Debug)]
pub struct LeakKey(Secret<String>);

impl LeakKey {
    /// The key of a password, whose bytes are taken as they are.
    pub fn of(password: &str) -> Self {
        let digest = lc::digest(&lc::SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
        Self(Secret::new(hex(digest.as_ref()).to_ascii_uppercase()))
    }

    /// The part that is told: five digits, which thousands of passwords share.
    pub fn prefix(&self) -> &str {
        &self.0.expose()[..TOLD]
    }

    /// Whether a list of what begins with the prefix names this password: lines of `SUFFIX:COUNT`. A count of 0 is padding.
    pub fn is_in(&self, range: &str) -> bool {
        let suffix = &self.0.expose()[TOLD..];
        let named = |line: &str| {
            let (key, count) = line.trim().split_once(':')?;
            let is_counted = count.trim().parse::<u64>().ok()? > 0;
            Some(is_counted && constant_time_eq(key.to_ascii_uppercase().as_bytes(), suffix.as_bytes()))
        };
        range.lines().any(|line| named(line).unwrap_or(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-1 of `password`: a published value.
    const SUFFIX: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";

    #[test]
    fn only_the_beginning_is_told() {
        let key = LeakKey::of("password");
        assert_eq!(key.prefix(), "5BAA6");
        assert!(!format!("{key:?}").contains("5BAA6"));
    }

    #[test]
    fn a_password_is_found_by_the_rest() {
        let key = LeakKey::of("password");
        let other = "003D68EB55068C33ACE09247EE4C639306B:3";
        assert!(key.is_in(&format!("{other}\r\n{SUFFIX}:3861493\r\n")));
        assert!(key.is_in(&format!("{}:1", SUFFIX.to_ascii_lowercase())));
        assert!(!LeakKey::of("Password").is_in(&format!("{SUFFIX}:3861493")));
    }

    #[test]
    fn padding_and_rubbish_name_nothing() {
        let key = LeakKey::of("password");
        let texts =
            [format!("{SUFFIX}:0"), SUFFIX.into(), format!("{SUFFIX}:many"), format!("{SUFFIX}:-1"), ":".into()];
        for text in texts {
            assert!(!key.is_in(&text), "{text}");
        }
        assert!(!key.is_in(""));
        assert!(!key.is_in("<html>5BAA6</html>"));
    }
}
