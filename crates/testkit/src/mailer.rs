//! Where production mail ends up in tests.

use std::sync::{Mutex, PoisonError};
use verger_model::mail::Email;
use verger_outbound::{Mailer, Sending};

/// Takes every mail and keeps it.
#[derive(Debug, Default)]
pub struct RecordingMailer(Mutex<Vec<Email>>);

impl RecordingMailer {
    /// What was sent so far, oldest first.
    pub fn sent(&self) -> Vec<Email> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Mailer for RecordingMailer {
    fn send<'a>(&'a self, mail: &'a Email) -> Sending<'a> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(mail.clone());
        Box::pin(async { Ok(()) })
    }
}
