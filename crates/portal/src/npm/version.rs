//! The version part of a bundle's address.

/// What an address asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted<'a> {
    /// The newest there is: `latest`, `canary`.
    Newest,
    /// One version: `6.40.0`, also of a major that is packed in another version.
    Version { major: u32, text: &'a str },
}

impl<'a> Wanted<'a> {
    /// Reads `6`, `6.40.0`, `6.41.0-canary.1` or a tag; `None` for anything else.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let major = text.split('.').next()?;
        if !major.is_empty() && major.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Self::Version { major: major.parse().ok()?, text });
        }
        let is_tag = !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        is_tag.then_some(Self::Newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn majors_versions_and_tags_are_read() {
        assert_eq!(Wanted::parse("6"), Some(Wanted::Version { major: 6, text: "6" }));
        assert_eq!(Wanted::parse("6.41.0-canary.1"), Some(Wanted::Version { major: 6, text: "6.41.0-canary.1" }));
        assert_eq!(Wanted::parse("latest"), Some(Wanted::Newest));
        for text in ["", "6x", "v6", "../6", "Latest", "99999999999"] {
            assert_eq!(Wanted::parse(text), None, "{text}");
        }
    }
}
