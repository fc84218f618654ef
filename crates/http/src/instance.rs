//! Which instance a request means: by host name where an instance has a domain, by path prefix where it has none, by secret
//! key where an application's own proxy carries the request.

use crate::door::Door;
use crate::failure::Failure;
use crate::peer;
use crate::state::AppState;
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderName, Uri};
use std::sync::Arc;
use verger_model::address::{is_loopback_origin, origin_of};
use verger_model::{Code, Refusal, Secret};
use verger_service::Tenant;

const PROXY_URL: HeaderName = HeaderName::from_static("clerk-proxy-url");
const SECRET_KEY: HeaderName = HeaderName::from_static("clerk-secret-key");

/// Where a request arrived.
pub(crate) struct Place {
    /// At whose door.
    pub(crate) tenant: Arc<Tenant>,
    /// Bytes of the path in front of the route.
    prefix: usize,
    /// The origin of the application's own proxy, if one carried the request and proved itself.
    pub(crate) proxy_origin: Option<String>,
}

/// What a host name stands for.
pub(crate) enum HostName {
    /// A door of an instance with a domain.
    Domain(Door, Arc<Tenant>),
    /// The server itself: instances without a domain, by path.
    Server,
}

/// What a host name (lower case, no port) stands for on this server; `None` for strangers.
pub(crate) fn host_name(state: &AppState, host: &str) -> Option<HostName> {
    if let Some((label, domain)) = host.split_once('.')
        && let Some(door) = door_of_label(label)
        && let Some(tenant) = state.service().tenant_by_domain(domain)
    {
        return Some(HostName::Domain(door, tenant));
    }
    let is_loopback = || state.access().loopback_hosts && is_loopback_origin(&format!("http://{host}"));
    (state.is_base_host(host) || is_loopback()).then_some(HostName::Server)
}

fn door_of_label(label: &str) -> Option<Door> {
    match label {
        "clerk" => Some(Door::Frontend),
        "accounts" => Some(Door::Portal),
        "api" => Some(Door::Backend),
        _ => None,
    }
}

/// The slug in front of a path (`/i/<slug>/…`) and the length of that prefix.
pub(crate) fn slug_of(path: &str) -> Option<(&str, usize)> {
    let rest = path.strip_prefix("/i/")?;
    let slug = rest.split('/').next().filter(|slug| !slug.is_empty())?;
    Some((slug, "/i/".len() + slug.len()))
}

/// Finds the instance of a request at the Frontend API or the portal.
///
/// # Errors
/// `host_invalid` for an unknown host, `resource_not_found` for an unknown slug, `proxy_request_*` for a proxy that did not
/// prove itself.
pub(crate) async fn find(state: &AppState, door: Door, parts: &Parts) -> Result<Place, Failure> {
    if let Some(url) = parts.headers.get(PROXY_URL) {
        let url = url.to_str().map_err(|_| Code::HostInvalid)?;
        return by_proxy(state, url, parts).await;
    }
    let host = peer::host(state.access(), parts).ok_or(Code::HostInvalid)?;
    match host_name(state, &host) {
        Some(HostName::Domain(named, tenant)) if serves(named, door) => {
            Ok(Place { tenant, prefix: 0, proxy_origin: None })
        }
        Some(HostName::Server) => Ok(by_path(state, parts.uri.path())?),
        _ => Err(Code::HostInvalid.into()),
    }
}

/// Whether a host name leads to a door. The browser bundles lie at the Frontend API's host but belong to the portal.
fn serves(named: Door, door: Door) -> bool {
    named == door || (named == Door::Frontend && door == Door::Portal)
}

fn by_path(state: &AppState, path: &str) -> Result<Place, Refusal> {
    let (tenant, prefix) = match slug_of(path) {
        Some((slug, prefix)) => {
            let tenant = state.service().tenant_by_slug(slug).filter(|tenant| !tenant.instance.is_root);
            (tenant.ok_or(Code::ResourceNotFound)?, prefix)
        }
        None => (state.service().root_tenant().ok_or(Code::HostInvalid)?, 0),
    };
    // An instance with a domain has other addresses, cookies and issuer than those of this path.
    if tenant.instance.domain.is_some() && !tenant.instance.is_development() {
        return Err(Code::ResourceNotFound.into());
    }
    Ok(Place { tenant, prefix, proxy_origin: None })
}

async fn by_proxy(state: &AppState, proxy_url: &str, parts: &Parts) -> Result<Place, Failure> {
    let sent = parts.headers.get(SECRET_KEY).ok_or(Code::ProxyRequestMissingSecretKey)?;
    let key = Secret::from(sent.to_str().map_err(|_| Code::ProxyRequestInvalidSecretKey)?);
    let tenant = state.service().tenant_by_secret_key(&key).await?.ok_or(Code::ProxyRequestInvalidSecretKey)?;
    let (named, prefix) = match slug_of(parts.uri.path()) {
        Some((slug, prefix)) => (Some(slug), prefix),
        None => (None, 0),
    };
    if named.is_some_and(|slug| slug != tenant.instance.slug) {
        return Err(Code::ProxyRequestInvalidSecretKey.into());
    }
    Ok(Place { tenant, prefix, proxy_origin: origin_of(proxy_url) })
}

impl Place {
    /// The path without what is in front of the route and without a slash at the end; `None` if there is nothing to change.
    pub(crate) fn route(&self, uri: &Uri) -> Option<Uri> {
        let path = &uri.path()[self.prefix..];
        trimmed(path, self.prefix > 0, uri)
    }
}

/// A URI with another path, when it differs: `changed` says that it does before the slash at the end is looked at.
pub(crate) fn trimmed(path: &str, changed: bool, uri: &Uri) -> Option<Uri> {
    let route = path.trim_end_matches('/');
    if !changed && (route.len() == path.len() || path == "/") {
        return None;
    }
    let route = if route.is_empty() { "/" } else { route };
    let text = match uri.query() {
        Some(query) => format!("{route}?{query}"),
        None => route.to_owned(),
    };
    PathAndQuery::try_from(text).ok().map(Uri::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_stands_between_slashes() {
        assert_eq!(slug_of("/i/shop/v1/client"), Some(("shop", 7)));
        assert_eq!(slug_of("/i/shop"), Some(("shop", 7)));
        assert_eq!(slug_of("/i/"), None);
        assert_eq!(slug_of("/i"), None);
        assert_eq!(slug_of("/internal/v1"), None);
    }

    #[test]
    fn a_slash_at_the_end_makes_no_difference() {
        let route = |text: &str| trimmed(text.parse::<Uri>().unwrap().path(), false, &text.parse().unwrap());
        assert_eq!(route("/v1/client"), None);
        assert_eq!(route("/"), None);
        assert_eq!(route("/v1/client/?a=b").map(|uri| uri.to_string()).as_deref(), Some("/v1/client?a=b"));
        assert_eq!(route("/v1/client//").map(|uri| uri.to_string()).as_deref(), Some("/v1/client"));
    }
}
