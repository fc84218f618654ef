//! Messages by way of Twilio, or of whoever speaks its Messages API.

use super::{SendingSms, SmsSender, hand_over};
use crate::http::{HttpBody, HttpClient, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::time::Duration;
use url::Url;
use url::form_urlencoded::Serializer;
use verger_model::sms::SmsMessage;
use verger_model::{Channel, Secret};

/// An account, and who its messages come from.
#[derive(Clone, Debug)]
pub struct TwilioConfig {
    /// Where the API is.
    pub base_url: Url,
    /// `AC…`
    pub account_sid: String,
    /// The token of the account.
    pub auth_token: Secret<String>,
    /// The number that messages come from, or a messaging service (`MG…`).
    pub from: String,
    /// The number that WhatsApp messages come from; `from` when left out.
    pub whatsapp_from: Option<String>,
    /// The longest wait for an answer.
    pub timeout: Duration,
}

/// An [`SmsSender`] over the Messages API.
pub struct Twilio {
    config: TwilioConfig,
    http: HttpClient,
}

impl Twilio {
    /// Connects to nothing.
    pub fn new(config: TwilioConfig) -> Self {
        Self { http: HttpClient::default().with_patience(config.timeout), config }
    }

    fn form(&self, sms: &SmsMessage) -> String {
        let mut form = Serializer::new(String::new());
        match sms.channel {
            Channel::Sms => {
                let sender = if self.config.from.starts_with("MG") { "MessagingServiceSid" } else { "From" };
                form.append_pair("To", &sms.to).append_pair(sender, &self.config.from);
            }
            Channel::Whatsapp => {
                let from = self.config.whatsapp_from.as_ref().unwrap_or(&self.config.from);
                form.append_pair("To", &format!("whatsapp:{}", sms.to));
                form.append_pair("From", &format!("whatsapp:{from}"));
            }
        }
        form.append_pair("Body", &sms.message).finish()
    }
}

impl SmsSender for Twilio {
    fn send<'a>(&'a self, sms: &'a SmsMessage) -> SendingSms<'a> {
        Box::pin(async move {
            let account = &self.config.account_sid;
            let mut url = self.config.base_url.clone();
            url.set_path(&format!("/2010-04-01/Accounts/{account}/Messages.json"));
            let login = STANDARD.encode(format!("{account}:{}", self.config.auth_token.expose()));
            let request = HttpRequest {
                url: url.into(),
                body: Some(HttpBody::form(self.form(sms))),
                authorization: Some(Secret::new(format!("Basic {login}"))),
            };
            hand_over(&self.http, &request).await
        })
    }
}
