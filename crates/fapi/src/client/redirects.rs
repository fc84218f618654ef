//! `/v1/client/touch`, `/v1/client/sync` and `/v1/redirect`: full-page detours through the Frontend API's own host.

use crate::answer::set_cookies;
use axum::extract::State;
use axum::http::Method;
use verger_http::{AppState, Call, Failure, Reply, redirect};
use verger_model::{Code, Refusal};

/// `GET /v1/client/touch`: issues the client's cookie anew, for browsers that shorten the life of cookies, and goes back.
pub(crate) async fn touch(State(app): State<AppState>, method: Method, call: Call) -> Reply {
    let mut target = app.service().check_redirect(&call.ctx, &wanted(&call)?)?;
    if method == Method::HEAD {
        return redirect(target.as_str());
    }
    let visitor = app.service().visitor_of_redirect(&call.ctx, &call.presented).await?;
    let outcome = app.service().touch_client(&call.ctx, visitor).await?;
    if let Some(token) = &call.presented.dev_browser {
        target.query_pairs_mut().append_pair("__clerk_db_jwt", token);
    }
    let mut response = redirect(target.as_str())?;
    set_cookies(&call, &mut response, &outcome.cookie, outcome.state.as_ref());
    Ok(response)
}

/// `GET /v1/client/sync`: an instance has one domain here, so its client is in sync already; the mark keeps the app from asking
/// again.
pub(crate) async fn sync(State(app): State<AppState>, call: Call) -> Reply {
    let mut target = app.service().check_redirect(&call.ctx, &wanted(&call)?)?;
    target.query_pairs_mut().append_pair("__clerk_synced", "true");
    redirect(target.as_str())
}

/// `GET /v1/redirect`: to an address of the instance; without one, to where people go after signing in.
pub(crate) async fn redirect_to_url(State(app): State<AppState>, call: Call) -> Reply {
    match call.param("redirect_url").filter(|url| !url.is_empty()) {
        Some(url) => redirect(app.service().check_redirect(&call.ctx, &url)?.as_str()),
        None => redirect(&verger_views::account_portal(call.ctx.lens()).after_sign_in_url),
    }
}

fn wanted(call: &Call) -> Result<String, Failure> {
    let missing = || Refusal::param(Code::MissingQueryParameter, "redirect_url");
    Ok(call.param("redirect_url").filter(|url| !url.is_empty()).ok_or_else(missing)?)
}
