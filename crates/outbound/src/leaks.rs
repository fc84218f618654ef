//! Asking a list of leaked passwords, without telling it which one is meant: five digits of a hash go out, some hundred hashes
//! come back, and so many that do not exist that not even their number tells anything.

use crate::http::{HttpClient, HttpError, HttpRequest, Reach};
use std::time::Duration;
use verger_crypto::password::LeakKey;

/// Somebody waits for the answer.
const PATIENCE: Duration = Duration::from_millis(800);

/// A list of leaked passwords.
#[derive(Clone, Copy)]
pub struct LeakList<'a> {
    /// The address of its ranges; five digits go behind it.
    pub range_url: &'a str,
    /// By which requests go out.
    pub http: &'a HttpClient,
    /// How far they may go.
    pub reach: Reach,
}

impl LeakList<'_> {
    /// Whether the list names this password.
    ///
    /// # Errors
    /// [`HttpError`] when the list does not say: no answer within 800 ms, or another status than 200.
    pub async fn names(&self, key: &LeakKey) -> Result<bool, HttpError> {
        let request = HttpRequest::get(format!("{}/{}", self.range_url.trim_end_matches('/'), key.prefix()));
        let http = self.http.clone().with_patience(PATIENCE);
        let reply = http.send_with(&request, &[("add-padding", "true")], self.reach).await?;
        if reply.status != 200 {
            return Err(HttpError::Exchange(format!("status {}", reply.status)));
        }
        Ok(key.is_in(&String::from_utf8_lossy(&reply.body)))
    }
}
