//! How a code travels to a phone.

use serde::{Deserialize, Serialize};

/// How a code travels to a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A short message.
    #[default]
    Sms,
    /// A WhatsApp message.
    Whatsapp,
}

impl Channel {
    /// The name on the wire and in the store.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Whatsapp => "whatsapp",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Sms, Self::Whatsapp].into_iter().find(|channel| channel.as_str() == text)
    }
}
