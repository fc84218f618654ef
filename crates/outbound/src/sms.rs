//! Messages to phones: who takes them on, and why one did not leave.

mod twilio;
mod webhook;

pub use twilio::{Twilio, TwilioConfig};
pub use webhook::{SmsWebhook, SmsWebhookConfig};

use crate::http::{HttpClient, HttpError, HttpReply, HttpRequest, Reach};
use std::future::Future;
use std::pin::Pin;
use verger_model::sms::SmsMessage;

/// A send under way.
pub type SendingSms<'a> = Pin<Box<dyn Future<Output = Result<(), SmsError>> + Send + 'a>>;

/// Hands rendered messages to whoever delivers them, by short message or WhatsApp as each message says.
pub trait SmsSender: Send + Sync {
    /// Resolves once the next hop has taken responsibility for the message. The same message may be handed over again after an
    /// error.
    fn send<'a>(&'a self, sms: &'a SmsMessage) -> SendingSms<'a>;
}

/// Why a message did not leave.
#[derive(Debug, thiserror::Error)]
pub enum SmsError {
    /// Never will: a number that cannot be reached, or a request that the other side refuses.
    #[error("the message was refused for good: {0}")]
    Permanent(String),
    /// May work later: no connection, a time-out, a server in trouble.
    #[error("the message could not be handed over: {0}")]
    Temporary(String),
}

/// Hands a message over. 429 and 5xx may pass; any other answer but 2xx will not. Who takes messages is the operator's word, and
/// may well live inside the network.
async fn hand_over(http: &HttpClient, request: &HttpRequest) -> Result<(), SmsError> {
    let answer = match http.send(request, Reach::Anywhere).await {
        Ok(answer) => answer,
        Err(error @ HttpError::Address(_)) => return Err(SmsError::Permanent(error.to_string())),
        Err(error) => return Err(SmsError::Temporary(error.to_string())),
    };
    if (200..300).contains(&answer.status) {
        return Ok(());
    }
    let why = told(&answer);
    if answer.status >= 500 || answer.status == 429 {
        return Err(SmsError::Temporary(why));
    }
    Err(SmsError::Permanent(why))
}

/// The status, and the beginning of what was said with it.
fn told(answer: &HttpReply) -> String {
    const SHOWN: usize = 200;
    let text = String::from_utf8_lossy(&answer.body);
    let text: String = text.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    format!("{} {text}", answer.status)
}
