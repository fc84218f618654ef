//! Whether a browser is behind a sign-up: a proof of work that this server asks for and judges itself, or the token of a captcha
//! service. Testing tokens stand for either.

use crate::clients::ClientState;
use crate::ctx::Ctx;
use crate::error::{Error, FaultKind, Result};
use crate::service::Service;
use crate::tenants::{Tenant, place};
use crate::visitors::Visitor;
use verger_crypto::proof_of_work;
use verger_crypto::seal::DataKey;
use verger_crypto::token::token_hash;
use verger_model::settings::{BotProtection, CaptchaProvider, Settings};
use verger_model::sign_up::SignUp;
use verger_model::{Code, Millis, Secret, Strategy};
use verger_outbound::captcha::SiteVerify;
use verger_outbound::http::Reach;

/// How long a challenge can be answered.
const CHALLENGE_LIFETIME: Millis = Millis::from_mins(10);

/// What a request brings to show that a browser is behind it.
#[derive(Clone, Debug, Default)]
pub struct CaptchaAnswer {
    /// The token of the widget.
    pub token: Option<String>,
    /// Which widget made it.
    pub widget_type: Option<String>,
    /// What a test suite brings instead.
    pub testing_token: Option<String>,
    /// Whether a native app asks: it has no page for a widget, and the instance let it in.
    pub is_native: bool,
}

impl Service {
    /// A challenge for a browser to work on.
    ///
    /// # Errors
    /// `captcha_not_enabled` where no work is asked for.
    pub fn captcha_challenge(&self, ctx: &Ctx) -> Result<String> {
        let settings = protection(ctx);
        if !settings.asks_for_work() {
            return Err(Code::CaptchaNotEnabled.into());
        }
        let end = ctx.now + CHALLENGE_LIFETIME;
        Ok(proof_of_work::challenge(&ctx.tenant.code_key, settings.difficulty, end, self.entropy()))
    }

    /// Takes a proof that belongs to no sign-up, and shows the client.
    ///
    /// # Errors
    /// `captcha_not_enabled`, `captcha_missing_token`, `captcha_invalid`.
    pub async fn verify_captcha(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        answer: &CaptchaAnswer,
    ) -> Result<Option<ClientState>> {
        if !protection(ctx).enabled {
            return Err(Code::CaptchaNotEnabled.into());
        }
        self.expect_browser(ctx, answer).await?;
        self.get_client(ctx, visitor).await
    }

    /// Refuses what no browser seems to be behind, where that is asked for.
    ///
    /// # Errors
    /// `captcha_missing_token`, `captcha_invalid`; a fault when the captcha service does not answer.
    pub(crate) async fn expect_browser(&self, ctx: &Ctx, answer: &CaptchaAnswer) -> Result<()> {
        let settings = protection(ctx);
        if !settings.enabled || answer.is_native || self.is_tested(ctx, answer).await? {
            return Ok(());
        }
        let token = answer.token.as_deref().filter(|token| !token.is_empty()).ok_or(Code::CaptchaMissingToken)?;
        let is_good = match settings.provider {
            CaptchaProvider::ProofOfWork => self.takes_work(ctx, settings, token).await?,
            CaptchaProvider::Turnstile => self.takes_token(ctx, settings, token, answer.widget_type.as_deref()).await?,
        };
        if is_good { Ok(()) } else { Err(Code::CaptchaInvalid.into()) }
    }

    /// Whether a sign-up may begin without a proof: somebody else vouches for it.
    pub(crate) fn is_vouched_for(&self, ctx: &Ctx, strategy: Option<Strategy>) -> bool {
        let bypass = &protection(ctx).oauth_bypass;
        strategy.is_some_and(|strategy| bypass.iter().any(|name| name == strategy.as_str()))
    }

    /// Refuses to go on without a proof where the one that was to vouch for the sign-up has not.
    ///
    /// # Errors
    /// As [`Service::expect_browser`].
    pub(crate) async fn expect_vouched_for(&self, ctx: &Ctx, sign_up: &SignUp, answer: &CaptchaAnswer) -> Result<()> {
        if !protection(ctx).enabled || sign_up.external_verified {
            return Ok(());
        }
        if self.store.read().await?.captchas().is_exempted(ctx.instance(), &sign_up.id).await? {
            return self.expect_browser(ctx, answer).await;
        }
        Ok(())
    }

    async fn is_tested(&self, ctx: &Ctx, answer: &CaptchaAnswer) -> Result<bool> {
        let Some(token) = answer.testing_token.as_deref().filter(|token| !token.is_empty()) else { return Ok(false) };
        let mut reader = self.store.read().await?;
        Ok(reader.testing_tokens().valid(ctx.instance(), &token_hash(token), ctx.now).await?)
    }

    async fn takes_work(&self, ctx: &Ctx, settings: &BotProtection, answer: &str) -> Result<bool> {
        let judged = proof_of_work::judge(&ctx.tenant.code_key, answer, settings.difficulty, ctx.now);
        let Some(proof) = judged else { return Ok(false) };
        let mut tx = self.store.write().await?;
        let is_new = tx.captchas().take(ctx.instance(), &token_hash(&proof.challenge), proof.expire_at).await?;
        tx.commit().await?;
        Ok(is_new)
    }

    async fn takes_token(
        &self,
        ctx: &Ctx,
        settings: &BotProtection,
        token: &str,
        widget_type: Option<&str>,
    ) -> Result<bool> {
        let (name, sealed) = settings.secret_of(widget_type).ok_or_else(|| Error::internal("no captcha secret"))?;
        let at = place(ctx.instance(), "instances", "settings", name);
        let plain = ctx.tenant.data_key.open(&at, &sealed.0).map_err(Error::internal)?;
        let secret = Secret::new(String::from_utf8(plain.expose().clone()).map_err(Error::internal)?);
        let question = SiteVerify {
            url: &settings.siteverify_url,
            secret: &secret,
            token,
            ip: ctx.request.ip.as_deref(),
            reach: if ctx.tenant.instance.is_development() { Reach::Anywhere } else { Reach::Public },
        };
        question.ask(&self.http).await.map_err(|err| Error::fault(FaultKind::Unavailable, err))
    }

    /// Seals the captcha secrets of a settings document that is about to be stored. Those that are sealed already stay.
    pub(crate) fn seal_captcha_secrets(&self, tenant: &Tenant, settings: &mut Settings) {
        for (name, secret) in settings.attack_protection.bot_protection.secrets_mut() {
            if DataKey::id_in(&secret.0).is_err() {
                let at = place(&tenant.instance.id, "instances", "settings", name);
                secret.0 = tenant.data_key.seal(&at, secret.0.as_bytes(), self.entropy());
            }
        }
    }
}

fn protection(ctx: &Ctx) -> &BotProtection {
    &ctx.tenant.instance.settings.attack_protection.bot_protection
}
