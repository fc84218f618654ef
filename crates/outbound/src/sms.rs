//! Messages to phones: who takes them on, and why one did not leave.

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
