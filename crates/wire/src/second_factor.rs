//! What users set up beside their first factor.

use crate::Word;
use serde::{Deserialize, Serialize};

/// An authenticator app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    /// `totp`
    pub object: Word,
    /// Its id.
    pub id: String,
    /// The secret in base32, the one time it is shown.
    pub secret: Option<String>,
    /// The `otpauth://` address of the secret, the one time it is shown.
    pub uri: Option<String>,
    /// Whether it counts as a factor.
    pub verified: bool,
    /// Backup codes that were made along, the one time they are shown.
    pub backup_codes: Option<Vec<String>>,
    /// When it was set up.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
}

/// A set of backup codes, the one time it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupCodes {
    /// `backup_code`
    pub object: Word,
    /// The id of the set.
    pub id: String,
    /// The codes.
    pub codes: Vec<String>,
    /// When they were made.
    pub created_at: i64,
    /// When they were made.
    pub updated_at: i64,
}

/// The answer to a backend's question about a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TotpVerified {
    /// Always true; a wrong code is an error.
    pub verified: bool,
    /// `totp` or `backup_code`.
    pub code_type: Word,
}

/// Whose second factors changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserReference {
    /// The user.
    pub user_id: String,
}
