//! The messages that Verger writes to phones, and their way into the outbox: as mails, rendered when the thing happens, in the
//! same transaction, sealed until they are sent.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use serde::{Deserialize, Serialize};
use verger_model::sms::SmsMessage;
use verger_model::{Channel, Millis, Secret, SmsMessageId, Strategy};
use verger_store::WriteTx;

/// Deliver one message.
pub(crate) const SEND_SMS: &str = "send_sms";

/// A one-time code to write about.
pub(crate) struct CodeSms<'a> {
    pub(crate) strategy: Strategy,
    pub(crate) channel: Channel,
    pub(crate) to: &'a str,
    pub(crate) code: &'a Secret<String>,
}

/// A message as it is written into the outbox.
#[derive(Serialize, Deserialize)]
pub(crate) struct SmsPayload {
    id: String,
    slug: String,
    channel: Channel,
    to: String,
    message: String,
    code: Option<String>,
    created_at: i64,
}

impl From<SmsMessage> for SmsPayload {
    fn from(sms: SmsMessage) -> Self {
        Self {
            id: sms.id.into(),
            slug: sms.slug,
            channel: sms.channel,
            to: sms.to,
            message: sms.message,
            code: sms.code,
            created_at: sms.created_at.0,
        }
    }
}

impl TryFrom<SmsPayload> for SmsMessage {
    type Error = verger_model::InvalidId;

    fn try_from(sms: SmsPayload) -> std::result::Result<Self, Self::Error> {
        Ok(Self {
            id: sms.id.parse()?,
            slug: sms.slug,
            channel: sms.channel,
            to: sms.to,
            message: sms.message,
            code: sms.code,
            created_at: Millis(sms.created_at),
        })
    }
}

impl Service {
    /// Puts a code on its way.
    pub(crate) async fn enqueue_code_sms(&self, ctx: &Ctx, tx: &mut WriteTx, sms: &CodeSms<'_>) -> Result<()> {
        let app = plain(ctx.tenant.instance.display_name());
        let code = sms.code.expose();
        let (slug, what) = if sms.strategy.resets_password() {
            ("reset_password_code", "password reset code")
        } else {
            ("verification_code", "verification code")
        };
        let message = SmsMessage {
            id: SmsMessageId::generate(ctx.now, self.entropy()),
            slug: slug.to_owned(),
            channel: sms.channel,
            to: sms.to.to_owned(),
            message: format!("{code} is your {app} {what}. Do not share it with anyone."),
            code: Some(code.clone()),
            created_at: ctx.now,
        };
        let payload = serde_json::to_vec(&SmsPayload::from(message)).map_err(Error::internal)?;
        self.enqueue_sealed(ctx, tx, SEND_SMS, &payload).await
    }
}

/// A name that no phone takes for a link or for the end of the line.
fn plain(name: &str) -> String {
    let spaced = name.replace("://", " ").replace(['/', '.'], " ");
    spaced
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_a_message_is_no_link() {
        assert_eq!(plain("Acme Inc."), "Acme Inc");
        assert_eq!(plain("https://evil.test/x\nHello"), "https evil test x Hello");
    }
}
