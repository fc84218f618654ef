//! A message to a phone as it waits in the outbox and lies in the development inbox.

use crate::channel::Channel;
use crate::{Millis, SmsMessageId};

/// A message that is rendered and ready to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmsMessage {
    /// Its id.
    pub id: SmsMessageId,
    /// Which kind of message: `verification_code`, `reset_password_code`.
    pub slug: String,
    /// How it travels.
    pub channel: Channel,
    /// To which number, in E.164.
    pub to: String,
    /// The text.
    pub message: String,
    /// The one-time code in it, if any (shown by the development inbox).
    pub code: Option<String>,
    /// When it was written.
    pub created_at: Millis,
}
