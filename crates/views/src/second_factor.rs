//! What users set up beside their first factor.

use crate::word;
use verger_model::second_factor::Totp;
use verger_model::{BackupCodeId, Millis, Secret};
use verger_wire as wire;

/// What is shown of an authenticator app in the moment it changes, and never again.
#[derive(Clone, Copy, Debug, Default)]
pub struct TotpSecrets<'a> {
    /// The secret in base32.
    pub secret: Option<&'a Secret<String>>,
    /// The secret's `otpauth://` address.
    pub uri: Option<&'a Secret<String>>,
    /// Backup codes that were made along.
    pub backup_codes: Option<&'a [Secret<String>]>,
}

/// An authenticator app.
pub fn totp(totp: &Totp, secrets: TotpSecrets<'_>) -> wire::Totp {
    wire::Totp {
        object: word("totp"),
        id: totp.id.to_string(),
        secret: secrets.secret.map(|it| it.expose().clone()),
        uri: secrets.uri.map(|it| it.expose().clone()),
        verified: totp.verified,
        backup_codes: secrets.backup_codes.map(shown),
        created_at: totp.created_at.0,
        updated_at: totp.updated_at.0,
    }
}

/// A set of backup codes.
pub fn backup_codes(id: &BackupCodeId, codes: &[Secret<String>], created_at: Millis) -> wire::BackupCodes {
    wire::BackupCodes {
        object: word("backup_code"),
        id: id.to_string(),
        codes: shown(codes),
        created_at: created_at.0,
        updated_at: created_at.0,
    }
}

fn shown(codes: &[Secret<String>]) -> Vec<String> {
    codes.iter().map(|code| code.expose().clone()).collect()
}
