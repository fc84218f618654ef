//! A mail as it waits in the outbox and lies in the development inbox.

use crate::{EmailId, Millis};

/// A mail that is rendered and ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// Its id.
    pub id: EmailId,
    /// Which kind of mail: `verification_code`, `reset_password_code`, `password_changed` …
    pub slug: String,
    /// Name beside the sender's address.
    pub from_name: String,
    /// The sender's address; the server's own when `None`.
    pub from_address: Option<String>,
    /// To whom.
    pub to: String,
    /// Subject line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML.
    pub html: String,
    /// The one-time code in it, if any (shown by the development inbox).
    pub code: Option<String>,
    /// When it was written.
    pub created_at: Millis,
}
