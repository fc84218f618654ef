//! Bot protection without a third party: the challenge, the script that works on it, and `/v1/client/verify`. clerk-js puts the
//! script into the page because `protect_config.loaders` of the environment names it, and finds in it the widget that it asks for
//! tokens.

use crate::answer::{bare, client};
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use verger_http::{AppState, Call, Failure, Form, Reply};
use verger_service::CaptchaAnswer;

const SCRIPT: &str = include_str!("proof_of_work.js");

/// What a form and its address bring to show that a browser is behind them.
pub(crate) fn answer_of(call: &Call, form: &mut Form) -> CaptchaAnswer {
    CaptchaAnswer {
        token: form.text("captcha_token"),
        widget_type: form.text("captcha_widget_type"),
        testing_token: call.param("__clerk_testing_token"),
        is_native: call.is_native,
    }
}

/// `GET /v1/captcha/proof_of_work.js`
pub(crate) async fn script() -> Response {
    let mut response = SCRIPT.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}

/// `GET /v1/captcha/challenge`
pub(crate) async fn challenge(State(app): State<AppState>, call: Call) -> Result<Response, Failure> {
    bare(&json!({ "challenge": app.service().captcha_challenge(&call.ctx)? }))
}

/// `POST /v1/client/verify`
pub(crate) async fn verify(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let answer = answer_of(&call, &mut form);
    form.finish()?;
    let visitor = call.visitor(&app).await?;
    client(&call, app.service().verify_captcha(&call.ctx, visitor, &answer).await?.as_ref())
}
