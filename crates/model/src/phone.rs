//! Phone numbers as text: E.164 only.

/// The E.164 spelling (`+` and 7 to 15 digits) of a number typed with spaces, dashes, dots or brackets; `None` for anything else.
pub fn normalize(text: &str) -> Option<String> {
    let rest = text.trim().strip_prefix('+')?;
    let digits: String = rest.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')')).collect();
    let ok = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    ok.then(|| format!("+{digits}"))
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
        for text in ["", "5555550100", "+0123456789", "+12", "+1234567890123456", "+1555abc0100"] {
            assert_eq!(normalize(text), None, "{text:?}");
        }
    }
}
