//! Where a request comes from and which host it was sent to, as far as the proxies in between can be believed.

use crate::access::Access;
use axum::extract::ConnectInfo;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use std::net::{IpAddr, SocketAddr};

const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the other end of the connection; unknown when the listener did not record it.
fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical())
}

/// The host that the browser asked for, lower-case and without port.
pub(crate) fn host(access: &Access, parts: &Parts) -> Option<String> {
    let forwarded = if peer(parts).is_some_and(|peer| access.trusts(peer)) {
        parts.headers.get(FORWARDED_HOST).and_then(|value| value.to_str().ok()?.split(',').next())
    } else {
        None
    };
    let sent = || parts.headers.get(HOST).and_then(|value| value.to_str().ok());
    let named = forwarded.or_else(sent).or_else(|| parts.uri.authority().map(axum::http::uri::Authority::as_str))?;
    Some(without_port(named.trim()).trim_end_matches('.').to_ascii_lowercase())
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    }
}

/// The caller's address. Behind trusted proxies it is the last one in the chain that is no proxy; behind an application's own
/// authenticated proxy it is the first.
pub(crate) fn caller(access: &Access, parts: &Parts, authenticated_proxy: bool) -> Option<String> {
    let peer = peer(parts);
    if authenticated_proxy && let Some(first) = chain(&parts.headers).next() {
        return Some(first.to_string());
    }
    let behind_proxy = peer.is_some_and(|peer| access.trusts(peer));
    let last = || chain(&parts.headers).filter(|hop| !access.trusts(*hop)).last();
    let caller = if behind_proxy { last().or(peer) } else { peer };
    caller.map(|address| address.to_string())
}

fn chain(headers: &HeaderMap) -> impl Iterator<Item = IpAddr> {
    let values = headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).filter_map(|hop| hop.trim().parse::<IpAddr>().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn parts(from: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::builder().uri("/v1/client");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (mut parts, ()) = request.body(()).unwrap().into_parts();
        parts.extensions.insert(ConnectInfo(SocketAddr::new(from.parse().unwrap(), 9)));
        parts
    }

    fn behind_proxy() -> Access {
        Access { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], loopback_hosts: false }
    }

    #[test]
    fn the_port_and_the_final_dot_are_dropped() {
        let access = Access::default();
        let named = |host: &str| super::host(&access, &parts("203.0.113.9", &[("host", host)])).unwrap();
        assert_eq!(named("Clerk.A.test:4443"), "clerk.a.test");
        assert_eq!(named("a.test."), "a.test");
        assert_eq!(named("[::1]:4000"), "[::1]");
        assert_eq!(named("[::1]"), "[::1]");
    }

    #[test]
    fn a_stranger_cannot_forward() {
        let headers = [("host", "a.test"), ("x-forwarded-host", "evil.test"), ("x-forwarded-for", "198.51.100.1")];
        let stranger = parts("203.0.113.9", &headers);
        assert_eq!(host(&behind_proxy(), &stranger).as_deref(), Some("a.test"));
        assert_eq!(caller(&behind_proxy(), &stranger, false).as_deref(), Some("203.0.113.9"));
        let proxy = parts("10.1.2.3", &headers);
        assert_eq!(host(&behind_proxy(), &proxy).as_deref(), Some("evil.test"));
        assert_eq!(caller(&behind_proxy(), &proxy, false).as_deref(), Some("198.51.100.1"));
    }

    #[test]
    fn the_caller_is_the_last_hop_that_is_no_proxy() {
        let spoofed = parts("10.1.2.3", &[("x-forwarded-for", "1.1.1.1, 198.51.100.1, 10.9.9.9")]);
        assert_eq!(caller(&behind_proxy(), &spoofed, false).as_deref(), Some("198.51.100.1"));
        assert_eq!(caller(&behind_proxy(), &spoofed, true).as_deref(), Some("1.1.1.1"));
    }
}
