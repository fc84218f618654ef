//! Lockout and request limits.

use super::BotProtection;
use serde::{Deserialize, Serialize};

/// Protection against guessing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttackProtection {
    /// Lockout of a user after failed answers.
    pub lockout: Lockout,
    /// Links by mail.
    pub email_link: EmailLinkProtection,
    /// Whether a right password on a device that the account was never used on asks for a code too, unless a second factor is asked
    /// anyway.
    pub client_trust: bool,
    /// Whether sign-ups must show that a browser is behind them.
    pub bot_protection: BotProtection,
    /// Whether strangers learn who has an account. Left out: `bulk` for production, `off` for development.
    pub enumeration_protection: Option<EnumerationProtection>,
    /// Whether the number of requests is limited. Left out: for production, not for development.
    pub rate_limits: Option<bool>,
}

/// How well it is kept who has an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnumerationProtection {
    /// Not at all: an unknown identifier and a taken one are told at once.
    Off,
    /// From one address so many questions are answered in an hour; after those, as in strict mode.
    Bulk,
    /// Known and unknown identifiers are answered alike, and cost the same work.
    Strict,
}

/// Links by mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmailLinkProtection {
    /// Whether the browser that asked for a link must be the one that opens it.
    pub require_same_client: bool,
}

impl Default for EmailLinkProtection {
    fn default() -> Self {
        Self { require_same_client: true }
    }
}

/// Lockout: one counter per user over all factors; a success resets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lockout {
    /// Whether users are locked out at all.
    pub enabled: bool,
    /// The failure that locks; 5 at least.
    pub max_attempts: i64,
    /// How long a lock lasts.
    pub duration_in_minutes: i64,
}

impl Default for Lockout {
    fn default() -> Self {
        Self { enabled: true, max_attempts: 10, duration_in_minutes: 60 }
    }
}
