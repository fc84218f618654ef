//! A mail or a message to a phone as the inbox tells it.

use super::links::links_in;
use serde::Serialize;
use verger_model::Channel;
use verger_model::mail::Email;
use verger_model::sms::SmsMessage;

/// One mail, or one message to a phone: that has no HTML, and its subject says how it travelled. The names are a contract with tests of applications.
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

impl From<SmsMessage> for Message {
    fn from(sms: SmsMessage) -> Self {
        let subject = match sms.channel {
            Channel::Sms => "SMS",
            Channel::Whatsapp => "WhatsApp",
        };
        Self {
            id: sms.id.into(),
            to: sms.to,
            from: String::new(),
            subject: subject.to_owned(),
            links: links_in(&sms.message, ""),
            text: sms.message,
            html: String::new(),
            code: sms.code,
            created_at: sms.created_at.0,
        }
    }
}

impl Message {
    /// The order in which they came. Ids of both kinds carry the time after their prefix.
    pub(super) fn came(&self) -> (i64, &str) {
        (self.created_at, self.id.split_once('_').map_or(self.id.as_str(), |(_, tail)| tail))
    }

    pub(super) fn is(&self, id: &str) -> bool {
        self.id == id
    }
}
