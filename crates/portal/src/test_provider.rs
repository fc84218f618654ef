//! The pages and endpoints of the built-in provider of development instances. The page needs no script.

use crate::pages;
use crate::security::{form_policy, page};
use askama::Template;
use axum::extract::State;
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use serde_json::json;
use url::Url;
use verger_http::{AppState, Call, Form, Reply, json as answer};
use verger_model::Code;
use verger_service::{TestAuthorization, TestPerson};

#[derive(Template)]
#[template(path = "test_provider.html")]
struct Login<'a> {
    application: &'a str,
    action: String,
    fields: Vec<(&'static str, String)>,
    problem: Option<&'static str>,
    cancel: String,
}

#[derive(Template)]
#[template(path = "test_provider_back.html")]
struct Back {
    location: String,
}

/// What the way there carries from step to step.
const CARRIED: [&str; 5] = ["client_id", "redirect_uri", "state", "nonce", "code_challenge"];

/// `GET /test-provider/authorize`: the page where one says who one is.
pub(crate) async fn authorize(State(app): State<AppState>, call: Call) -> Reply {
    let fields = CARRIED.map(|name| (name, call.param(name).unwrap_or_default()));
    login(&app, &call, fields.to_vec(), None)
}

/// `POST /test-provider/authorize`: one has said it.
pub(crate) async fn authorized(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let fields = CARRIED.map(|name| (name, form.text(name).unwrap_or_default())).to_vec();
    let person = TestPerson {
        email_address: form.text("email_address").unwrap_or_default(),
        email_verified: form.text("email_verified").is_some(),
        first_name: form.text("first_name").unwrap_or_default(),
        last_name: form.text("last_name").unwrap_or_default(),
    };
    form.finish()?;
    let Some(code) = app.service().test_provider_code(&call.ctx, person, authorization(&fields))? else {
        return login(&app, &call, fields, Some("That is not an email address."));
    };
    let issuer = app.service().test_provider(&call.ctx)?.issuer.unwrap_or_default();
    let location = way_back(&fields, &[("code", &code), ("iss", &issuer)])?;
    // A page and not a redirect: the policy of a form goes for every redirect after it, and the application is elsewhere.
    page(&Back { location }, &form_policy(), &call.ctx.tenant.addresses)
}

fn login(app: &AppState, call: &Call, fields: Vec<(&'static str, String)>, problem: Option<&'static str>) -> Reply {
    app.service().check_test_authorization(&call.ctx, &authorization(&fields))?;
    let issuer = app.service().test_provider(&call.ctx)?.issuer.unwrap_or_default();
    let tenant = &call.ctx.tenant;
    let cancel = way_back(&fields, &[("error", "access_denied"), ("iss", &issuer)])?;
    let action = pages::path_of(&tenant.addresses, "/test-provider/authorize");
    let login = Login { application: tenant.instance.display_name(), action, fields, problem, cancel };
    page(&login, &form_policy(), &tenant.addresses)
}

fn value<'a>(fields: &'a [(&'static str, String)], name: &str) -> &'a str {
    fields.iter().find(|(field, _)| *field == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}

fn authorization(fields: &[(&'static str, String)]) -> TestAuthorization {
    let of = |name: &str| value(fields, name).to_owned();
    TestAuthorization {
        client_id: of("client_id"),
        redirect_uri: of("redirect_uri"),
        code_challenge: of("code_challenge"),
        nonce: of("nonce"),
    }
}

fn way_back(fields: &[(&'static str, String)], with: &[(&str, &str)]) -> Result<String, verger_http::Failure> {
    let mut url = Url::parse(value(fields, "redirect_uri")).map_err(|_| Code::OAuthCallbackInvalid)?;
    url.query_pairs_mut().extend_pairs(with).append_pair("state", value(fields, "state"));
    Ok(url.into())
}

/// `POST /test-provider/token`
pub(crate) async fn token(State(app): State<AppState>, call: Call, mut form: Form) -> Reply {
    let (code, verifier) = (form.text("code").unwrap_or_default(), form.text("code_verifier").unwrap_or_default());
    form.finish()?;
    Ok(match app.service().test_provider_tokens(&call.ctx, &code, &verifier).await? {
        Some(tokens) => answer(StatusCode::OK, &tokens),
        None => answer(StatusCode::BAD_REQUEST, &json!({ "error": "invalid_grant" })),
    })
}

/// `GET /test-provider/jwks`
pub(crate) async fn jwks(State(app): State<AppState>, call: Call) -> Reply {
    Ok(answer(StatusCode::OK, &app.service().test_provider_jwks(&call.ctx).await?))
}

/// `GET /test-provider/userinfo`
pub(crate) async fn userinfo(State(app): State<AppState>, headers: HeaderMap, call: Call) -> Reply {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = header.strip_prefix("Bearer ").unwrap_or_default();
    let claims = app.service().test_provider_userinfo(&call.ctx, token)?;
    claims.map(|claims| answer(StatusCode::OK, &claims)).ok_or_else(|| Code::AuthenticationInvalid.into())
}

/// `GET /test-provider/.well-known/openid-configuration`
pub(crate) async fn discovery(State(app): State<AppState>, call: Call) -> Reply {
    let it = app.service().test_provider(&call.ctx)?;
    Ok(answer(
        StatusCode::OK,
        &json!({
            "issuer": it.issuer,
            "authorization_endpoint": it.authorize_url,
            "token_endpoint": it.token_url,
            "jwks_uri": it.jwks_url,
            "userinfo_endpoint": it.userinfo_url,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "authorization_response_iss_parameter_supported": true,
        }),
    ))
}
