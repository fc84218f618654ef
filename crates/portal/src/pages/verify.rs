//! `/verify`: where a link in a mail leads when no page of the application waits for it. It tells the verdict and changes nothing.

use super::path_of;
use crate::security::{Nonce, page, plain_policy};
use askama::Template;
use axum::extract::State;
use verger_http::{AppState, Call, Reply};

#[derive(Template)]
#[template(path = "verify.html")]
struct Verdict<'a> {
    application: &'a str,
    title: &'static str,
    advice: &'static str,
    sign_in: String,
}

/// What `__clerk_status` says, for people.
const fn words(status: &str) -> (&'static str, &'static str) {
    match status.as_bytes() {
        b"verified" => ("That worked", "You can close this page and go on in the tab where you began."),
        b"expired" => ("This link is too old", "Links are good for ten minutes. Go back and ask for a new one."),
        b"client_mismatch" => {
            ("This is another browser", "Open the link in the browser where you asked for it, on the same device.")
        }
        _ => {
            ("This link does not work", "It was used already, or a newer one was sent. Go back and ask for a new one.")
        }
    }
}

/// The page.
pub(crate) async fn verify(State(state): State<AppState>, call: Call) -> Reply {
    let tenant = &*call.ctx.tenant;
    let (title, advice) = words(call.param("__clerk_status").as_deref().unwrap_or_default());
    let verdict = Verdict {
        application: tenant.instance.display_name(),
        title,
        advice,
        sign_in: path_of(&tenant.addresses, "/sign-in"),
    };
    let nonce = Nonce::new(state.service().entropy());
    page(&verdict, &plain_policy(&nonce), &tenant.addresses)
}
