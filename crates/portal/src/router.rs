//! The table of routes.

use crate::{inbox, npm, pages, test_provider};
use axum::Router;
use axum::extract::Extension;
use axum::routing::{get, post};
use verger_http::AppState;

/// Who may read the mails of development instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InboxAccess {
    /// Everybody who reaches the server: it listens where only its developers are.
    Open,
    /// Nobody.
    Closed,
}

/// The portal's door.
pub fn router(state: AppState, inbox: InboxAccess) -> Router {
    let routes = Router::new()
        .route("/", get(pages::landing))
        .route("/default-redirect", get(pages::default_redirect))
        .route("/sign-in", get(pages::sign_in))
        .route("/sign-in/{*step}", get(pages::sign_in))
        .route("/sign-up", get(pages::sign_up))
        .route("/sign-up/{*step}", get(pages::sign_up))
        .route("/waitlist", get(pages::waitlist))
        .route("/user", get(pages::user))
        .route("/user/{*step}", get(pages::user))
        .route("/verify", get(pages::verify))
        .route("/inbox", get(inbox::page))
        .route("/inbox/messages", get(inbox::messages))
        .route("/test-provider/authorize", get(test_provider::authorize).post(test_provider::authorized))
        .route("/test-provider/token", post(test_provider::token))
        .route("/test-provider/jwks", get(test_provider::jwks))
        .route("/test-provider/userinfo", get(test_provider::userinfo))
        .route("/test-provider/.well-known/openid-configuration", get(test_provider::discovery))
        .route("/npm/@clerk/{package}/dist/{file}", get(npm::file))
        .layer(Extension(inbox));
    verger_http::portal(state, routes)
}
