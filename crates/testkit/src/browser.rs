//! A browser that speaks like clerk-js: form-encoded bodies, every write a POST with `_method` in the query, the development
//! browser's token in every address, cookies in a jar.

use crate::answer::Answer;
use crate::jar::Jar;
use crate::server::{APP, TestServer};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, ORIGIN, USER_AGENT};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use url::form_urlencoded::Serializer;
use verger_service::Tenant;

/// Fields of a form.
pub type Fields<'a> = &'a [(&'a str, &'a str)];

/// A browser at the app of one instance.
#[derive(Clone)]
pub struct Browser {
    /// Which server it talks to.
    pub server: TestServer,
    /// Whose app it visits.
    pub tenant: Arc<Tenant>,
    /// Its cookies.
    pub jar: Jar,
    /// The page's origin; `None` sends none.
    pub origin: Option<String>,
    /// The development browser's token, once [`Browser::open`] made one.
    pub dev_browser: Option<String>,
    /// The stated API version; `None` states none.
    pub api_version: Option<&'static str>,
    /// The session in whose name `/v1/me` is asked.
    pub session: Option<String>,
    /// The address from which it connects; `None` for a listener that knows none.
    pub ip: Option<IpAddr>,
}

impl Browser {
    pub(crate) fn new(server: TestServer, tenant: Arc<Tenant>) -> Self {
        let origin = tenant.instance.domain.as_ref().map_or(APP.to_owned(), |domain| format!("https://app.{domain}"));
        let api_version = Some("2026-05-12");
        Self {
            server,
            tenant,
            jar: Jar::default(),
            origin: Some(origin),
            dev_browser: None,
            api_version,
            session: None,
            ip: None,
        }
    }

    /// Makes a development browser first, as clerk-js does in a page without middleware.
    pub async fn open(mut self) -> Self {
        let answer = self.post("/v1/dev_browser", &[]).await.ok();
        self.dev_browser = Some(answer.text("/id"));
        self
    }

    /// The same browser at this address.
    ///
    /// # Panics
    /// When that is no address.
    #[must_use]
    pub fn from(self, ip: &str) -> Self {
        Self { ip: Some(ip.parse().expect("an address")), ..self }
    }

    /// GET
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, None).await
    }

    /// POST
    pub async fn post(&mut self, path: &str, fields: Fields<'_>) -> Answer {
        self.send("POST", path, Some(fields)).await
    }

    /// PATCH, tunnelled.
    pub async fn patch(&mut self, path: &str, fields: Fields<'_>) -> Answer {
        self.send("POST", &with_param(path, "_method", "PATCH"), Some(fields)).await
    }

    /// PUT, tunnelled.
    pub async fn put(&mut self, path: &str, fields: Fields<'_>) -> Answer {
        self.send("POST", &with_param(path, "_method", "PUT"), Some(fields)).await
    }

    /// DELETE, tunnelled.
    pub async fn delete(&mut self, path: &str) -> Answer {
        self.send("POST", &with_param(path, "_method", "DELETE"), Some(&[])).await
    }

    /// A navigation of the whole page: no origin, no transport parameters beside what the address has.
    ///
    /// # Panics
    /// When the address is none.
    pub async fn navigate(&mut self, path: &str) -> Answer {
        let request = self.request("GET", path).body(Body::empty()).expect("a request");
        let answer = self.server.at_frontend(request).await;
        self.jar.update(&answer.headers);
        answer
    }

    async fn send(&mut self, method: &str, path: &str, fields: Option<Fields<'_>>) -> Answer {
        let mut request = self.request(method, &self.address(path));
        if let Some(origin) = &self.origin {
            request = request.header(ORIGIN, origin);
        }
        let body = match fields {
            Some(fields) => {
                request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
                Body::from(Serializer::new(String::new()).extend_pairs(fields).finish())
            }
            None => Body::empty(),
        };
        let answer = self.server.at_frontend(request.body(body).expect("a request")).await;
        self.jar.update(&answer.headers);
        answer
    }

    /// A request to this browser's instance with its cookies, not sent yet.
    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let (_, rest) = self.tenant.addresses.frontend_api.split_once("://").unwrap_or_default();
        let (host, prefix) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        let path = format!("{prefix}{path}");
        let mut request = Request::builder().method(method).header(HOST, host);
        if let Some(ip) = self.ip {
            request = request.extension(ConnectInfo(SocketAddr::new(ip, 9)));
        }
        request = request.header(USER_AGENT, "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36");
        let route = path.split('?').next().unwrap_or_default();
        if let Some(cookies) = self.jar.header(route) {
            request = request.header(COOKIE, cookies);
        }
        request.uri(path)
    }

    fn address(&self, path: &str) -> String {
        let mut path = path.to_owned();
        let session = self.session.as_deref().filter(|_| !path.starts_with("/v1/client"));
        let params = [
            ("__clerk_api_version", self.api_version),
            ("__clerk_db_jwt", self.dev_browser.as_deref()),
            ("_clerk_session_id", session),
        ];
        for (name, value) in params {
            if let Some(value) = value {
                path = with_param(&path, name, value);
            }
        }
        path
    }
}

/// An address with one more parameter.
fn with_param(path: &str, name: &str, value: &str) -> String {
    let pair = Serializer::new(String::new()).append_pair(name, value).finish();
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}{pair}")
}
