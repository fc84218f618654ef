//! Sign-in tokens: made by the application's backend, good for one sign-in.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use serde::{Deserialize, Serialize};
use verger_jose::{Category, Expect, Header, VerifyError, mint, verify};
use verger_model::ticket::{SignInToken, TicketStatus};
use verger_model::{Code, Millis, Refusal, SignInTokenId, UserId};

/// Thirty days.
const DEFAULT_LIFETIME_SECS: i64 = 2_592_000;
/// Ten years.
const MAX_LIFETIME_SECS: i64 = 315_360_000;

/// A sign-in token to make.
#[derive(Clone, Debug)]
pub struct NewSignInToken {
    /// Whom it signs in.
    pub user_id: String,
    /// For how long it can be used.
    pub expires_in_seconds: Option<i64>,
}

/// What a ticket says.
#[derive(Serialize, Deserialize)]
pub(crate) struct TicketClaims {
    /// The Frontend API.
    pub(crate) iss: String,
    /// The id of the sign-in token or invitation.
    pub(crate) sid: String,
    /// Whom it is for: a user, or an address.
    pub(crate) sub: String,
    /// Which kind of ticket.
    pub(crate) st: String,
    /// Its end, in seconds.
    pub(crate) exp: i64,
}

/// The word that tells sign-in tokens from other tickets.
pub(crate) const KIND: &str = "sign_in_token";

impl Service {
    /// Makes a sign-in token: the object, the ticket, and the address that takes a person straight in.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown user, `form_param_value_invalid` for a lifetime out of bounds.
    pub async fn create_sign_in_token(&self, ctx: &Ctx, new: NewSignInToken) -> Result<(SignInToken, String, String)> {
        let user_id: UserId = new.user_id.parse().map_err(|_| Code::ResourceNotFound)?;
        let lifetime = new.expires_in_seconds.unwrap_or(DEFAULT_LIFETIME_SECS);
        if !(1..=MAX_LIFETIME_SECS).contains(&lifetime) {
            return Err(Refusal::param(Code::FormParamValueInvalid, "expires_in_seconds").into());
        }
        let token = SignInToken {
            id: SignInTokenId::generate(ctx.now, self.entropy()),
            instance_id: ctx.instance().clone(),
            user_id,
            status: TicketStatus::Pending,
            expire_at: ctx.now + Millis::from_secs(lifetime),
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        let mut tx = self.store.write().await?;
        tx.users().get(ctx.instance(), &token.user_id).await?.ok_or(Code::ResourceNotFound)?;
        tx.sign_in_tokens().insert(&token).await?;
        tx.commit().await?;
        let claims = TicketClaims {
            iss: ctx.tenant.addresses.frontend_api.clone(),
            sid: token.id.as_str().to_owned(),
            sub: token.user_id.as_str().to_owned(),
            st: KIND.to_owned(),
            exp: token.expire_at.secs(),
        };
        let header = Header { kid: &ctx.tenant.kid, cat: Some(Category::Ticket), oiat: None };
        let ticket = mint(&header, &claims, &ctx.tenant.signing_key).map_err(Error::internal)?;
        let url = format!("{}/sign-in?__clerk_ticket={ticket}", ctx.tenant.addresses.portal);
        Ok((token, ticket, url))
    }

    /// Takes back a sign-in token that was not used yet.
    ///
    /// # Errors
    /// `resource_not_found`, `sign_in_token_cannot_be_revoked_code`.
    pub async fn revoke_sign_in_token(&self, ctx: &Ctx, id: &str) -> Result<SignInToken> {
        let id: SignInTokenId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        let token = tx.sign_in_tokens().get(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        let (from, to) = (TicketStatus::Pending, TicketStatus::Revoked);
        if !tx.sign_in_tokens().set_status(ctx.instance(), &id, from, to, ctx.now).await? {
            return Err(Code::SignInTokenCannotBeRevoked.into());
        }
        tx.commit().await?;
        Ok(SignInToken { status: to, updated_at: ctx.now, ..token })
    }

    /// Reads a ticket of this instance; `even_late` also one that is too old.
    ///
    /// # Errors
    /// `ticket_invalid_code`, `ticket_expired_code`.
    pub(crate) fn read_ticket(&self, ctx: &Ctx, ticket: &str, even_late: bool) -> Result<TicketClaims> {
        let now = if even_late { 0 } else { ctx.now.secs() };
        let claims =
            verify(ticket, &ctx.tenant.keys, &Expect::new(Category::Ticket, now)).map_err(|err| match err {
                VerifyError::Expired => Code::TicketExpired,
                _ => Code::TicketInvalid,
            })?;
        Ok(claims)
    }

    /// The pending sign-in token with this id.
    ///
    /// # Errors
    /// `ticket_invalid_code`, `ticket_expired_code`, `sign_in_token_already_used_code`, `sign_in_token_revoked_code`.
    pub(crate) async fn open_sign_in_token(&self, ctx: &Ctx, id: &str) -> Result<SignInToken> {
        let id: SignInTokenId = id.parse().map_err(|_| Code::TicketInvalid)?;
        let found = self.store.read().await?.sign_in_tokens().get(ctx.instance(), &id).await?;
        let token = found.ok_or(Code::TicketInvalid)?;
        match token.status {
            TicketStatus::Pending if token.expire_at <= ctx.now => Err(Code::TicketExpired.into()),
            TicketStatus::Pending => Ok(token),
            TicketStatus::Accepted => Err(Code::SignInTokenAlreadyUsed.into()),
            TicketStatus::Revoked => Err(Code::SignInTokenRevoked.into()),
        }
    }
}
