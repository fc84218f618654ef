//! Who is let in: lists of identifiers that may or may not sign up, and what counts as the same mailbox.

use crate::{AccessIdentifierId, Millis, email, phone};

/// Which list an entry is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessList {
    /// Only these may sign up.
    Allowlist,
    /// These may not sign up.
    Blocklist,
}

impl AccessList {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allowlist => "allowlist",
            Self::Blocklist => "blocklist",
        }
    }
}

/// What an entry names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessKind {
    /// An email address, or all of a domain.
    EmailAddress,
    /// A phone number.
    PhoneNumber,
}

impl AccessKind {
    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EmailAddress => "email_address",
            Self::PhoneNumber => "phone_number",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::EmailAddress, Self::PhoneNumber].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// An entry of an allowlist or blocklist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessIdentifier {
    /// Its id.
    pub id: AccessIdentifierId,
    /// An address, a number, or a pattern: see [`read_pattern`].
    pub identifier: String,
    /// What it names.
    pub kind: AccessKind,
    /// When it was added.
    pub created_at: Millis,
}

/// The one spelling of an entry: an email address, a phone number, `*@example.com` (also written `@example.com`) for a domain, or
/// `*@*.example.com` for what lies under one. `None`: it is none of these.
pub fn read_pattern(text: &str) -> Option<(String, AccessKind)> {
    let text = text.trim();
    let mail = |pattern: String| Some((pattern, AccessKind::EmailAddress));
    if let Some(domain) = text.strip_prefix("*@").or_else(|| text.strip_prefix('@')) {
        let (stars, name) = domain.strip_prefix("*.").map_or(("*@", domain), |name| ("*@*.", name));
        let address = email::normalize(&format!("x@{name}"))?;
        return mail(format!("{stars}{}", address.strip_prefix("x@")?));
    }
    if text.contains('@') {
        return mail(email::normalize(text)?);
    }
    phone::normalize(text).map(|number| (number, AccessKind::PhoneNumber))
}

/// Every entry that would name this identifier, exact or by pattern, so that a list is searched by a few equalities. For a
/// blocklist an address also stands for all its subaddresses.
pub fn patterns_of(identifier: &str, list: AccessList) -> Vec<String> {
    let mut patterns = vec![identifier.to_owned()];
    let Some((_, domain)) = identifier.rsplit_once('@') else { return patterns };
    if list == AccessList::Blocklist {
        patterns.extend(base_address(identifier));
    }
    patterns.push(format!("*@{domain}"));
    let mut rest = domain;
    while let Some((_, parent)) = rest.split_once('.') {
        patterns.push(format!("*@*.{parent}"));
        rest = parent;
    }
    patterns
}

/// The mailbox behind a subaddress (`jane+news@…`, also with `=` and `#`). `None`: the address is no subaddress.
pub fn base_address(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let at = local.find(['+', '=', '#']).filter(|at| *at > 0)?;
    Some(format!("{}@{domain}", &local[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_has_one_spelling() {
        for (text, read) in [
            ("Jane@Example.com", Some("jane@example.com")),
            ("@Example.com", Some("*@example.com")),
            ("*@example.com", Some("*@example.com")),
            ("*@*.Example.com", Some("*@*.example.com")),
            ("+14155550123", Some("+14155550123")),
            ("*", None),
            ("example.com", None),
            ("*@*", None),
            ("*@*.*.com", None),
            ("jane", None),
        ] {
            assert_eq!(read_pattern(text).map(|(pattern, _)| pattern).as_deref(), read, "{text}");
        }
    }

    #[test]
    fn an_address_is_named_by_itself_its_domain_and_those_above() {
        assert_eq!(
            patterns_of("jane+news@mail.example.com", AccessList::Blocklist),
            ["jane+news@mail.example.com", "jane@mail.example.com", "*@mail.example.com", "*@*.example.com", "*@*.com"]
        );
        assert_eq!(patterns_of("jane+news@x.io", AccessList::Allowlist), ["jane+news@x.io", "*@x.io", "*@*.io"]);
        assert_eq!(patterns_of("+14155550123", AccessList::Blocklist), ["+14155550123"]);
    }

    #[test]
    fn a_subaddress_has_a_mailbox() {
        assert_eq!(base_address("jane+a+b@x.io").as_deref(), Some("jane@x.io"));
        assert_eq!(base_address("jane=a@x.io").as_deref(), Some("jane@x.io"));
        assert_eq!(base_address("jane@x.io"), None);
        assert_eq!(base_address("+jane@x.io"), None);
    }
}
