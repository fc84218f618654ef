//! The `[sms]` section: who takes the messages of production instances to phones.

use super::{invalid, lenient};
use crate::outcome::Outcome;
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use url::Url;
use verger_model::Secret;
use verger_outbound::{SmsSender, SmsWebhook, SmsWebhookConfig, Twilio, TwilioConfig};

/// The section as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sms {
    provider: Provider,
    /// Where the provider's API is (`twilio`: left out, Twilio's own), or the webhook.
    url: Option<Url>,
    /// Of the account (`twilio`).
    account_sid: Option<String>,
    /// The account's token (`twilio`), or what the webhook is shown (`webhook`).
    #[serde(default, deserialize_with = "lenient::secret")]
    pub(super) token: Option<Secret<String>>,
    pub(super) token_file: Option<PathBuf>,
    /// A number or a messaging service (`twilio`).
    from: Option<String>,
    /// The number of WhatsApp messages (`twilio`), if it is another one.
    whatsapp_from: Option<String>,
    #[serde(default, deserialize_with = "lenient::option")]
    timeout_seconds: Option<u64>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Provider {
    Twilio,
    Webhook,
}

const DEFAULT_TIMEOUT: u64 = 20;
const TWILIO: &str = "https://api.twilio.com";

impl Sms {
    /// The sender, with the token that was found for it.
    pub(super) fn sender(&self, token: Option<Secret<String>>) -> Outcome<Arc<dyn SmsSender>> {
        if self.url.as_ref().is_some_and(|url| !matches!(url.scheme(), "http" | "https") || !url.has_host()) {
            return Err(invalid("sms.url", "write an http or https address"));
        }
        let timeout = Duration::from_secs(self.timeout_seconds.unwrap_or(DEFAULT_TIMEOUT).clamp(1, 120));
        let missing = |name: &str| invalid("sms", &format!("{name} is missing"));
        match self.provider {
            Provider::Twilio => {
                let base_url = match &self.url {
                    Some(url) => url.clone(),
                    None => TWILIO.parse().map_err(|_| missing("url"))?,
                };
                Ok(Arc::new(Twilio::new(TwilioConfig {
                    base_url,
                    account_sid: self.account_sid.clone().ok_or_else(|| missing("account_sid"))?,
                    auth_token: token.ok_or_else(|| missing("token"))?,
                    from: self.from.clone().ok_or_else(|| missing("from"))?,
                    whatsapp_from: self.whatsapp_from.clone(),
                    timeout,
                })))
            }
            Provider::Webhook => {
                let url = self.url.clone().ok_or_else(|| missing("url"))?;
                Ok(Arc::new(SmsWebhook::new(SmsWebhookConfig { url, token, timeout })))
            }
        }
    }
}
