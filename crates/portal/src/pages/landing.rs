//! The front page: for developers a list of what is here, for everybody else a way in.

use super::path_of;
use crate::env_block::{Framework, env_block};
use crate::router::InboxAccess;
use crate::security::{Nonce, page, plain_policy};
use askama::Template;
use axum::extract::{Extension, State};
use verger_http::{AppState, Call, Reply};

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing<'a> {
    application: &'a str,
    development: bool,
    with_inbox: bool,
    home_url: Option<&'a str>,
    sign_in: String,
    sign_up: String,
    user: String,
    inbox: String,
    backend_api: &'a str,
    frontend_api: &'a str,
    env: String,
    nonce: &'a str,
}

/// What a secret key looks like on a page that everybody on the machine can read.
const HIDDEN_KEY: &str = "sk_test_… (verger env prints it)";

/// The front page.
pub(crate) async fn landing(
    State(state): State<AppState>,
    Extension(inbox): Extension<InboxAccess>,
    call: Call,
) -> Reply {
    let tenant = &*call.ctx.tenant;
    let addresses = &tenant.addresses;
    let nonce = Nonce::new(state.service().entropy());
    let development = tenant.instance.is_development();
    let landing = Landing {
        application: tenant.instance.display_name(),
        development,
        with_inbox: development && inbox == InboxAccess::Open,
        home_url: tenant.instance.settings.display.home_url.as_deref(),
        sign_in: path_of(addresses, "/sign-in"),
        sign_up: path_of(addresses, "/sign-up"),
        user: path_of(addresses, "/user"),
        inbox: path_of(addresses, "/inbox"),
        backend_api: &addresses.backend_api,
        frontend_api: &addresses.frontend_api,
        env: env_block(Framework::Nextjs, tenant, state.service().base(), HIDDEN_KEY).to_string(),
        nonce: nonce.as_str(),
    };
    page(&landing, &plain_policy(&nonce), addresses)
}
