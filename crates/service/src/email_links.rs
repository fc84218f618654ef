//! Links by mail. A link is signed and says itself what it is for, so that nothing is looked up for one that is not ours; it is
//! used up by one guarded update. A newer challenge of the same attempt makes it stale.

use crate::clients::{CookieChange, Outcome};
use crate::ctx::{Ctx, RequestInfo};
use crate::error::{Error, Result};
use crate::service::Service;
use crate::verifications::CodeRequest;
use crate::visitors::Visitor;
use serde::{Deserialize, Serialize};
use url::Url;
use verger_jose::{Category, Expect, Expiry, Header, mint, verify};
use verger_model::client::Client;
use verger_model::verification::{CODE_LIFETIME, Verification, VerificationStatus};
use verger_model::{
    ClientId, Code, IdentificationId, Refusal, Secret, SessionId, SignInId, SignUpId, Strategy, VerificationId,
};
use verger_store::WriteTx;

/// The word that tells these links from other tickets.
const KIND: &str = "email_link";

/// What a link proves something for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LinkPurpose {
    /// A sign-in attempt.
    SignIn(SignInId),
    /// A sign-up attempt.
    SignUp(SignUpId),
    /// An address in somebody's account.
    EmailAddress(IdentificationId),
}

impl LinkPurpose {
    fn as_str(&self) -> &str {
        match self {
            Self::SignIn(id) => id.as_str(),
            Self::SignUp(id) => id.as_str(),
            Self::EmailAddress(id) => id.as_str(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let sign_in = || text.parse().ok().map(Self::SignIn);
        let sign_up = || text.parse().ok().map(Self::SignUp);
        let address = || text.parse().ok().map(Self::EmailAddress);
        sign_in().or_else(sign_up).or_else(address)
    }

    const fn not_same_client(&self) -> Code {
        match self {
            Self::SignIn(_) => Code::SignInEmailLinkNotSameClient,
            Self::SignUp(_) => Code::SignUpEmailLinkNotSameClient,
            Self::EmailAddress(_) => Code::VerificationLinkTokenSourceInvalid,
        }
    }
}

/// A link to send.
pub(crate) struct LinkRequest<'a> {
    /// What it proves something for.
    pub(crate) purpose: LinkPurpose,
    /// The client that asks.
    pub(crate) client: &'a ClientId,
    /// The page that the opened link leads to.
    pub(crate) redirect_url: Option<&'a str>,
    /// The address, the identification behind it, and the challenge that was asked last.
    pub(crate) address: &'a str,
    pub(crate) identification_id: Option<IdentificationId>,
    pub(crate) previous: Option<&'a VerificationId>,
}

#[derive(Serialize, Deserialize)]
struct LinkClaims {
    iss: String,
    st: String,
    /// The challenge.
    sid: String,
    /// What it is for.
    sub: String,
    /// The client that asked.
    cli: String,
    /// The page to go on to.
    url: String,
    exp: i64,
}

/// A link of ours that was opened.
pub(crate) struct Link {
    pub(crate) verification_id: VerificationId,
    /// The client that asked for it.
    pub(crate) client_id: ClientId,
    /// The client that opens it, if that is known.
    pub(crate) opened_by: Option<ClientId>,
    purpose: LinkPurpose,
    redirect_url: String,
    expire_at: i64,
}

impl Link {
    /// Whether the browser that asked is the one that opens.
    pub(crate) fn is_at_home(&self) -> bool {
        self.opened_by.as_ref() == Some(&self.client_id)
    }
}

/// What an opened link led to.
#[derive(Default)]
pub(crate) struct LinkProof {
    /// The session that began.
    pub(crate) created_session_id: Option<SessionId>,
    /// The new token of the client that asked.
    pub(crate) token: Option<Secret<String>>,
}

/// The verdict on an opened link, for the page that waits for it.
#[derive(Clone, Debug)]
pub struct OpenedLink {
    redirect_url: Url,
    created_session_id: Option<SessionId>,
    /// Why it proved nothing.
    pub refusal: Option<Refusal>,
}

impl OpenedLink {
    /// The verdict in the word that clerk-js knows: `verified`, `expired`, `client_mismatch` or `failed`.
    pub fn status(&self) -> &'static str {
        match self.refusal.as_ref().map(Refusal::code) {
            None => "verified",
            Some(Code::VerificationLinkTokenExpired) => "expired",
            Some(
                Code::SignInEmailLinkNotSameClient
                | Code::SignUpEmailLinkNotSameClient
                | Code::VerificationLinkTokenSourceInvalid,
            ) => "client_mismatch",
            Some(_) => "failed",
        }
    }

    /// The page that asked for the link, with the verdict.
    pub fn location(&self) -> String {
        let mut url = self.redirect_url.clone();
        url.query_pairs_mut().append_pair("__clerk_status", self.status());
        if let Some(id) = &self.created_session_id {
            url.query_pairs_mut().append_pair("__clerk_created_session", id.as_str());
        }
        url.into()
    }
}

impl Service {
    /// Sends a link, under the same throttle as codes.
    ///
    /// # Errors
    /// `form_param_missing` without a page to go on to, the refusals of an address that is not the instance's,
    /// `verification_code_too_many_requests`.
    pub(crate) async fn send_link(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        request: LinkRequest<'_>,
    ) -> Result<Verification> {
        let url = self.link_page(ctx, request.redirect_url)?;
        let asked = CodeRequest {
            strategy: Strategy::EmailLink,
            address: request.address,
            channel: None,
            identification_id: request.identification_id,
            previous: request.previous,
        };
        if let Some(standing) = self.standing_challenge(ctx, tx, &asked).await? {
            return Ok(standing);
        }
        let verification = Verification {
            id: VerificationId::generate(ctx.now, self.entropy()),
            strategy: Strategy::EmailLink,
            status: VerificationStatus::Unverified,
            attempts: 0,
            target: Some(asked.address.to_owned()),
            identification_id: asked.identification_id,
            channel: None,
            verified_at_client: None,
            code_digest: None,
            external_redirect_url: None,
            error: None,
            nonce: None,
            expire_at: Some(ctx.now + CODE_LIFETIME),
            created_at: ctx.now,
        };
        tx.verifications().insert(ctx.instance(), &verification).await?;
        let claims = LinkClaims {
            iss: ctx.tenant.addresses.frontend_api.clone(),
            st: KIND.to_owned(),
            sid: verification.id.as_str().to_owned(),
            sub: request.purpose.as_str().to_owned(),
            cli: request.client.as_str().to_owned(),
            url: url.into(),
            exp: (ctx.now + CODE_LIFETIME).secs(),
        };
        let header = Header { kid: &ctx.tenant.kid, cat: Some(Category::Ticket), oiat: None };
        let token = mint(&header, &claims, &ctx.tenant.signing_key).map_err(Error::internal)?;
        let link = format!("{}/v1/verify?token={token}", ctx.tenant.addresses.frontend_api);
        let signs_in = matches!(request.purpose, LinkPurpose::SignIn(_));
        self.enqueue_link_mail(ctx, tx, asked.address, &link, signs_in).await?;
        Ok(verification)
    }

    /// The page to go on to from a link.
    ///
    /// # Errors
    /// `form_param_missing` without one, the refusals of an address that is not the instance's.
    pub(crate) fn link_page(&self, ctx: &Ctx, redirect_url: Option<&str>) -> Result<Url> {
        let url = redirect_url.filter(|url| !url.is_empty());
        let url = url.ok_or_else(|| Refusal::param(Code::FormParamMissing, "redirect_url"))?;
        Ok(self.check_redirect(ctx, url)?)
    }

    /// Opens a link. Whatever becomes of it, the browser goes on to the page that asked.
    ///
    /// # Errors
    /// `verification_link_token_invalid` for what is no link of this instance, and the refusals of a page that is no longer
    /// the instance's.
    pub async fn open_email_link(&self, ctx: &Ctx, visitor: Visitor, token: &str) -> Result<Outcome<OpenedLink>> {
        let link = Link { opened_by: visitor.client.map(|client| client.id), ..read(ctx, token)? };
        let redirect_url = self.check_redirect(ctx, &link.redirect_url)?;
        // The session is for the page that asked; the navigation itself comes from a mail.
        let origin = Some(redirect_url.origin().ascii_serialization());
        let ctx = &Ctx { request: RequestInfo { origin, ..ctx.request.clone() }, ..ctx.clone() };
        let proof = match self.take_link(ctx, &link).await {
            Ok(proof) => proof,
            Err(Error::Refused(refusal)) => {
                let value = OpenedLink { redirect_url, created_session_id: None, refusal: Some(refusal) };
                return Ok(Outcome::plain(value));
            }
            Err(fault) => return Err(fault),
        };
        self.jobs_waiting.notify_one();
        let value = OpenedLink { redirect_url, created_session_id: proof.created_session_id, refusal: None };
        let Some(token) = proof.token.filter(|_| link.is_at_home()) else { return Ok(Outcome::plain(value)) };
        let cookie = CookieChange::Set(self.client_cookie(ctx, &link.client_id, &token)?);
        let state = self.client_now(ctx, &link.client_id).await?;
        Ok(Outcome { value, state: Some(state), cookie })
    }

    async fn take_link(&self, ctx: &Ctx, link: &Link) -> Result<LinkProof> {
        if link.expire_at <= ctx.now.secs() {
            return Err(Code::VerificationLinkTokenExpired.into());
        }
        // Whoever merely reads the mail, a scanner for instance, proves nothing and uses nothing up.
        if ctx.tenant.instance.settings.attack_protection.email_link.require_same_client && !link.is_at_home() {
            return Err(link.purpose.not_same_client().into());
        }
        match &link.purpose {
            LinkPurpose::SignIn(id) => self.sign_in_by_link(ctx, link, id).await,
            LinkPurpose::SignUp(id) => self.sign_up_by_link(ctx, link, id).await,
            LinkPurpose::EmailAddress(id) => self.verify_address_by_link(ctx, link, id).await,
        }
    }

    /// Uses a link up. `current` is the challenge that its attempt asked for last.
    ///
    /// # Errors
    /// `verification_link_token_stale` for one that is not the current one, `verification_already_verified` for one that was
    /// opened before.
    pub(crate) async fn use_link(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        link: &Link,
        current: Option<&VerificationId>,
    ) -> Result<Verification> {
        let id = &link.verification_id;
        if current != Some(id) {
            return Err(Code::VerificationLinkTokenStale.into());
        }
        let opened = tx.verifications().open_link(ctx.instance(), id, link.opened_by.as_ref(), ctx.now).await?;
        let found = tx.verifications().get(ctx.instance(), id).await?.ok_or(Code::VerificationLinkTokenStale)?;
        match found.status_at(ctx.now) {
            _ if opened => Ok(found),
            VerificationStatus::Verified => Err(Code::VerificationAlreadyVerified.into()),
            VerificationStatus::Expired => Err(Code::VerificationLinkTokenExpired.into()),
            VerificationStatus::Unverified | VerificationStatus::Failed | VerificationStatus::Transferable => {
                Err(Code::VerificationLinkTokenStale.into())
            }
        }
    }

    /// A session that another device began on a client changes no token: its holder is not there to be given the new one, and
    /// would be locked out of the session it waits for.
    pub(crate) async fn keep_token_elsewhere(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        link: &Link,
        before: &Client,
    ) -> Result<()> {
        if link.is_at_home() {
            return Ok(());
        }
        Ok(tx.clients().keep_token(ctx.instance(), before).await?)
    }
}

/// Reads a link. Its deadline is judged later: a page can be told about a late one.
fn read(ctx: &Ctx, token: &str) -> Result<Link> {
    let invalid = || Code::VerificationLinkTokenInvalid;
    let expect = Expect::new(Category::Ticket, ctx.now.secs()).with_expiry(Expiry::Ignored);
    let claims: LinkClaims = verify(token, &ctx.tenant.keys, &expect).map_err(|_| invalid())?;
    if claims.st != KIND {
        return Err(invalid().into());
    }
    Ok(Link {
        verification_id: claims.sid.parse().map_err(|_| invalid())?,
        client_id: claims.cli.parse().map_err(|_| invalid())?,
        opened_by: None,
        purpose: LinkPurpose::parse(&claims.sub).ok_or_else(invalid)?,
        redirect_url: claims.url,
        expire_at: claims.exp,
    })
}
