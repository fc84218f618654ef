//! How codes travel to phones.

use crate::Channel;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How codes travel to phones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhoneSettings {
    /// The channels that a request may name. A request that names none gets the first.
    pub channels: Vec<Channel>,
    /// Which channel the forms offer first, by country (ISO 3166-1 alpha-2, upper case).
    pub preferred_channels: BTreeMap<String, Channel>,
}

impl Default for PhoneSettings {
    fn default() -> Self {
        Self { channels: vec![Channel::Sms], preferred_channels: BTreeMap::new() }
    }
}

impl PhoneSettings {
    /// Whether the block makes sense by itself.
    pub(super) fn check(&self) -> Result<(), &'static str> {
        if self.channels.is_empty() {
            return Err("phone.channels needs at least one channel");
        }
        let is_country = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
        for (country, channel) in &self.preferred_channels {
            if !is_country(country) || !self.channels.contains(channel) {
                return Err("phone.preferred_channels maps two upper-case letters to one of phone.channels");
            }
        }
        Ok(())
    }
}
