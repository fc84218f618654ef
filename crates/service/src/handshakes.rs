//! The handshake: a full-page redirect by which an app's server learns who is signed in. The answer is a list of cookie lines
//! that the app sets on its own host; it travels by a nonce that only the instance's secret key can read, or, for older SDKs,
//! in a signed token.

use crate::clients::{ClientState, CookieChange};
use crate::ctx::{Ctx, RequestInfo};
use crate::error::{Error, Result};
use crate::service::Service;
use crate::tenants::place;
use crate::visitors::Visitor;
use url::Url;
use verger_crypto::token::{random_token, token_hash};
use verger_jose::{Category, Expect, Expiry, Header, mint, verify};
use verger_model::client::COOKIE_LIFETIME;
use verger_model::{Code, Millis, Refusal, SessionId};
use verger_store::StoredHandshake;
use verger_wire::{HandshakeClaims, SessionClaims};

/// How long a nonce can be read. As often as asked for: a single-use nonce signs people out.
const NONCE_LIFETIME: Millis = Millis::from_secs(60);
/// Bytes of randomness in a nonce.
const NONCE_BYTES: usize = 24;
/// How long the cookies live that the directives set.
const COOKIE_SECS: i64 = COOKIE_LIFETIME.secs();

/// A handshake request.
#[derive(Clone, Debug, Default)]
pub struct HandshakeRequest {
    /// Where to go back to.
    pub redirect_url: String,
    /// `nonce`, `token`, or nothing, which means `token`.
    pub format: Option<String>,
    /// The session token that the app has, good or expired: which session it means.
    pub session_hint: Option<String>,
    /// The development browser's token as it was presented.
    pub dev_browser_token: Option<String>,
}

/// Where to send the browser, and which cookies to set on our own host.
#[derive(Clone, Debug)]
pub struct HandshakeReply {
    /// The address to go to.
    pub location: String,
    /// Whole `Set-Cookie` lines that carry the answer (production).
    pub set_cookies: Vec<String>,
    /// What becomes of the `__client` cookie.
    pub cookie: CookieChange,
}

impl Service {
    /// Answers a handshake.
    ///
    /// # Errors
    /// `invalid_handshake` without an address, and the refusals of an address that is not the instance's.
    pub async fn handshake(&self, ctx: &Ctx, visitor: Visitor, request: HandshakeRequest) -> Result<HandshakeReply> {
        if request.redirect_url.is_empty() {
            return Err(Code::InvalidHandshake.into());
        }
        let target = self.check_redirect(ctx, &request.redirect_url)?;
        // The token is for the app that is returned to, whatever page last used the session: the Account Portal is one too.
        let party = RequestInfo { origin: Some(target.origin().ascii_serialization()), ..ctx.request.clone() };
        let ctx = &Ctx { request: party, ..ctx.clone() };
        let dev_browser = self.dev_browser_for(ctx, &visitor, request.dev_browser_token.as_deref()).await?;
        let state = match visitor.client {
            Some(client) => Some(self.client_state(ctx, client, visitor.trust).await?),
            None => None,
        };
        let directives = Directives::new(ctx, &target)
            .session(state.as_ref(), request.session_hint.as_deref())
            .uat(state.as_ref())
            .dev_browser(dev_browser.as_deref())
            .lines;
        match request.format.as_deref() {
            Some("nonce") => {
                let nonce = self.store_handshake(ctx, &target, &directives).await?;
                Ok(deliver(ctx, &target, "__clerk_handshake_nonce", &nonce))
            }
            None | Some("token" | "") => {
                let header = Header { kid: &ctx.tenant.kid, cat: Some(Category::Session), oiat: None };
                let claims = HandshakeClaims { handshake: directives };
                let token = mint(&header, &claims, &ctx.tenant.signing_key).map_err(Error::internal)?;
                Ok(deliver(ctx, &target, "__clerk_handshake", &token))
            }
            Some(_) => Err(Refusal::param(Code::InvalidHandshake, "format").into()),
        }
    }

    /// The token of the development browser: the presented one if it is known, else a new browser around the visitor's client.
    async fn dev_browser_for(&self, ctx: &Ctx, visitor: &Visitor, presented: Option<&str>) -> Result<Option<String>> {
        if !ctx.tenant.instance.is_development() {
            return Ok(None);
        }
        if let (Some(_), Some(token)) = (&visitor.dev_browser, presented) {
            return Ok(Some(token.to_owned()));
        }
        let (browser, token) = self.new_dev_browser(ctx, visitor.client.as_ref());
        let mut tx = self.store.write().await?;
        tx.dev_browsers().insert(ctx.instance(), &browser).await?;
        tx.commit().await?;
        Ok(Some(token))
    }

    async fn store_handshake(&self, ctx: &Ctx, target: &Url, directives: &[String]) -> Result<String> {
        let nonce = random_token(self.entropy(), NONCE_BYTES).expose().clone();
        let nonce_hash = token_hash(&nonce);
        let text = serde_json::to_vec(directives).map_err(Error::internal)?;
        let at = place(ctx.instance(), "handshakes", "sealed", &nonce_hash);
        let handshake = StoredHandshake {
            sealed: ctx.tenant.data_key.seal(&at, &text, self.entropy()).into_bytes(),
            origin: target.origin().ascii_serialization(),
            expire_at: ctx.now + NONCE_LIFETIME,
            nonce_hash,
        };
        let mut tx = self.store.write().await?;
        tx.handshakes().insert(ctx.instance(), &handshake).await?;
        tx.commit().await?;
        Ok(nonce)
    }

    /// The cookie lines behind a nonce, for the holder of the instance's secret key.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown, foreign or expired nonce.
    pub async fn handshake_payload(&self, ctx: &Ctx, nonce: &str) -> Result<Vec<String>> {
        let hash = token_hash(nonce);
        let found = self.store.read().await?.handshakes().get(ctx.instance(), &hash, ctx.now).await?;
        let handshake = found.ok_or(Code::ResourceNotFound)?;
        let sealed = String::from_utf8(handshake.sealed).map_err(Error::internal)?;
        let at = place(ctx.instance(), "handshakes", "sealed", &hash);
        let text = ctx.tenant.data_key.open(&at, &sealed).map_err(Error::internal)?;
        serde_json::from_slice(text.expose()).map_err(Error::internal)
    }
}

/// The cookie lines of an answer. Each is written under the plain and the suffixed name: older SDKs know only the former, and the
/// latter keeps several instances apart in one browser.
struct Directives<'a> {
    ctx: &'a Ctx,
    secure: &'static str,
    lines: Vec<String>,
}

impl<'a> Directives<'a> {
    fn new(ctx: &'a Ctx, target: &Url) -> Self {
        Self { ctx, secure: if target.scheme() == "https" { "; Secure" } else { "" }, lines: Vec::new() }
    }

    fn line(&mut self, name: &str, value: &str, max_age: i64, domain: Option<&str>) {
        let domain = domain.map(|domain| format!("; Domain={domain}")).unwrap_or_default();
        let secure = self.secure;
        self.lines.push(format!("{name}={value}; Path=/{domain}; Max-Age={max_age}; SameSite=Lax{secure}"));
    }

    fn both(&mut self, name: &str, value: &str, max_age: i64, domain: Option<&str>) {
        self.line(name, value, max_age, domain);
        self.line(&format!("{name}_{}", self.ctx.tenant.cookie_suffix), value, max_age, domain);
    }

    fn session(mut self, state: Option<&ClientState>, hint: Option<&str>) -> Self {
        match state.and_then(|state| chosen_token(self.ctx, state, hint)) {
            Some(token) => self.both("__session", &token, COOKIE_SECS, None),
            None => self.both("__session", "", 0, None),
        }
        self
    }

    fn uat(mut self, state: Option<&ClientState>) -> Self {
        let uat = state.map_or(0, ClientState::uat).to_string();
        let domain = self.ctx.tenant.addresses.uat_domain.clone();
        self.both("__client_uat", &uat, COOKIE_SECS, domain.as_deref());
        if !self.ctx.tenant.instance.is_development() {
            // No SDK deletes these; one that lingers signs people out until it expires.
            self.line("__clerk_handshake_nonce", "", 0, domain.as_deref());
            self.line("__clerk_handshake", "", 0, domain.as_deref());
        }
        self
    }

    fn dev_browser(mut self, token: Option<&str>) -> Self {
        if let Some(token) = token {
            self.both("__clerk_db_jwt", token, COOKIE_SECS, None);
        }
        self
    }
}

/// A token of the session that the app means, else of the one used last, else of any.
fn chosen_token(ctx: &Ctx, state: &ClientState, hint: Option<&str>) -> Option<String> {
    let expect = Expect::new(Category::Session, ctx.now.secs()).with_expiry(Expiry::Ignored);
    let hinted = hint.and_then(|token| verify::<SessionClaims>(token, &ctx.tenant.keys, &expect).ok()).map(|it| it.sid);
    let by_id = |id: &str| state.sessions.iter().find(|live| live.session.id.as_str() == id);
    let last = state.client.last_active_session_id.as_ref().map(SessionId::as_str);
    let chosen = hinted.as_deref().and_then(by_id).or_else(|| last.and_then(by_id)).or_else(|| state.sessions.last());
    chosen.and_then(|live| live.token.clone())
}

/// Development carries the answer in the address, production in a cookie on the shared domain.
fn deliver(ctx: &Ctx, target: &Url, name: &str, value: &str) -> HandshakeReply {
    let mut location = target.clone();
    if ctx.tenant.instance.is_development() {
        location.query_pairs_mut().append_pair(name, value);
        return HandshakeReply { location: location.into(), set_cookies: Vec::new(), cookie: CookieChange::Keep };
    }
    let mut lines = Directives::new(ctx, target);
    let domain = ctx.tenant.addresses.uat_domain.clone();
    lines.line(name, value, NONCE_LIFETIME.secs(), domain.as_deref());
    HandshakeReply { location: location.into(), set_cookies: lines.lines, cookie: CookieChange::Keep }
}
