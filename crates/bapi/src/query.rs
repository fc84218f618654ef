//! Takes the parameters of a query string one by one, as `fields` does for bodies: repeated parameters are lists, `name[]` is
//! `name`, and a parameter that nobody took is refused.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::convert::Infallible;
use std::ops::RangeInclusive;
use verger_model::{Code, Millis, Refusal};

/// The most values that one repeated parameter may have.
const MAX_VALUES: usize = 100;
/// The page size where none is asked for, and its bounds.
const DEFAULT_LIMIT: i64 = 10;
const LIMITS: RangeInclusive<i64> = 1..=500;
const OFFSETS: RangeInclusive<i64> = 0..=i64::MAX;

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many, 1 to 500.
    pub(crate) limit: i64,
    /// After how many.
    pub(crate) offset: i64,
}

/// The parameters that are not taken yet, and what was wrong with those that are.
#[derive(Debug, Default)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
    refusals: Vec<Refusal>,
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

impl Query {
    /// Reads the part of a URL after the question mark.
    pub(crate) fn parse(text: &str) -> Self {
        let pairs = url::form_urlencoded::parse(text.as_bytes())
            .map(|(name, value)| (name.strip_suffix("[]").unwrap_or(&name).to_owned(), value.into_owned()))
            // Read by the version layer before.
            .filter(|(name, _)| name != "__clerk_api_version")
            .collect();
        Self { pairs, refusals: Vec::new() }
    }

    /// Notes something wrong.
    pub(crate) fn refuse(&mut self, code: Code, name: &str) {
        self.refusals.push(Refusal::param(code, name));
    }

    /// Everything that was wrong, parameters that nobody took included.
    ///
    /// # Errors
    /// The refusals that were noted, in the order in which they were found.
    pub(crate) fn finish(mut self) -> Result<(), Refusal> {
        let unknown = self.pairs.iter().map(|(name, _)| Refusal::param(Code::FormParamUnknown, name));
        self.refusals.extend(unknown);
        Refusal::all(self.refusals).map_or(Ok(()), Err)
    }

    /// Every value of a parameter, at most a hundred.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        let (mine, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.pairs).into_iter().partition(|(key, _)| key == name);
        self.pairs = rest;
        let values: Vec<String> = mine.into_iter().map(|(_, value)| value).collect();
        if values.len() > MAX_VALUES {
            self.refuse(Code::FormParamArraySizeExceeded, name);
            return Vec::new();
        }
        if values.iter().any(|value| value.contains('\0')) {
            self.refuse(Code::FormParamValueInvalid, name);
            return Vec::new();
        }
        values
    }

    /// The first value of a parameter; an empty one counts as left out.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        self.texts(name).into_iter().next().filter(|value| !value.is_empty())
    }

    /// A yes or no.
    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        match self.text(name)?.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => self.wrong_type(name),
        }
    }

    /// A whole number within bounds.
    pub(crate) fn integer(&mut self, name: &str, bounds: &RangeInclusive<i64>) -> Option<i64> {
        let Ok(number) = self.text(name)?.parse::<i64>() else { return self.wrong_type(name) };
        if bounds.contains(&number) {
            return Some(number);
        }
        let too_large = number > *bounds.end();
        self.refuse(if too_large { Code::FormParamValueTooLarge } else { Code::FormParamValueInvalid }, name);
        None
    }

    /// A point in time, in Unix milliseconds.
    pub(crate) fn millis(&mut self, name: &str) -> Option<Millis> {
        self.integer(name, &(0..=i64::MAX)).map(Millis)
    }

    /// `limit` and `offset`.
    pub(crate) fn page(&mut self) -> Page {
        Page {
            limit: self.integer("limit", &LIMITS).unwrap_or(DEFAULT_LIMIT),
            offset: self.integer("offset", &OFFSETS).unwrap_or(0),
        }
    }

    fn wrong_type<T>(&mut self, name: &str) -> Option<T> {
        self.refuse(Code::FormParamTypeInvalid, name);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(query: Query) -> Option<Code> {
        query.finish().err().map(|refusal| refusal.code())
    }

    #[test]
    fn repeated_parameters_are_lists() {
        let mut q = Query::parse("a=1&b=x&a=2&c[]=3&c[]=4");
        assert_eq!(q.texts("a"), ["1", "2"]);
        assert_eq!(q.texts("c"), ["3", "4"]);
        assert_eq!(q.text("b").as_deref(), Some("x"));
        assert_eq!(code(q), None);
    }

    #[test]
    fn a_list_has_at_most_a_hundred_values() {
        let text = |n: usize| vec!["a=1"; n].join("&");
        assert_eq!(Query::parse(&text(100)).texts("a").len(), 100);
        let mut q = Query::parse(&text(101));
        q.texts("a");
        assert_eq!(code(q), Some(Code::FormParamArraySizeExceeded));
    }

    #[test]
    fn pages_have_bounds() {
        let page = |text: &str| {
            let mut q = Query::parse(text);
            let page = q.page();
            (page.limit, page.offset, code(q))
        };
        assert_eq!(page(""), (10, 0, None));
        assert_eq!(page("limit=500&offset=7"), (500, 7, None));
        assert_eq!(page("limit=501").2, Some(Code::FormParamValueTooLarge));
        assert_eq!(page("limit=0").2, Some(Code::FormParamValueInvalid));
        assert_eq!(page("limit=-1").2, Some(Code::FormParamValueInvalid));
        assert_eq!(page("offset=-1").2, Some(Code::FormParamValueInvalid));
        assert_eq!(page("offset=1e99").2, Some(Code::FormParamTypeInvalid));
    }

    #[test]
    fn what_nobody_takes_is_unknown() {
        assert_eq!(code(Query::parse("emailaddress=x")), Some(Code::FormParamUnknown));
        assert_eq!(code(Query::parse("__clerk_api_version=2025-11-10")), None);
    }
}
