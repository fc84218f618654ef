//! What leaves the server: mail and messages to phones (a trait each, the real things over SMTP and HTTP, errors that say whether
//! another try makes sense), and requests to other servers through one guarded client: among them providers that people have
//! accounts at. When and what to send is the service's business; tests use the recording ones of the test kit.

pub mod captcha;
pub mod http;
mod leaks;
pub mod oauth;
mod sms;
mod smtp;

pub use leaks::LeakList;
pub use sms::{SendingSms, SmsError, SmsSender, SmsWebhook, SmsWebhookConfig, Twilio, TwilioConfig};
pub use smtp::{InvalidSmtpConfig, SmtpConfig, SmtpMailer, SmtpTls};

use std::future::Future;
use std::pin::Pin;
use verger_model::mail::Email;

/// A send under way.
pub type Sending<'a> = Pin<Box<dyn Future<Output = Result<(), MailError>> + Send + 'a>>;

/// Hands rendered mails to whoever delivers them.
pub trait Mailer: Send + Sync {
    /// Resolves once the next hop has taken responsibility for the mail. The same mail may be handed over again after an error;
    /// it keeps its `Message-ID`.
    fn send<'a>(&'a self, mail: &'a Email) -> Sending<'a>;
}

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Never will: an address that cannot be written, or a refusal with a 5xx code.
    #[error("the mail was refused for good: {0}")]
    Permanent(String),
    /// May work later: no connection, a time-out, a 4xx code.
    #[error("the mail could not be handed over: {0}")]
    Temporary(String),
}

impl MailError {
    /// Whether another try makes no sense.
    pub const fn is_permanent(&self) -> bool {
        matches!(self, Self::Permanent(_))
    }
}
