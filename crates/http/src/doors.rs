//! Puts several doors behind one listener.

use crate::door::Door;
use crate::instance::{self, HostName};
use crate::peer;
use crate::state::AppState;
use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use std::convert::Infallible;
use tower::ServiceExt;

/// Which doors a listener opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// The Frontend API and the portal: the browser's address in development.
    Browser,
    /// Every door; the host name decides: `clerk.`, `accounts.` and `api.` in front of an instance's domain.
    Everything,
}

/// The routers of the doors, as their crates build them.
#[derive(Clone)]
pub struct Doors {
    /// The Frontend API.
    pub frontend: Router,
    /// The Backend API.
    pub backend: Router,
    /// Pages and files.
    pub portal: Router,
}

impl Doors {
    /// One router for one listener.
    pub fn behind(self, state: AppState, listener: Listener) -> Router {
        let dispatch = move |request: Request| {
            let (doors, state) = (self.clone(), state.clone());
            async move { doors.dispatch(&state, listener, request).await }
        };
        Router::new().fallback(dispatch)
    }

    async fn dispatch(self, state: &AppState, listener: Listener, request: Request) -> Response {
        let (parts, body) = request.into_parts();
        let named = match listener {
            Listener::Browser => None,
            Listener::Everything => {
                peer::host(state.access(), &parts).and_then(|host| instance::host_name(state, &host))
            }
        };
        let router = match named {
            Some(HostName::Domain(Door::Backend, _)) => self.backend,
            Some(HostName::Domain(Door::Portal, _)) => self.portal,
            _ if is_frontend_path(parts.uri.path()) => self.frontend,
            _ => self.portal,
        };
        let answer: Result<Response, Infallible> = router.oneshot(Request::from_parts(parts, body)).await;
        answer.unwrap_or_else(|never| match never {})
    }
}

/// Whether a path belongs to the Frontend API, behind the prefix of an instance or not.
fn is_frontend_path(path: &str) -> bool {
    let path = instance::slug_of(path).map_or(path, |(_, prefix)| &path[prefix..]);
    ["/v1", "/.well-known", "/oauth"]
        .iter()
        .any(|root| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frontend_api_has_its_own_roots() {
        for path in ["/v1/client", "/i/shop/v1/client", "/.well-known/jwks.json", "/i/shop/.well-known/jwks.json"] {
            assert!(is_frontend_path(path), "{path}");
        }
        for path in ["/", "/sign-in", "/i/shop/sign-in", "/npm/@clerk/ui@1/dist/x.js", "/v10", "/inbox"] {
            assert!(!is_frontend_path(path), "{path}");
        }
    }
}
