//! One challenge: which strategy, how far it got, and until when it can be answered.

use crate::external_account::VerificationError;
use crate::{Channel, ClientId, IdentificationId, Millis, Strategy, VerificationId};

/// How long a one-time code can be used.
pub const CODE_LIFETIME: Millis = Millis::from_mins(10);
/// How many answers one code takes, wrong ones included.
pub const CODE_MAX_ATTEMPTS: i64 = 5;
/// The time that must pass between two sends to one address.
pub const SEND_INTERVAL: Millis = Millis::from_secs(30);
/// How many challenges may wait at one address before no more are sent, within [`SEND_WINDOW`].
pub const SEND_MAX: i64 = 10;
/// The span over which sends to one address are counted.
pub const SEND_WINDOW: Millis = Millis::from_mins(60);

/// How far a verification got. What is past its time is `Expired` whatever the stored word says: see [`Verification::status_at`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerificationStatus {
    /// Waiting for an answer.
    Unverified,
    /// Answered rightly; used up.
    Verified,
    /// Out of tries.
    Failed,
    /// Out of time.
    Expired,
    /// Proved, but for something else: an account where there is none yet, or one that is there already.
    Transferable,
}

impl VerificationStatus {
    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unverified => "unverified",
            Self::Verified => "verified",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Transferable => "transferable",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Unverified, Self::Verified, Self::Failed, Self::Expired, Self::Transferable]
            .into_iter()
            .find(|status| status.as_str() == text)
    }
}

/// A challenge of a sign-in or sign-up attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Its id.
    pub id: VerificationId,
    /// How it is answered.
    pub strategy: Strategy,
    /// How far it got.
    pub status: VerificationStatus,
    /// Answers so far, the right one included.
    pub attempts: i64,
    /// The address it was sent to, if any. For sign-ups, where no identification exists yet, the typed address.
    pub target: Option<String>,
    /// The identification behind the address, for sign-ins.
    pub identification_id: Option<IdentificationId>,
    /// How the code travelled to a phone; `None` for everything else.
    pub channel: Option<Channel>,
    /// Keyed digest of the code. Never the code.
    pub code_digest: Option<String>,
    /// Where it is answered, for providers elsewhere.
    pub external_redirect_url: Option<String>,
    /// Why it failed, or what stands in the way of what was wanted.
    pub error: Option<VerificationError>,
    /// What the visitor's browser needs to answer it: for passkeys, the options of its request as JSON.
    pub nonce: Option<String>,
    /// Until when it can be answered; `None` for strategies without a deadline of their own.
    pub expire_at: Option<Millis>,
    /// The client on which a link was opened.
    pub verified_at_client: Option<ClientId>,
    /// When the code was sent.
    pub created_at: Millis,
}

impl Verification {
    /// The status as of `now`.
    pub fn status_at(&self, now: Millis) -> VerificationStatus {
        match (self.status, self.expire_at) {
            (VerificationStatus::Unverified, Some(end)) if end <= now => VerificationStatus::Expired,
            (status, _) => status,
        }
    }
}
