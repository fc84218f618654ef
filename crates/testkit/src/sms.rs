//! Where production messages to phones end up in tests.

use std::sync::{Mutex, PoisonError};
use verger_model::sms::SmsMessage;
use verger_outbound::{SendingSms, SmsSender};

/// Takes every message and keeps it.
#[derive(Debug, Default)]
pub struct RecordingSmsSender(Mutex<Vec<SmsMessage>>);

impl RecordingSmsSender {
    /// What was sent so far, oldest first.
    pub fn sent(&self) -> Vec<SmsMessage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl SmsSender for RecordingSmsSender {
    fn send<'a>(&'a self, sms: &'a SmsMessage) -> SendingSms<'a> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sms.clone());
        Box::pin(async { Ok(()) })
    }
}
