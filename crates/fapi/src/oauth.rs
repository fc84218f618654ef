//! The way back from providers, and their pictures.

use crate::answer::set_cookies;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded::Serializer;
use verger_http::{AppState, Call, Failure, Form, Reply, Segments, see_other};
use verger_model::Code;
use verger_service::OAuthReturn;

/// What providers send people back with.
const FIELDS: [&str; 5] = ["state", "code", "error", "iss", "user"];

/// `GET /v1/oauth_callback`
pub(crate) async fn callback(State(app): State<AppState>, method: Method, headers: HeaderMap, call: Call) -> Reply {
    if method == Method::HEAD || is_prefetch(&headers) {
        // A look ahead is not the visit.
        return Ok(Response::new(Body::empty()));
    }
    let back = OAuthReturn {
        state: call.param("state"),
        code: call.param("code"),
        error: call.param("error"),
        issuer: call.param("iss"),
        user: call.param("user"),
    };
    let visitor = app.service().visitor_of_redirect(&call.ctx, &call.presented).await?;
    let landing = app.service().oauth_callback(&call.ctx, &visitor, back).await?;
    let mut response = see_other(&landing.location)?;
    set_cookies(&call, &mut response, &landing.cookie, landing.state.as_ref());
    Ok(response)
}

/// `POST /v1/oauth_callback`: from a provider that answers by a form. A form of another site brings no cookies, so the browser is sent
/// here once more by GET; nothing happens before that.
pub(crate) async fn posted_callback(call: Call, mut form: Form) -> Reply {
    let mut query = Serializer::new(String::new());
    for name in FIELDS {
        if let Some(value) = form.text(name) {
            query.append_pair(name, &value);
        }
    }
    form.finish()?;
    see_other(&format!("{}/v1/oauth_callback?{}", call.ctx.tenant.addresses.frontend_api, query.finish()))
}

fn is_prefetch(headers: &HeaderMap) -> bool {
    let says = |name: &str| headers.get(name).is_some_and(|value| value.as_bytes().starts_with(b"prefetch"));
    says("sec-purpose") || says("purpose")
}

/// `GET /v1/provider_icons/{provider}.svg`
pub(crate) async fn icon(Segments(file): Segments<String>) -> Result<Response, Failure> {
    let provider = file.strip_suffix(".svg").ok_or(Code::ResourceNotFound)?;
    let mut response = verger_views::provider_icon(provider).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'"));
    Ok(response)
}
