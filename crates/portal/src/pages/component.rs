//! `/sign-in`, `/sign-up`, `/waitlist` and `/user`: shells that load the bundles and mount one of Clerk's components with path routing.

use super::path_of;
use super::redirects::judge;
use crate::island::island;
use crate::security::{Nonce, component_policy, page};
use askama::Template;
use axum::extract::State;
use axum::http::Uri;
use serde::Serialize;
use verger_http::{AppState, Call, Reply, redirect};
use verger_service::Tenant;

/// A component and the page that it fills.
#[derive(Clone, Copy)]
struct Page {
    path: &'static str,
    title: &'static str,
    component: &'static str,
}

const SIGN_IN: Page = Page { path: "/sign-in", title: "Sign in", component: "SignIn" };
const SIGN_UP: Page = Page { path: "/sign-up", title: "Sign up", component: "SignUp" };
const WAITLIST: Page = Page { path: "/waitlist", title: "Waitlist", component: "Waitlist" };
const USER: Page = Page { path: "/user", title: "Your account", component: "UserProfile" };

/// What the page's script needs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Config<'a> {
    component: &'a str,
    path: String,
    sign_in_url: String,
    sign_up_url: String,
    after_url: String,
    user_url: String,
    /// Origins that the components may send people to.
    allowed_redirect_origins: Vec<String>,
    /// Whether every origin on the loopback is allowed as well.
    loopback: bool,
}

#[derive(Template)]
#[template(path = "component.html")]
struct Shell<'a> {
    title: &'a str,
    application: &'a str,
    home_url: Option<&'a str>,
    with_sign_out: bool,
    nonce: &'a str,
    publishable_key: &'a str,
    proxy_url: Option<&'a str>,
    bundles: String,
    config: String,
}

/// The sign-in page and its steps.
pub(crate) async fn sign_in(State(state): State<AppState>, uri: Uri, call: Call) -> Reply {
    shell(&state, &uri, &call, SIGN_IN)
}

/// The sign-up page and its steps.
pub(crate) async fn sign_up(State(state): State<AppState>, uri: Uri, call: Call) -> Reply {
    shell(&state, &uri, &call, SIGN_UP)
}

/// The page where people ask to be let in.
pub(crate) async fn waitlist(State(state): State<AppState>, uri: Uri, call: Call) -> Reply {
    shell(&state, &uri, &call, WAITLIST)
}

/// The account page and its sections.
pub(crate) async fn user(State(state): State<AppState>, uri: Uri, call: Call) -> Reply {
    shell(&state, &uri, &call, USER)
}

/// Where people go when nothing says where: clerk-js 4 asks the server.
pub(crate) async fn default_redirect(call: Call) -> Reply {
    redirect(&after_url(&call.ctx.tenant))
}

/// The application's home, or the one page of the portal that is good for something by itself.
fn after_url(tenant: &Tenant) -> String {
    let home = tenant.instance.settings.display.home_url.clone();
    home.unwrap_or_else(|| format!("{}{}", tenant.addresses.portal, USER.path))
}

fn shell(state: &AppState, uri: &Uri, call: &Call, shown: Page) -> Reply {
    let tenant = &*call.ctx.tenant;
    let addresses = &tenant.addresses;
    let afterwards = judge(state, &call.ctx, call.query());
    if let Some(query) = afterwards.cleaned {
        let mark = if query.is_empty() { "" } else { "?" };
        return redirect(&format!("{}{mark}{query}", path_of(addresses, uri.path())));
    }
    let nonce = Nonce::new(state.service().entropy());
    let config = Config {
        component: shown.component,
        path: path_of(addresses, shown.path),
        sign_in_url: format!("{}{}", addresses.portal, SIGN_IN.path),
        sign_up_url: format!("{}{}", addresses.portal, SIGN_UP.path),
        after_url: after_url(tenant),
        user_url: format!("{}{}", addresses.portal, USER.path),
        allowed_redirect_origins: allowed_origins(tenant, afterwards.origins),
        loopback: tenant.instance.is_development(),
    };
    let shell = Shell {
        title: shown.title,
        application: tenant.instance.display_name(),
        home_url: tenant.instance.settings.display.home_url.as_deref(),
        with_sign_out: shown.component == USER.component,
        nonce: nonce.as_str(),
        publishable_key: &tenant.publishable_key,
        // On a domain the key itself says where the Frontend API is.
        proxy_url: addresses.uat_domain.is_none().then_some(addresses.frontend_api.as_str()),
        bundles: format!("{}/npm/@clerk", addresses.frontend_api),
        config: island(&config),
    };
    page(&shell, &component_policy(&nonce, addresses), addresses)
}

/// What clerk-js may send people to: what the server allowed in this query, what the instance lists, and itself.
fn allowed_origins(tenant: &Tenant, asked: Vec<String>) -> Vec<String> {
    use verger_model::address::origin_of;
    let addresses = &tenant.addresses;
    let settings = &tenant.instance.settings;
    let own = [&addresses.portal, &addresses.frontend_api].into_iter().chain(&settings.display.home_url);
    let mut origins: Vec<String> = asked;
    origins.extend(own.filter_map(|url| origin_of(url)));
    origins.extend(settings.allowed_origins.iter().cloned());
    // Patterns of clerk-js: an app on the instance's domain or below it.
    if let (Some(domain), Some(_)) = (&tenant.instance.domain, &addresses.uat_domain) {
        origins.push(format!("https://{domain}"));
        match &settings.allowed_subdomains {
            None => origins.push(format!("https://*.{domain}")),
            Some(names) => origins.extend(names.iter().map(|name| format!("https://{name}.{domain}"))),
        }
    }
    origins.sort_unstable();
    origins.dedup();
    origins
}
