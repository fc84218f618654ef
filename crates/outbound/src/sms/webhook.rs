//! Messages by way of a server of one's own: one JSON document per message.

use super::{SendingSms, SmsSender, hand_over};
use crate::http::{HttpBody, HttpClient, HttpRequest};
use serde_json::json;
use std::time::Duration;
use url::Url;
use verger_model::Secret;
use verger_model::sms::SmsMessage;

/// Where messages go.
#[derive(Clone, Debug)]
pub struct SmsWebhookConfig {
    /// Gets a POST per message.
    pub url: Url,
    /// Sent as `Authorization: Bearer …`, if there is one.
    pub token: Option<Secret<String>>,
    /// The longest wait for an answer.
    pub timeout: Duration,
}

/// An [`SmsSender`] that posts `{id, channel, slug, to, message, code}`. The id stays the same over several tries.
pub struct SmsWebhook {
    config: SmsWebhookConfig,
    http: HttpClient,
}

impl SmsWebhook {
    /// Connects to nothing.
    pub fn new(config: SmsWebhookConfig) -> Self {
        Self { http: HttpClient::default().with_patience(config.timeout), config }
    }
}

impl SmsSender for SmsWebhook {
    fn send<'a>(&'a self, sms: &'a SmsMessage) -> SendingSms<'a> {
        Box::pin(async move {
            let body = json!({
                "id": sms.id.as_str(),
                "channel": sms.channel.as_str(),
                "slug": sms.slug,
                "to": sms.to,
                "message": sms.message,
                "code": sms.code,
            });
            let token = self.config.token.as_ref();
            let request = HttpRequest {
                url: self.config.url.as_str().to_owned(),
                body: Some(HttpBody::json(body.to_string())),
                authorization: token.map(|token| Secret::new(format!("Bearer {}", token.expose()))),
            };
            hand_over(&self.http, &request).await
        })
    }
}
