//! Who is let in.

use serde::{Deserialize, Serialize};

/// Restrictions of sign-ups and of added identifiers. The lists themselves are kept by the Backend API.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RestrictionSettings {
    /// Only what is on the allowlist signs up. An empty list lets nobody in.
    pub allowlist: bool,
    /// What is on the blocklist does not sign up. The allowlist goes first.
    pub blocklist: bool,
    /// One account per mailbox: subaddresses (`jane+news@…`) of a mailbox that has an account are refused.
    pub block_email_subaddresses: bool,
    /// Addresses of providers that are made to be thrown away are refused.
    pub block_disposable_email_domains: bool,
}
