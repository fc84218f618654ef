//! A list of leaked passwords on loopback, as the public one answers: ranges by the first five digits of a SHA-1.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The list under test. It ends with the test's runtime.
#[derive(Clone)]
pub struct LeakServer {
    /// What `hibp_range_url` is set to.
    pub range_url: String,
    state: Arc<Mutex<Inside>>,
}

#[derive(Default)]
struct Inside {
    leaked: Vec<String>,
    asked: Vec<(String, Option<String>)>,
    broken: Option<Broken>,
}

/// How a list fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It answers 503.
    Unavailable,
    /// It takes the request and never answers.
    Silent,
    /// It answers without end.
    Endless,
}

impl LeakServer {
    /// Starts a list that names the passwords with these SHA-1 values, in upper-case hex.
    ///
    /// # Panics
    /// When loopback cannot be listened on.
    pub async fn start(leaked: &[&str]) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        let address = listener.local_addr().expect("a bound socket has an address");
        let leaked = leaked.iter().map(|it| (*it).to_owned()).collect();
        let state = Arc::new(Mutex::new(Inside { leaked, ..Inside::default() }));
        let server = Self { range_url: format!("http://{address}/range/"), state };
        let routes = Router::new().route("/range/{prefix}", get(range)).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        server
    }

    /// From now on it names this one too.
    pub fn leak(&self, key: &str) {
        self.inside().leaked.push(key.to_owned());
    }

    /// From now on it fails.
    pub fn break_down(&self, how: Broken) {
        self.inside().broken = Some(how);
    }

    /// What it was asked for: the digits, and the header `Add-Padding`.
    pub fn asked(&self) -> Vec<(String, Option<String>)> {
        self.inside().asked.clone()
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn range(State(server): State<LeakServer>, Path(prefix): Path<String>, headers: HeaderMap) -> Response {
    let padding = headers.get("add-padding").and_then(|value| value.to_str().ok()).map(str::to_owned);
    let broken = {
        let mut inside = server.inside();
        inside.asked.push((prefix.clone(), padding));
        inside.broken
    };
    match broken {
        Some(Broken::Unavailable) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Some(Broken::Silent) => std::future::pending::<()>().await,
        Some(Broken::Endless) => return "0".repeat(2 * 1024 * 1024).into_response(),
        None => {}
    }
    let inside = server.inside();
    let mut lines = vec!["0018A45C4D1DEF81644B54AB7F969B88D65:0".to_owned()];
    lines.extend(inside.leaked.iter().filter_map(|it| it.strip_prefix(&prefix)).map(|suffix| format!("{suffix}:37")));
    lines.join("\r\n").into_response()
}
