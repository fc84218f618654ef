//! Users: as they see themselves, and as the application's backend sees them.

mod compromise;
mod create;
mod email_addresses;
mod me;
mod metadata;
mod moderate;
mod my_email_addresses;
mod password;
mod read;
mod remove_password;
mod update;

pub use create::{NewIdentifier, NewPassword, NewUser};
pub use email_addresses::{EmailAddressPatch, NewEmailAddress};
pub use me::MePatch;
pub use metadata::MetadataPatch;
pub use password::ChangePassword;
pub use update::UserPatch;

use crate::error::Error;
use verger_model::{Code, Refusal, UserId};
use verger_store::StoreError;

/// Reads a user id; any other text names nobody.
fn user_id(text: &str) -> Result<UserId, Error> {
    text.parse().map_err(|_| Code::ResourceNotFound.into())
}

/// A unique value that somebody else has: which parameter is to blame follows from the broken constraint.
#[track_caller]
fn exists(err: StoreError) -> Error {
    let StoreError::Conflict { constraint } = &err else { return err.into() };
    let param = if constraint.contains("external_id") {
        "external_id"
    } else if constraint.contains("username") {
        "username"
    } else {
        "email_address"
    };
    Refusal::param(Code::FormIdentifierExists, param).into()
}
