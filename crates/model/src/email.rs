//! Email addresses as text: what is accepted, and the one spelling that is stored.

/// The longest address taken, in bytes (RFC 5321 leaves 254 for a path).
const MAX_LEN: usize = 254;
/// The longest part before the at sign.
const MAX_LOCAL: usize = 64;

/// The lower-case spelling of an acceptable address, `None` for anything else: quoted local parts, address literals, single-label
/// domains and control characters are not taken.
pub fn normalize(text: &str) -> Option<String> {
    let text = text.trim_matches(' ');
    if text.len() > MAX_LEN || !text.is_ascii() {
        return None;
    }
    let (local, domain) = text.rsplit_once('@')?;
    (is_local(local) && is_domain(domain)).then(|| text.to_ascii_lowercase())
}

/// Whether the address asks for test mode: the subaddress `+clerk_test` (also as the start of a longer subaddress, as in
/// `jane+clerk_test_1@example.com`).
pub fn is_test_address(address: &str) -> bool {
    address
        .rsplit_once('@')
        .and_then(|(local, _)| local.split_once('+'))
        .is_some_and(|(_, sub)| sub.split('+').any(|part| part == "clerk_test" || part.starts_with("clerk_test_")))
}

fn is_local(local: &str) -> bool {
    let atom = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-.".contains(&b);
    !local.is_empty()
        && local.len() <= MAX_LOCAL
        && local.bytes().all(atom)
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
}

fn is_domain(domain: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<&str> = domain.split('.').collect();
    labels.len() >= 2
        && labels.iter().all(|part| label(part))
        && labels.last().is_some_and(|tld| tld.len() >= 2 && !tld.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_stored_in_lower_case() {
        assert_eq!(normalize("Jane.Doe+News@Example.COM"), Some("jane.doe+news@example.com".into()));
    }

    #[test]
    fn what_is_no_plain_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "jane",
            "jane@",
            "@example.com",
            "a@x",
            "a@[127.0.0.1]",
            "\"a b\"@x.test",
            "a@x.test\r\nBcc: e@evil.test",
            "a..b@x.test",
            ".a@x.test",
            "a@-x.test",
            "a@x..test",
            "jané@x.test",
            "a b@x.test",
            "a@1.2.3.4",
            long.as_str(),
        ] {
            assert_eq!(normalize(text), None, "{text:?}");
        }
    }

    #[test]
    fn only_the_whole_subaddress_word_asks_for_test_mode() {
        assert!(is_test_address("jane+clerk_test@example.com"));
        assert!(is_test_address("jane+clerk_test_42@example.com"));
        assert!(!is_test_address("jane+clerk_testing@example.com"));
        assert!(!is_test_address("clerk_test@example.com"));
        assert!(!is_test_address("jane@clerk_test.example.com"));
    }
}
