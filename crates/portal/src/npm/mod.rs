//! `/npm/@clerk/…`: the browser bundles that SDKs load, unchanged, as packed by `web/sdk-bundles`. The addresses are those that
//! SDKs build: the entry by major, its chunks by exact version.

mod bundles;
mod version;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    VARY,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use bundles::{Bundles, PackedFile};
use verger_http::{Failure, Reply, Segments};
use verger_model::{Code, Refusal};
use verger_service::Error;

static BUNDLES: Bundles = Bundles::embedded();

const NOT_PACKED: &str = "The bundles are not packed into this build: run `npm ci` and `node pack.mjs` in web/sdk-bundles, then build again.";
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
/// An exact version never changes.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// What a major or a tag stands for changes with the server's version.
const SHORTLY: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// One file of a bundle.
pub(crate) async fn file(Segments((package, file)): Segments<(String, String)>, headers: HeaderMap) -> Reply {
    answer(&BUNDLES, &package, &file, &headers)
}

fn answer(bundles: &Bundles, package: &str, file: &str, asked: &HeaderMap) -> Reply {
    let manifest = bundles.manifest().ok_or_else(|| not_found(NOT_PACKED))?;
    let (name, wanted) = package.split_once('@').unwrap_or((package, "latest"));
    let found =
        manifest.find(name, wanted).ok_or_else(|| not_found(&format!("This server carries {}.", manifest.names())))?;
    let packed = found.package.file(file).ok_or_else(|| not_found("The package has no such file."))?;
    let gzip = accepts_gzip(asked);
    let tag = packed.entity_tag(gzip);
    let mut response = if matches(asked, &tag) {
        let mut unchanged = Response::new(Body::empty());
        *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
        unchanged
    } else {
        content(bundles, &found.package.path_of(packed), packed, gzip)?
    };
    let headers = response.headers_mut();
    headers.insert(ETAG, HeaderValue::from_str(&tag).map_err(|err| Failure::from(Error::internal(err)))?);
    headers.insert(CACHE_CONTROL, if found.exact { FOREVER } else { SHORTLY });
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    // Scripts are loaded with crossorigin=anonymous, without credentials, by any app.
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    Ok(response)
}

fn content(bundles: &Bundles, path: &str, packed: &PackedFile, gzip: bool) -> Reply {
    let bytes = bundles.read(path).ok_or_else(|| Failure::from(Error::internal(format!("{path} is not packed"))))?;
    let body = if gzip {
        Body::from(bytes)
    } else {
        Body::from(bundles::inflate(&bytes, packed.size).map_err(|err| Failure::from(Error::internal(err)))?)
    };
    let mut response = Response::new(body);
    let kind = HeaderValue::from_str(&packed.kind).map_err(|err| Failure::from(Error::internal(err)))?;
    response.headers_mut().insert(CONTENT_TYPE, kind);
    if gzip {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    Ok(response)
}

fn not_found(why: &str) -> Failure {
    Refusal::new(Code::ResourceNotFound).saying(why).into()
}

fn accepts_gzip(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|coding| {
        let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
        let refused = weight.trim().strip_prefix("q=").is_some_and(|q| q.parse::<f32>().is_ok_and(|q| q <= 0.0));
        matches!(name.trim(), "gzip" | "x-gzip" | "*") && !refused
    })
}

fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let values = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|known| {
        let known = known.trim();
        known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag
    })
}

#[cfg(test)]
mod tests {
    use super::bundles::fixture;
    use super::*;
    use axum::body::to_bytes;

    fn get(package: &str, file: &str, headers: &[(HeaderName, &'static str)]) -> Reply {
        let asked = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect();
        answer(&fixture::packed(), package, file, &asked)
    }

    fn header<'a>(response: &'a Response, name: &HeaderName) -> &'a str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    async fn text(response: Response) -> String {
        String::from_utf8(to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn the_entry_of_a_major_is_cached_shortly() {
        let response = get("clerk-js@6", "clerk.browser.js", &[]).unwrap();
        assert_eq!(header(&response, &CACHE_CONTROL), "public, max-age=300");
        assert_eq!(header(&response, &CONTENT_TYPE), "text/javascript; charset=utf-8");
        assert_eq!(header(&response, &ACCESS_CONTROL_ALLOW_ORIGIN), "*");
        assert_eq!(header(&response, &VARY), "Accept-Encoding");
        assert_eq!(text(response).await, fixture::SCRIPT);
    }

    #[tokio::test]
    async fn an_exact_version_is_cached_forever() {
        let response = get("clerk-js@6.40.0", "clerk.browser.js", &[]).unwrap();
        assert_eq!(header(&response, &CACHE_CONTROL), "public, max-age=31536000, immutable");
    }

    #[tokio::test]
    async fn another_version_of_a_packed_major_is_the_packed_one_for_a_while() {
        for package in ["clerk-js@6.39.2", "clerk-js@latest", "clerk-js@canary", "clerk-js"] {
            let response = get(package, "clerk.browser.js", &[]).unwrap();
            assert_eq!(header(&response, &CACHE_CONTROL), "public, max-age=300", "{package}");
            assert_eq!(text(response).await, fixture::SCRIPT, "{package}");
        }
    }

    #[tokio::test]
    async fn gzip_goes_out_as_it_is_packed() {
        let response = get("clerk-js@6", "clerk.browser.js", &[(ACCEPT_ENCODING, "br, gzip;q=0.8")]).unwrap();
        assert_eq!(header(&response, &CONTENT_ENCODING), "gzip");
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        assert_eq!(bundles::inflate(&bytes, 0).unwrap(), fixture::SCRIPT.as_bytes());
        let response = get("clerk-js@6", "clerk.browser.js", &[(ACCEPT_ENCODING, "gzip;q=0")]).unwrap();
        assert_eq!(header(&response, &CONTENT_ENCODING), "");
    }

    #[tokio::test]
    async fn what_the_browser_has_is_not_sent_again() {
        let first = get("clerk-js@6", "clerk.browser.js", &[(ACCEPT_ENCODING, "gzip")]).unwrap();
        let tag: &'static str = header(&first, &ETAG).to_owned().leak();
        let again = get("clerk-js@6", "clerk.browser.js", &[(ACCEPT_ENCODING, "gzip"), (IF_NONE_MATCH, tag)]).unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(text(again).await, "");
        let plain = get("clerk-js@6", "clerk.browser.js", &[(IF_NONE_MATCH, tag)]).unwrap();
        assert_eq!(plain.status(), StatusCode::OK, "another encoding is another representation");
    }

    #[test]
    fn what_is_not_packed_is_not_found() {
        for (package, file) in [
            ("clerk-js@4", "clerk.browser.js"),
            ("elements@1", "x.js"),
            ("clerk-js@6", "../manifest.json"),
            ("clerk-js@6", "nothing.js"),
            ("clerk-js@6x", "clerk.browser.js"),
        ] {
            let failure = get(package, file, &[]).unwrap_err();
            let code = failure.error().refusal().map(Refusal::code);
            assert_eq!(code, Some(Code::ResourceNotFound), "{package} {file}");
        }
    }

    #[test]
    fn a_build_without_bundles_says_so() {
        let failure = answer(&fixture::empty(), "clerk-js@6", "clerk.browser.js", &HeaderMap::new()).unwrap_err();
        let said = failure.error().refusal().and_then(|refusal| refusal.items().next()?.long_message.clone());
        assert!(said.is_some_and(|text| text.contains("not packed")));
    }
}
