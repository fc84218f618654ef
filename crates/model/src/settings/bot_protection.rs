//! Whether sign-ups must show that a browser is behind them, and who judges it.

use super::{ClientSecret, InvalidSettings};
use serde::{Deserialize, Serialize};

/// Where Turnstile's tokens are judged.
const SITEVERIFY_URL: &str = "https://challenges.cloudflare.com/turnstile/v0/siteverify";

/// Protection of sign-ups against bots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BotProtection {
    /// Whether sign-ups need a proof.
    pub enabled: bool,
    /// Who judges it.
    pub provider: CaptchaProvider,
    /// Whether the challenge may show itself in the form.
    pub widget_type: CaptchaWidgetType,
    /// Proof of work: how many zero bits a digest must begin with. Each one more doubles the work.
    pub difficulty: u32,
    /// Turnstile: the public key of the visible widget.
    pub site_key: Option<String>,
    /// Turnstile: the public key of the invisible widget, if it has one of its own.
    pub invisible_site_key: Option<String>,
    /// Turnstile: the secret key.
    pub secret_key: Option<ClientSecret>,
    /// Turnstile: the secret key of the invisible widget, if it has one of its own.
    pub invisible_secret_key: Option<ClientSecret>,
    /// Turnstile: where tokens are judged; another service with the same protocol can stand there.
    pub siteverify_url: String,
    /// Strategies that need no proof, because the provider asks for one.
    pub oauth_bypass: Vec<String>,
}

impl Default for BotProtection {
    fn default() -> Self {
        Self {
            enabled: false,
            provider: CaptchaProvider::ProofOfWork,
            widget_type: CaptchaWidgetType::Invisible,
            difficulty: 16,
            site_key: None,
            invisible_site_key: None,
            secret_key: None,
            invisible_secret_key: None,
            siteverify_url: SITEVERIFY_URL.to_owned(),
            oauth_bypass: ["oauth_google", "oauth_microsoft", "oauth_apple"].map(str::to_owned).to_vec(),
        }
    }
}

/// Who judges whether a browser is behind a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptchaProvider {
    /// This server: the browser computes for a while. Nobody else is asked.
    ProofOfWork,
    /// Cloudflare Turnstile, or a service that speaks like it.
    Turnstile,
}

/// How a challenge shows itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptchaWidgetType {
    /// In the form, where it must.
    Smart,
    /// Not at all.
    Invisible,
}

impl CaptchaWidgetType {
    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Smart => "smart",
            Self::Invisible => "invisible",
        }
    }
}

impl BotProtection {
    /// Whether proofs of work are asked.
    pub fn asks_for_work(&self) -> bool {
        self.enabled && self.provider == CaptchaProvider::ProofOfWork
    }

    /// The secret key that judges tokens of this widget, with the name of its place.
    pub fn secret_of(&self, widget_type: Option<&str>) -> Option<(&'static str, &ClientSecret)> {
        let invisible = self.invisible_secret_key.as_ref().filter(|_| widget_type == Some("invisible"));
        let invisible = invisible.map(|secret| (Self::INVISIBLE_SECRET, secret));
        invisible.or_else(|| self.secret_key.as_ref().map(|secret| (Self::SECRET, secret)))
    }

    /// The secrets, with the names of their places.
    pub fn secrets_mut(&mut self) -> impl Iterator<Item = (&'static str, &mut ClientSecret)> {
        let secrets =
            [(Self::SECRET, self.secret_key.as_mut()), (Self::INVISIBLE_SECRET, self.invisible_secret_key.as_mut())];
        secrets.into_iter().filter_map(|(name, secret)| secret.map(|secret| (name, secret)))
    }

    const SECRET: &str = "bot_protection.secret_key";
    const INVISIBLE_SECRET: &str = "bot_protection.invisible_secret_key";

    /// The rules of this block.
    ///
    /// # Errors
    /// One sentence about the first rule that is broken.
    pub fn check(&self) -> Result<(), InvalidSettings> {
        let fail = |text: &str| Err(InvalidSettings(format!("attack_protection.bot_protection{text}")));
        if !(8..=24).contains(&self.difficulty) {
            return fail(".difficulty must be at least 8 and at most 24");
        }
        let is_ready = self.site_key.is_some() && self.secret_key.is_some();
        if self.enabled && self.provider == CaptchaProvider::Turnstile && !is_ready {
            return fail(" by turnstile needs site_key and secret_key");
        }
        if url::Url::parse(&self.siteverify_url).is_err() {
            return fail(".siteverify_url is not a URL");
        }
        Ok(())
    }
}
