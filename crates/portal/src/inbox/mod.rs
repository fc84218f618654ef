//! The inbox of a development instance: its mail and its messages to phones go here and nowhere else. A live page for people, JSON for tests.

mod links;
mod message;

use crate::router::InboxAccess;
use crate::security::{Nonce, page as render, plain_policy};
use crate::{island::island, pages};
use askama::Template;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use axum::response::Response;
use message::Message;
use serde::Serialize;
use std::time::Duration;
use tokio::time::timeout;
use verger_http::{AppState, Call, Failure, Reply, json};
use verger_model::{Code, Refusal};

/// The longest wait for a mail, in seconds.
const WAIT_MAX: u64 = 30;
/// How often a waiting request looks without being told: mails may come from another process, and the server may want to stop.
const LOOK: Duration = Duration::from_secs(1);

#[derive(Template)]
#[template(path = "inbox.html")]
struct Inbox<'a> {
    application: &'a str,
    home: String,
    config: String,
    nonce: &'a str,
}

/// What the page's script needs.
#[derive(Serialize)]
struct Config {
    messages: String,
}

/// The page.
pub(crate) async fn page(
    State(state): State<AppState>,
    Extension(access): Extension<InboxAccess>,
    call: Call,
) -> Reply {
    check(&call, access)?;
    let tenant = &*call.ctx.tenant;
    let nonce = Nonce::new(state.service().entropy());
    let inbox = Inbox {
        application: tenant.instance.display_name(),
        home: pages::path_of(&tenant.addresses, "/"),
        config: island(&Config { messages: pages::path_of(&tenant.addresses, "/inbox/messages") }),
        nonce: nonce.as_str(),
    };
    render(&inbox, &plain_policy(&nonce), &tenant.addresses)
}

#[derive(Serialize)]
struct Messages {
    messages: Vec<Message>,
}

/// What a request looks for.
struct Search {
    /// Only mails to this address, or messages to this number.
    to: Option<String>,
    /// Only mails that came after the one with this id.
    after: Option<String>,
}

/// `?to=<address or number>&after=<id>&wait=<seconds>`: the mails, newest first; with `wait`, once there is one or the time is over.
pub(crate) async fn messages(
    State(state): State<AppState>,
    Extension(access): Extension<InboxAccess>,
    call: Call,
) -> Reply {
    check(&call, access)?;
    let wait = match call.param("wait").as_deref() {
        None | Some("") => 0,
        Some(text) => text.parse().map_err(|_| Refusal::param(Code::InvalidQueryParameterValue, "wait"))?,
    };
    let given = |name: &str| call.param(name).filter(|text| !text.is_empty());
    let search = Search { to: given("to").map(|to| recipient(&to)), after: given("after") };
    let patience = Duration::from_secs(wait.min(WAIT_MAX));
    if !patience.is_zero()
        && let Ok(found) = timeout(patience, wait_for(&state, &call, &search)).await
    {
        return found.map(answer);
    }
    Ok(answer(look(&state, &call, &search).await?))
}

fn answer(messages: Vec<Message>) -> Response {
    json(StatusCode::OK, &Messages { messages })
}

async fn wait_for(state: &AppState, call: &Call, search: &Search) -> Result<Vec<Message>, Failure> {
    let mut changes = state.service().inbox_changed();
    loop {
        changes.mark_unchanged();
        let found = look(state, call, search).await?;
        if !found.is_empty() || state.is_shutting_down() {
            return Ok(found);
        }
        // A closed channel says no more than a quiet one; the time-out is the floor in both cases.
        let _ = timeout(LOOK, changes.changed()).await;
    }
}

async fn look(state: &AppState, call: &Call, search: &Search) -> Result<Vec<Message>, Failure> {
    let instance = call.ctx.instance();
    let mails = state.service().list_inbox(instance, search.to.as_deref()).await?;
    let texts = state.service().list_sms_inbox(instance, search.to.as_deref()).await?;
    let mut all: Vec<_> = mails.into_iter().map(Message::from).chain(texts.into_iter().map(Message::from)).collect();
    all.sort_by(|a, b| b.came().cmp(&a.came()));
    let is_new = |it: &Message| !search.after.as_deref().is_some_and(|id| it.is(id));
    Ok(all.into_iter().take_while(is_new).collect())
}

/// The address or number that a query means. The plus of a number is often written as it is, and reads as a space then.
fn recipient(text: &str) -> String {
    let trimmed = text.trim();
    let is_number = !trimmed.is_empty() && trimmed.bytes().all(|b| b.is_ascii_digit());
    if is_number && text.starts_with(' ') { format!("+{trimmed}") } else { trimmed.to_ascii_lowercase() }
}

fn check(call: &Call, access: InboxAccess) -> Result<(), Failure> {
    if call.ctx.tenant.instance.is_development() && access == InboxAccess::Open {
        return Ok(());
    }
    Err(Code::ResourceNotFound.into())
}
