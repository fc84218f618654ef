//! Who is at the other end of a Frontend API request: the client behind a cookie or a development browser. What does not fit
//! (foreign instance, old rotating token, bad signature) is ignored and replaced, never an error; only an unknown development
//! browser is told so, because clerk-js then makes a new one.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use serde::{Deserialize, Serialize};
use verger_crypto::token::{random_token, token_hash};
use verger_jose::{Category, Expect, Expiry, Header, mint, verify};
use verger_model::client::{Client, CookieTrust};
use verger_model::dev_browser::DevBrowser;
use verger_model::session::Session;
use verger_model::{ClientId, Code, DevBrowserId, Secret, SessionId};
use verger_store::{Visit, WriteTx};

/// What a request presented. Every `__client` value counts: a browser can hold one per instance under one name.
#[derive(Clone, Debug, Default)]
pub struct Presented {
    /// The values of all `__client` cookies, or the client token of a native app.
    pub client_cookies: Vec<String>,
    /// `__clerk_db_jwt`.
    pub dev_browser: Option<String>,
}

/// Who was found behind it.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// The client, if there is one.
    pub client: Option<Client>,
    /// How much the presented token opens.
    pub trust: CookieTrust,
    /// The development browser, if one was presented.
    pub dev_browser: Option<DevBrowser>,
    /// The session that the request names, if it is on the client, whatever its status.
    pub(crate) session: Option<Session>,
}

#[derive(Serialize, Deserialize)]
struct ClientClaims {
    id: String,
    rotating_token: String,
}

/// Bytes of a rotating token and of a development browser token.
const TOKEN_BYTES: usize = 24;

impl Visitor {
    /// Somebody never seen before.
    pub const fn nobody() -> Self {
        Self { client: None, trust: CookieTrust::Current, dev_browser: None, session: None }
    }

    /// Whether the presented token opens this session: the token before a rotation opens only what existed then.
    pub fn opens(&self, session: &Session) -> bool {
        let Some(client) = &self.client else { return false };
        session.client_id == client.id && (self.trust == CookieTrust::Current || session.created_at < client.rotated_at)
    }

    /// The session that the request names, if it is this one and on the client.
    pub(crate) fn named(&self, id: &SessionId) -> Option<&Session> {
        self.session.as_ref().filter(|session| session.id == *id)
    }

    /// The client, or a refusal for somebody who has none.
    pub(crate) fn expect_client(&self) -> Result<&Client> {
        self.client.as_ref().ok_or_else(|| Code::SignedOut.into())
    }
}

impl Service {
    /// Finds out who is there. The session that the request is about, if it names one, is read along.
    ///
    /// # Errors
    /// `dev_browser_unauthenticated` for an unknown development browser.
    pub async fn visitor(&self, ctx: &Ctx, presented: &Presented, session: Option<&str>) -> Result<Visitor> {
        self.look(ctx, presented, session, true).await
    }

    /// The same for full-page redirects, where an unknown development browser is simply replaced.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn visitor_of_redirect(&self, ctx: &Ctx, presented: &Presented) -> Result<Visitor> {
        self.look(ctx, presented, None, false).await
    }

    async fn look(&self, ctx: &Ctx, presented: &Presented, session: Option<&str>, strict: bool) -> Result<Visitor> {
        let dev_token =
            presented.dev_browser.as_deref().filter(|token| ctx.tenant.instance.is_development() && !token.is_empty());
        let session = session.and_then(|id| id.parse::<SessionId>().ok());
        let mut visitor = Visitor::nobody();
        if let Some(token) = dev_token {
            let mut reader = self.store.read().await?;
            let found = reader.visits().by_dev_browser(ctx.instance(), &token_hash(token), session.as_ref()).await?;
            match found {
                Some(Visit { dev_browser, client, session }) => {
                    visitor = Visitor { client, trust: CookieTrust::Current, dev_browser, session };
                }
                None if strict => return Err(Code::DevBrowserUnauthenticated.into()),
                None => {}
            }
        }
        // The development browser wins over the cookie: cookies ignore ports, so another app's client can lie in the jar.
        if visitor.client.is_none() {
            self.look_at_cookies(ctx, &presented.client_cookies, session.as_ref(), &mut visitor).await?;
        }
        Ok(visitor)
    }

    async fn look_at_cookies(
        &self,
        ctx: &Ctx,
        cookies: &[String],
        session: Option<&SessionId>,
        visitor: &mut Visitor,
    ) -> Result<()> {
        let claims = client_claims(ctx, cookies);
        if claims.is_empty() {
            return Ok(());
        }
        let mut reader = self.store.read().await?;
        for claim in claims {
            let Ok(id) = claim.id.parse::<ClientId>() else { continue };
            let Some(visit) = reader.visits().by_client(ctx.instance(), &id, session).await? else { continue };
            let Some(client) = visit.client else { continue };
            let Some(trust) = client.judge(&token_hash(&claim.rotating_token), ctx.now) else { continue };
            (visitor.client, visitor.trust, visitor.session) = (Some(client), trust, visit.session);
            return Ok(());
        }
        Ok(())
    }

    /// The visitor's client, locked for this transaction; made if there is none. Links it to the development browser.
    pub(crate) async fn ensure_client(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        visitor: &Visitor,
    ) -> Result<(Client, Option<Secret<String>>)> {
        let known = match &visitor.client {
            Some(client) => tx.clients().get_for_update(ctx.instance(), &client.id).await?,
            None => None,
        };
        let (client, token) = match known {
            Some(client) => (client, None),
            None => {
                let (client, token) = self.new_client(ctx);
                tx.clients().insert(ctx.instance(), &client).await?;
                (client, Some(token))
            }
        };
        if let Some(browser) =
            visitor.dev_browser.as_ref().filter(|browser| browser.client_id.as_ref() != Some(&client.id))
        {
            tx.dev_browsers().set_client(ctx.instance(), &browser.id, &client.id, ctx.now).await?;
        }
        Ok((client, token))
    }

    fn new_client(&self, ctx: &Ctx) -> (Client, Secret<String>) {
        let token = random_token(self.entropy(), TOKEN_BYTES);
        let client = Client {
            id: ClientId::generate(ctx.now, self.entropy()),
            rotating_token_hash: token_hash(token.expose()),
            previous_token_hash: None,
            rotated_at: ctx.now,
            sign_in_id: None,
            sign_up_id: None,
            last_active_session_id: None,
            last_authentication_strategy: None,
            created_at: ctx.now,
            updated_at: ctx.now,
            version: 1,
        };
        (client, token)
    }

    /// Puts a new rotating token into the client and gives it back.
    pub(crate) fn rotate(&self, ctx: &Ctx, client: &mut Client) -> Secret<String> {
        let token = random_token(self.entropy(), TOKEN_BYTES);
        client.rotate(token_hash(token.expose()), ctx.now);
        token
    }

    /// The value of the `__client` cookie.
    pub(crate) fn client_cookie(&self, ctx: &Ctx, client: &ClientId, token: &Secret<String>) -> Result<String> {
        let claims = ClientClaims { id: client.as_str().to_owned(), rotating_token: token.expose().clone() };
        let header = Header { kid: &ctx.tenant.kid, cat: Some(Category::Client), oiat: None };
        mint(&header, &claims, &ctx.tenant.signing_key).map_err(Error::internal)
    }

    /// A development browser and its token, not stored yet.
    pub(crate) fn new_dev_browser(&self, ctx: &Ctx, client: Option<&Client>) -> (DevBrowser, String) {
        let token = format!("dvb_{}", random_token(self.entropy(), TOKEN_BYTES).expose());
        let browser = DevBrowser {
            id: DevBrowserId::generate(ctx.now, self.entropy()),
            token_hash: token_hash(&token),
            client_id: client.map(|client| client.id.clone()),
            home_origin: ctx.request.origin.clone(),
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        (browser, token)
    }
}

/// What the cookies say, as far as this tenant signed them.
fn client_claims(ctx: &Ctx, cookies: &[String]) -> Vec<ClientClaims> {
    let expect = Expect::new(Category::Client, ctx.now.secs()).with_expiry(Expiry::IfPresent);
    cookies.iter().filter_map(|cookie| verify(cookie, &ctx.tenant.keys, &expect).ok()).collect()
}
