//! The way of a request through a door: trace, instance, CORS, method, origin, version; then the route; then headers, the error
//! body, and one line in the log.

use crate::call::Call;
use crate::cookies;
use crate::cors;
use crate::failure::Failure;
use crate::instance;
use crate::method_override;
use crate::origin::{self, Origin, Write};
use crate::peer;
use crate::query::{self, Marks};
use crate::respond::{self, FaultAnswer};
use crate::secret_key;
use crate::state::AppState;
use crate::trace::TraceId;
use crate::version;
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, USER_AGENT, X_CONTENT_TYPE_OPTIONS};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower::ServiceExt;
use verger_model::address::OriginTrust;
use verger_model::{ApiVersion, Code, Millis};
use verger_service::{Ctx, Error, Presented, RequestInfo, Tenant};

const TRACE_ID: HeaderName = HeaderName::from_static("x-clerk-trace-id");

/// One of the doors of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    /// The Frontend API: browsers, cookies, forms.
    Frontend,
    /// The Backend API: servers, secret keys, JSON.
    Backend,
    /// Pages and files for people.
    Portal,
}

/// Wraps the routes of the Frontend API (`/v1/…`, `/.well-known/…`).
pub fn frontend(state: AppState, routes: Router<AppState>) -> Router {
    mount(Door::Frontend, state, routes)
}

/// Wraps the routes of the Backend API. They are written with `/v1`; a request may leave it out.
pub fn backend(state: AppState, routes: Router<AppState>) -> Router {
    mount(Door::Backend, state, routes)
}

/// Wraps pages and files for people. Handlers set their own caching and security headers.
pub fn portal(state: AppState, routes: Router<AppState>) -> Router {
    mount(Door::Portal, state, routes)
}

fn mount(door: Door, state: AppState, routes: Router<AppState>) -> Router {
    let routes = routes
        .fallback(async || Failure::from(Code::ResourceNotFound))
        .method_not_allowed_fallback(async || Failure::from(Code::MethodNotAllowed))
        .layer(from_fn(note_route))
        .with_state(state.clone());
    Router::new().fallback_service(Entrance { door, state, routes })
}

/// Leaves the name of the route on the answer, for the log.
async fn note_route(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

#[derive(Clone)]
struct Entrance {
    door: Door,
    state: AppState,
    routes: Router,
}

impl tower::Service<Request> for Entrance {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let entrance = self.clone();
        Box::pin(async move { Ok(entrance.pass(request).await) })
    }
}

/// What is known about a request while it passes, also when it fails halfway.
struct Passage {
    trace: TraceId,
    now: Millis,
    method: Method,
    tenant: Option<Arc<Tenant>>,
    echo: Option<HeaderValue>,
    faults: FaultAnswer,
}

impl Entrance {
    async fn pass(self, request: Request) -> Response {
        let service = self.state.service();
        let mut passage = Passage {
            trace: TraceId::generate(service.entropy()),
            now: service.now(),
            method: request.method().clone(),
            tenant: None,
            echo: None,
            faults: fault_answer(self.door, request.uri().path()),
        };
        let answered = AssertUnwindSafe(self.answer(&mut passage, request)).catch_unwind().await;
        let response = match answered {
            Ok(Ok(response)) => response,
            Ok(Err(failure)) => failure.into_response(),
            Err(panic) => Failure::panicked(&*panic).into_response(),
        };
        self.finish(&passage, response)
    }

    async fn answer(&self, passage: &mut Passage, request: Request) -> Result<Response, Failure> {
        let (mut parts, body) = request.into_parts();
        let call = match self.door {
            Door::Frontend => match self.frontend_call(passage, &mut parts).await? {
                Some(call) => call,
                None => return Ok(cors::preflight(passage.echo.is_some(), &parts.headers)),
            },
            Door::Backend => self.backend_call(passage, &mut parts).await?,
            Door::Portal => self.portal_call(passage, &mut parts).await?,
        };
        parts.extensions.insert(call);
        let routed = self.routes.clone().oneshot(Request::from_parts(parts, body)).await;
        Ok(routed.unwrap_or_else(|never| match never {}))
    }

    /// `None`: a preflight, which is answered without a handler.
    async fn frontend_call(&self, passage: &mut Passage, parts: &mut Parts) -> Result<Option<Call>, Failure> {
        let place = instance::find(&self.state, Door::Frontend, parts).await?;
        let tenant = passage.tenant.insert(Arc::clone(&place.tenant));
        let origin = Origin::read(&parts.headers, tenant)?;
        passage.echo = cors::echo(origin.as_ref(), &parts.headers);
        if parts.method == Method::OPTIONS {
            return Ok(None);
        }
        let query = parts.uri.query().unwrap_or_default();
        let marks = Marks::read(query);
        let method = method_override::effective(&parts.method, marks.method.as_deref())?;
        passage.method = method.clone();
        if marks.native && !tenant.instance.settings.native.api_enabled {
            return Err(Code::NativeApiDisabled.into());
        }
        origin::check_authorization(&parts.headers, origin.is_some())?;
        let presented = match marks.native {
            true => native_presented(&parts.headers),
            false => presented(tenant, origin.as_ref(), &parts.headers, &marks),
        };
        // A provider's own page posts there; nothing happens before the browser comes back by GET.
        let from_provider = parts.uri.path().trim_end_matches('/').ends_with("/v1/oauth_callback");
        // What a native app presents, no page can lend it.
        if !is_read(&method) && !from_provider && !marks.native {
            let write = Write {
                cookie: !presented.client_cookies.is_empty(),
                dev_browser: presented.dev_browser.is_some(),
                proxied: place.proxy_origin.is_some(),
                makes_dev_browser: parts.uri.path().trim_end_matches('/').ends_with("/v1/dev_browser"),
            };
            origin::check_write(origin.as_ref(), &parts.headers, write)?;
        }
        query::refuse_nul(query)?;
        let api = version::stated(&parts.headers, marks.api_version.as_deref())?;
        let acting_session = marks.session.map(std::borrow::Cow::into_owned).filter(|id| !id.is_empty());
        let is_native = marks.native;
        let proxied = place.proxy_origin.is_some();
        let page = origin.filter(|origin| origin.trust.is_served()).and_then(|origin| origin.text);
        let request = self.told(parts, proxied, page.or(place.proxy_origin.clone()));
        let ctx = Ctx { tenant: Arc::clone(tenant), now: passage.now, api, request };
        if let Some(uri) = place.route(&parts.uri) {
            parts.uri = uri;
        }
        parts.method = method;
        let mut call = Call::new(ctx, presented, acting_session);
        call.is_native = is_native;
        Ok(Some(call))
    }

    async fn backend_call(&self, passage: &mut Passage, parts: &mut Parts) -> Result<Call, Failure> {
        let tenant = secret_key::tenant(&self.state, &parts.headers).await?;
        passage.tenant = Some(Arc::clone(&tenant));
        let marks = Marks::read(parts.uri.query().unwrap_or_default());
        let api = version::stated(&parts.headers, marks.api_version.as_deref())?;
        let ctx = Ctx { tenant, now: passage.now, api, request: self.told(parts, false, None) };
        let path = parts.uri.path();
        let is_jwks = path.strip_prefix("/v1").unwrap_or(path) == "/jwks";
        if !is_jwks {
            self.state.service().admit_backend(&ctx)?;
        }
        let unversioned = path != "/v1" && !path.starts_with("/v1/");
        let path = if unversioned { format!("/v1{path}") } else { path.to_owned() };
        if let Some(uri) = instance::trimmed(&path, unversioned, &parts.uri) {
            parts.uri = uri;
        }
        Ok(Call::new(ctx, Presented::default(), None))
    }

    async fn portal_call(&self, passage: &mut Passage, parts: &mut Parts) -> Result<Call, Failure> {
        let place = instance::find(&self.state, Door::Portal, parts).await?;
        passage.tenant = Some(Arc::clone(&place.tenant));
        let request = self.told(parts, place.proxy_origin.is_some(), None);
        let query = parts.uri.query().unwrap_or_default();
        query::refuse_nul(query)?;
        let marks = Marks::read(query);
        let presented = presented(&place.tenant, None, &parts.headers, &marks);
        let ctx = Ctx { tenant: Arc::clone(&place.tenant), now: passage.now, api: ApiVersion::NEWEST, request };
        if let Some(uri) = place.route(&parts.uri) {
            parts.uri = uri;
        }
        Ok(Call::new(ctx, presented, None))
    }

    /// What the caller told about itself.
    fn told(&self, parts: &Parts, proxied: bool, origin: Option<String>) -> RequestInfo {
        let user_agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).map(str::to_owned);
        RequestInfo { ip: peer::caller(self.state.access(), parts, proxied), user_agent, origin }
    }

    fn finish(&self, passage: &Passage, mut response: Response) -> Response {
        let route = response.extensions_mut().remove::<MatchedPath>();
        let failure = response.extensions_mut().remove::<Failure>();
        if let Some(failure) = &failure {
            let allow = response.headers_mut().remove(axum::http::header::ALLOW);
            response = respond::error(failure, &passage.trace, passage.faults);
            if let Some(methods) = allow {
                response.headers_mut().insert(axum::http::header::ALLOW, methods);
            }
        }
        if passage.method == Method::HEAD {
            *response.body_mut() = Body::empty();
        }
        let headers = response.headers_mut();
        headers.insert(TRACE_ID, passage.trace.header());
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.entry(CACHE_CONTROL).or_insert(const { HeaderValue::from_static("no-store") });
        if self.door == Door::Frontend {
            cors::apply(passage.echo.clone(), headers);
        }
        self.log(passage, route.as_ref(), failure.as_ref(), response.status().as_u16());
        response
    }

    /// One event per request. Nothing in it identifies a person.
    fn log(&self, passage: &Passage, route: Option<&MatchedPath>, failure: Option<&Failure>, status: u16) {
        let error = failure.map(Failure::error);
        let (outcome, code) = match error {
            None => ("ok", ""),
            Some(Error::Refused(refusal)) => ("refused", refusal.code().as_str()),
            Some(Error::Fault(_)) => ("fault", ""),
        };
        let trace = passage.trace.as_str();
        if let Some(Error::Fault(fault)) = error {
            tracing::error!(trace, error = %fault, "fault");
        }
        tracing::info!(
            door = ?self.door,
            op = format_args!("{} {}", passage.method, route.map_or("-", MatchedPath::as_str)),
            instance = passage.tenant.as_ref().map_or("-", |tenant| tenant.instance.id.as_str()),
            status,
            outcome,
            code,
            ms = (self.state.service().now() - passage.now).0,
            trace,
            "request"
        );
    }
}

/// A read changes nothing and needs no origin.
fn is_read(method: &Method) -> bool {
    method == Method::GET || method == Method::HEAD
}

/// Who the caller claims to be.
fn presented(tenant: &Tenant, origin: Option<&Origin>, headers: &HeaderMap, marks: &Marks<'_>) -> Presented {
    let development = tenant.instance.is_development();
    let dev_browser = marks.dev_browser.as_deref().filter(|token| development && !token.is_empty());
    // Pages that are not the instance's own are known by their development browser alone.
    let by_token_only = origin.is_some_and(|origin| origin.trust == OriginTrust::DevelopmentOnly);
    let client_cookies = if by_token_only { Vec::new() } else { cookies::client_values(headers) };
    Presented { client_cookies, dev_browser: dev_browser.map(str::to_owned) }
}

/// Who a native app claims to be: its client token stands in `Authorization`, with or without the scheme. Cookies and development
/// browsers are a browser's.
fn native_presented(headers: &HeaderMap) -> Presented {
    let sent = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    let token = sent.strip_prefix("Bearer").map_or(sent, str::trim_start);
    let client_cookies = if token.is_empty() { Vec::new() } else { vec![token.to_owned()] };
    Presented { client_cookies, dev_browser: None }
}

/// SDKs judge a session by these answers of the Backend API; everything at the Frontend API is about one.
fn fault_answer(door: Door, path: &str) -> FaultAnswer {
    let path = path.strip_prefix("/v1").unwrap_or(path);
    let judges = ["/jwks", "/clients", "/sessions"]
        .iter()
        .any(|prefix| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
    match door {
        Door::Frontend => FaultAnswer::Unavailable,
        Door::Backend if judges => FaultAnswer::Unavailable,
        Door::Backend | Door::Portal => FaultAnswer::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_where_sessions_are_judged_is_unavailable() {
        for path in ["/v1/jwks", "/jwks", "/v1/clients/handshake_payload", "/v1/sessions/sess_1/tokens", "/v1/sessions"]
        {
            assert_eq!(fault_answer(Door::Backend, path), FaultAnswer::Unavailable, "{path}");
        }
        for path in ["/v1/users", "/v1/sessionsx", "/v1/users/clients/"] {
            assert_eq!(fault_answer(Door::Backend, path), FaultAnswer::Internal, "{path}");
        }
        assert_eq!(fault_answer(Door::Frontend, "/v1/me"), FaultAnswer::Unavailable);
    }
}
