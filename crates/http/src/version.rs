//! The API version that a request asks for.

use axum::http::HeaderMap;
use verger_model::{ApiVersion, Code, Refusal};

const HEADER: &str = "clerk-api-version";

/// The stated version; the header wins over the query, a request that states none gets the oldest shape.
///
/// # Errors
/// `api_version_invalid` for what is no date, or one before the first version.
pub(crate) fn stated(headers: &HeaderMap, in_query: Option<&str>) -> Result<ApiVersion, Refusal> {
    let in_header = match headers.get(HEADER) {
        Some(value) => Some(value.to_str().map_err(|_| Code::ApiVersionInvalid)?),
        None => None,
    };
    let Some(date) = in_header.or(in_query) else { return Ok(ApiVersion::OLDEST) };
    ApiVersion::at(date).ok_or_else(|| Code::ApiVersionInvalid.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_header_wins_over_the_query() {
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, HeaderValue::from_static("2025-04-10"));
        assert_eq!(stated(&headers, Some("2026-05-12")), Ok(ApiVersion::V2025_04_10));
        assert_eq!(stated(&HeaderMap::new(), Some("2026-05-12")), Ok(ApiVersion::V2026_05_12));
        assert_eq!(stated(&HeaderMap::new(), None), Ok(ApiVersion::OLDEST));
    }

    #[test]
    fn a_bad_version_is_refused() {
        assert!(stated(&HeaderMap::new(), Some("latest")).is_err());
        assert!(stated(&HeaderMap::new(), Some("2019-01-01")).is_err());
    }
}
