//! Phone numbers as text: E.164 only.

/// The longest text that is looked at, in bytes.
const MAX_LEN: usize = 32;

/// The E.164 spelling (`+` and 7 to 15 digits) of a number typed with spaces, dashes, dots or brackets; `None` for anything else.
pub fn normalize(text: &str) -> Option<String> {
    if text.len() > MAX_LEN {
        return None;
    }
    let rest = text.trim().strip_prefix('+')?;
    let digits: String = rest.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    let ok = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    ok.then(|| format!("+{digits}"))
}

/// Whether the number asks for test mode: `+1 (XXX) 555-0100` to `+1 (XXX) 555-0199`, which belong to nobody.
pub fn is_test_number(number: &str) -> bool {
    let digits = number.strip_prefix("+1").filter(|rest| rest.len() == 10 && rest.bytes().all(|b| b.is_ascii_digit()));
    digits.is_some_and(|digits| &digits[3..8] == "55501")
}

/// A number that its owner recognises and nobody else learns: `+*********00`.
pub fn masked(number: &str) -> String {
    let digits: Vec<char> = number.chars().skip(1).collect();
    let hidden = digits.len().saturating_sub(2);
    let shown: String = digits[hidden..].iter().collect();
    format!("+{}{shown}", "*".repeat(hidden))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_stored_in_e164() {
        assert_eq!(normalize("+1 (555) 555-0100"), Some("+15555550100".into()));
    }

    #[test]
    fn what_is_no_international_number_is_refused() {
        let long = format!("+1555555{}0100", " ".repeat(30));
        for text in [long.as_str(), "", "5555550100", "+0123456789", "+12", "+1234567890123456", "+1555abc0100"] {
            assert_eq!(normalize(text), None, "{text:?}");
        }
    }

    #[test]
    fn only_the_fictional_numbers_ask_for_test_mode() {
        assert!(is_test_number("+12015550100"));
        assert!(is_test_number("+12015550199"));
        for number in ["+12015550200", "+12015550099", "+442015550100", "+120155501000", "+1201555010", "12015550100"] {
            assert!(!is_test_number(number), "{number}");
        }
    }

    #[test]
    fn a_masked_number_keeps_its_last_digits() {
        assert_eq!(masked("+12015550123"), "+*********23");
    }
}
