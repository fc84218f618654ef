//! What users set up beside their first factor.

use crate::{Millis, TotpId, UserId};

/// An authenticator app of a user. There is one at most; the secret is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totp {
    /// Its id.
    pub id: TotpId,
    /// Whose it is.
    pub user_id: UserId,
    /// The secret, sealed under the instance's data key.
    pub sealed: Vec<u8>,
    /// Whether a code was shown: only then it counts as a factor.
    pub verified: bool,
    /// The last step (30 s each since 1970) whose code was taken: no code of it or before is taken again.
    pub last_step: i64,
    /// When it was set up.
    pub created_at: Millis,
    /// When it last changed.
    pub updated_at: Millis,
}
