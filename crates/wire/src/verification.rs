//! A verification: one challenge and how far it got.

use crate::{ErrorItem, Word};
use serde::{Deserialize, Serialize};

/// One challenge. A field that holds none is `null`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verification {
    /// `verification_` and the kind: `otp`, `password`, `ticket`, `admin` …
    pub object: Word,
    /// `unverified`, `verified`, `failed` or `expired`.
    pub status: Word,
    /// How it is answered; `null` while nothing was asked yet.
    pub strategy: Option<Word>,
    /// Answers so far; `null` where nothing is counted.
    pub attempts: Option<i64>,
    /// What the browser needs to answer it: for passkeys, the options of its request as JSON. Left out where there is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Until when it can be answered; `null` without a deadline.
    pub expire_at: Option<i64>,
    /// `sms` or `whatsapp`, for a code to a phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Word>,
    /// Where it is answered; left out where that is here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_verification_redirect_url: Option<String>,
    /// Why it failed, or what stands in the way; left out when nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorItem>,
    /// The client on which a link was opened; left out for everything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_at_client: Option<String>,
}
