//! A cookie jar as browsers have it, for one host: cookies are known by name and path, and ignore ports.

use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;

/// The cookies of one host.
#[derive(Clone, Debug, Default)]
pub struct Jar(Vec<Cookie>);

#[derive(Clone, Debug)]
struct Cookie {
    name: String,
    value: String,
    path: String,
}

impl Jar {
    /// Takes over what an answer sets and deletes.
    pub fn update(&mut self, headers: &HeaderMap) {
        for line in headers.get_all(SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            let mut parts = line.split(';').map(str::trim);
            let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else { continue };
            let attributes: Vec<_> = parts.filter_map(|it| it.split_once('=')).collect();
            let attribute =
                |name: &str| attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|it| it.1);
            let path = attribute("path").unwrap_or("/");
            self.0.retain(|cookie| cookie.name != name || cookie.path != path);
            if attribute("max-age") != Some("0") {
                self.0.push(Cookie { name: name.into(), value: value.into(), path: path.into() });
            }
        }
    }

    /// The `Cookie` header for a path, longer paths first; `None` when no cookie fits.
    pub fn header(&self, path: &str) -> Option<String> {
        let mut fitting: Vec<_> = self.0.iter().filter(|cookie| covers(&cookie.path, path)).collect();
        fitting.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<_> = fitting.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of a cookie, whatever its path.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|cookie| cookie.name == name).map(|cookie| cookie.value.as_str())
    }
}

fn covers(cookie: &str, path: &str) -> bool {
    path.strip_prefix(cookie).is_some_and(|rest| cookie.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_cookie_goes_where_its_path_covers() {
        let mut jar = Jar::default();
        let mut headers = HeaderMap::new();
        headers.append(SET_COOKIE, HeaderValue::from_static("a=root; Path=/"));
        headers.append(SET_COOKIE, HeaderValue::from_static("a=shop; Path=/i/shop"));
        jar.update(&headers);
        assert_eq!(jar.header("/i/shop/v1/client").as_deref(), Some("a=shop; a=root"));
        assert_eq!(jar.header("/i/shopping").as_deref(), Some("a=root"));
        headers.clear();
        headers.append(SET_COOKIE, HeaderValue::from_static("a=; Path=/; Max-Age=0"));
        jar.update(&headers);
        assert_eq!(jar.header("/v1/client"), None);
    }
}
