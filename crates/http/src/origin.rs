//! Who may write. Cookies travel by themselves, so a write that carries one must say which page it comes from; the browser
//! says so in `Origin`, and a page cannot forge it.

use axum::http::header::{AUTHORIZATION, ORIGIN};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use verger_model::address::{OriginTrust, origin_of};
use verger_model::{Code, Refusal};
use verger_service::Tenant;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The `Origin` of a request and how it stands to the instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    /// As a browser writes it. `None` for a header that names no origin (`null`).
    pub(crate) text: Option<String>,
    /// How it stands to the instance.
    pub(crate) trust: OriginTrust,
}

impl Origin {
    /// Reads the header.
    ///
    /// # Errors
    /// `multiple_origin_header_values_forbidden`.
    pub(crate) fn read(headers: &HeaderMap, tenant: &Tenant) -> Result<Option<Self>, Refusal> {
        let mut sent = headers.get_all(ORIGIN).iter();
        let Some(value) = sent.next() else { return Ok(None) };
        if sent.next().is_some() {
            return Err(Code::MultipleOriginHeaderValuesForbidden.into());
        }
        let text = value.to_str().ok().and_then(origin_of);
        let trust = match &text {
            Some(origin) => tenant.instance.origin_trust(origin, &tenant.addresses),
            None => OriginTrust::Foreign,
        };
        Ok(Some(Self { text, trust }))
    }
}

/// Checks `Authorization` beside `Origin`: a browser identifies itself by cookie, a native app by `Authorization`; both at
/// once is a browser that was told to use somebody else's token.
///
/// # Errors
/// `multiple_authorization_header_values_forbidden`, `origin_authorization_headers_conflict`.
pub(crate) fn check_authorization(headers: &HeaderMap, has_origin: bool) -> Result<(), Refusal> {
    let mut sent = headers.get_all(AUTHORIZATION).iter();
    match (sent.next(), sent.next()) {
        (Some(_), Some(_)) => Err(Code::MultipleAuthorizationHeaderValuesForbidden.into()),
        (Some(_), None) if has_origin => Err(Code::OriginAuthorizationHeadersConflict.into()),
        _ => Ok(()),
    }
}

/// What a write carries and where it goes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Write {
    /// A `__client` cookie came along.
    pub(crate) cookie: bool,
    /// A development browser's token was given.
    pub(crate) dev_browser: bool,
    /// The application's own proxy carried it and proved itself.
    pub(crate) proxied: bool,
    /// It asks for a development browser: nobody can have one before.
    pub(crate) makes_dev_browser: bool,
}

/// Lets a write pass, or not.
///
/// # Errors
/// `origin_invalid` from a page that is not the instance's, `subdomain_not_allowed` from one below its domain that is not on its
/// list, `request_header_missing` where credentials came without an origin.
pub(crate) fn check_write(origin: Option<&Origin>, headers: &HeaderMap, write: Write) -> Result<(), Refusal> {
    let refuse = |code: Code| Err(code.into());
    match origin.map(|origin| origin.trust) {
        Some(OriginTrust::Own) => Ok(()),
        Some(OriginTrust::DevelopmentOnly) if write.dev_browser || write.makes_dev_browser => Ok(()),
        Some(OriginTrust::DevelopmentOnly | OriginTrust::Foreign) => refuse(Code::OriginInvalid),
        Some(OriginTrust::Unlisted) => refuse(Code::SubdomainNotAllowed),
        None if write.proxied || !(write.cookie || write.dev_browser) => Ok(()),
        None => match headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes) {
            Some(b"same-origin") => Ok(()),
            // No browser at all: a program that was given the token holds it by itself, nobody lent it.
            None if !write.cookie => Ok(()),
            _ => refuse(Code::RequestHeaderMissing),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(trust: OriginTrust) -> Option<Origin> {
        Some(Origin { text: Some("https://x.test".into()), trust })
    }

    fn check(origin: Option<&Origin>, site: Option<&'static str>, write: Write) -> Option<Code> {
        let mut headers = HeaderMap::new();
        if let Some(site) = site {
            headers.insert(SEC_FETCH_SITE, HeaderValue::from_static(site));
        }
        check_write(origin, &headers, write).err().map(|refusal| refusal.code())
    }

    const COOKIE: Write = Write { cookie: true, dev_browser: false, proxied: false, makes_dev_browser: false };
    const TOKEN: Write = Write { cookie: false, dev_browser: true, proxied: false, makes_dev_browser: false };

    #[test]
    fn a_foreign_page_never_writes() {
        for write in [COOKIE, TOKEN, Write::default(), Write { proxied: true, ..COOKIE }] {
            assert_eq!(check(origin(OriginTrust::Foreign).as_ref(), None, write), Some(Code::OriginInvalid));
        }
    }

    #[test]
    fn a_cookie_needs_an_origin() {
        assert_eq!(check(None, None, COOKIE), Some(Code::RequestHeaderMissing));
        assert_eq!(check(None, Some("cross-site"), COOKIE), Some(Code::RequestHeaderMissing));
        assert_eq!(check(None, Some("same-origin"), COOKIE), None);
        assert_eq!(check(None, None, Write { proxied: true, ..COOKIE }), None);
        assert_eq!(check(origin(OriginTrust::Own).as_ref(), None, COOKIE), None);
    }

    #[test]
    fn a_token_in_a_browser_needs_an_origin() {
        assert_eq!(check(None, Some("cross-site"), TOKEN), Some(Code::RequestHeaderMissing));
        assert_eq!(check(None, None, TOKEN), None);
    }

    #[test]
    fn a_preview_page_is_served_with_a_development_browser_only() {
        let preview = || origin(OriginTrust::DevelopmentOnly);
        assert_eq!(check(preview().as_ref(), None, COOKIE), Some(Code::OriginInvalid));
        assert_eq!(check(preview().as_ref(), None, Write::default()), Some(Code::OriginInvalid));
        assert_eq!(check(preview().as_ref(), None, TOKEN), None);
        assert_eq!(check(preview().as_ref(), None, Write { makes_dev_browser: true, ..Write::default() }), None);
    }
}
