//! The query parameters that belong to Clerk's transport and not to an operation, read in one pass.

use std::borrow::Cow;
use url::form_urlencoded;
use verger_model::{Code, Refusal};

/// What the transport parameters of one request say. The first value of each counts.
#[derive(Debug, Default)]
pub(crate) struct Marks<'a> {
    /// `_method`
    pub(crate) method: Option<Cow<'a, str>>,
    /// `__clerk_api_version`
    pub(crate) api_version: Option<Cow<'a, str>>,
    /// `__clerk_db_jwt`
    pub(crate) dev_browser: Option<Cow<'a, str>>,
    /// `_clerk_session_id`
    pub(crate) session: Option<Cow<'a, str>>,
    /// `_is_native`
    pub(crate) native: bool,
}

impl<'a> Marks<'a> {
    pub(crate) fn read(query: &'a str) -> Self {
        let mut marks = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let slot = match &*name {
                "_method" => &mut marks.method,
                "__clerk_api_version" => &mut marks.api_version,
                "__clerk_db_jwt" => &mut marks.dev_browser,
                "_clerk_session_id" => &mut marks.session,
                "_is_native" => {
                    marks.native |= matches!(&*value, "1" | "true");
                    continue;
                }
                _ => continue,
            };
            slot.get_or_insert(value);
        }
        marks
    }
}

/// Refuses a NUL, which no text in a database holds: no handler has to think of it then.
///
/// # Errors
/// `form_param_value_invalid`, with the parameter's name.
pub(crate) fn refuse_nul(query: &str) -> Result<(), Refusal> {
    let with_nul = |(name, value): &(Cow<'_, str>, Cow<'_, str>)| name.contains('\0') || value.contains('\0');
    match form_urlencoded::parse(query.as_bytes()).find(with_nul) {
        Some((name, _)) => Err(Refusal::param(Code::FormParamValueInvalid, &name)),
        None => Ok(()),
    }
}

/// The first value of a query parameter.
pub(crate) fn first<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_counts() {
        let marks = Marks::read("_method=PATCH&x=1&_method=DELETE&__clerk_db_jwt=a%2Bb&_is_native=1");
        assert_eq!(marks.method.as_deref(), Some("PATCH"));
        assert_eq!(marks.dev_browser.as_deref(), Some("a+b"));
        assert!(marks.native && marks.session.is_none());
    }

    #[test]
    fn an_empty_value_is_a_value() {
        assert_eq!(first("a=&b=1", "a").as_deref(), Some(""));
        assert_eq!(first("a=&b=1", "c"), None);
    }
}
