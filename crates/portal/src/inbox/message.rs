//! A mail as the inbox tells it.

use super::links::links_in;
use serde::Serialize;
use verger_model::mail::Email;

/// One mail. The names are a contract with tests of applications.
#[derive(Debug, Serialize)]
pub(super) struct Message {
    id: String,
    to: String,
    from: String,
    subject: String,
    text: String,
    html: String,
    /// The one-time code in it.
    code: Option<String>,
    /// The addresses in it, in order, each once.
    links: Vec<String>,
    /// Unix milliseconds.
    created_at: i64,
}

impl From<Email> for Message {
    fn from(mail: Email) -> Self {
        let from = match &mail.from_address {
            Some(address) => format!("{} <{address}>", mail.from_name),
            None => mail.from_name.clone(),
        };
        let links = links_in(&mail.text, &mail.html);
        Self {
            id: mail.id.into(),
            to: mail.to,
            from,
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
            code: mail.code,
            links,
            created_at: mail.created_at.0,
        }
    }
}
