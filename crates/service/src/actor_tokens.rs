//! Actor tokens: made by the application's backend, each lets somebody act as a user once, for a short session.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use crate::sign_in_tokens::TicketClaims;
use serde_json::Value;
use verger_jose::{Category, Header, mint};
use verger_model::metadata::Metadata;
use verger_model::session::IMPERSONATION_LIFETIME;
use verger_model::ticket::{ActorToken, TicketStatus};
use verger_model::{ActorTokenId, Code, Millis, Refusal, UserId};

/// An hour.
const DEFAULT_LIFETIME_SECS: i64 = 3_600;

/// The most bytes of an actor: it goes into every session token, and those into cookies.
const MAX_ACTOR_BYTES: usize = 1024;

/// The word that tells actor tokens from other tickets.
pub(crate) const KIND: &str = "actor_token";

/// An actor token to make. The numbers are within the bounds of the API.
#[derive(Clone, Debug)]
pub struct NewActorToken {
    /// In whose place.
    pub user_id: String,
    /// Who acts, with a `sub`.
    pub actor: Metadata,
    /// For how long it can be used; an hour when left out.
    pub expires_in_seconds: Option<i64>,
    /// How long the session may last; half an hour when left out.
    pub session_max_duration_in_seconds: Option<i64>,
}

impl Service {
    /// Makes an actor token: the object and its ticket.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown user, `form_param_exceeds_allowed_size` for an actor that is too large,
    /// `actor_token_cannot_be_used_code` for a user who would act as themselves.
    pub async fn create_actor_token(&self, ctx: &Ctx, new: NewActorToken) -> Result<(ActorToken, String)> {
        let user_id: UserId = new.user_id.parse().map_err(|_| Code::ResourceNotFound)?;
        let actor = Value::Object(new.actor);
        if actor.to_string().len() > MAX_ACTOR_BYTES {
            return Err(Refusal::param(Code::FormParamExceedsAllowedSize, "actor").into());
        }
        if actor["sub"] == user_id.as_str() {
            return Err(Code::ActorTokenCannotBeUsed.into());
        }
        let lifetime = new.expires_in_seconds.unwrap_or(DEFAULT_LIFETIME_SECS);
        let longest = IMPERSONATION_LIFETIME.secs();
        let token = ActorToken {
            id: ActorTokenId::generate(ctx.now, self.entropy()),
            instance_id: ctx.instance().clone(),
            user_id,
            actor,
            status: TicketStatus::Pending,
            session_max_duration_in_seconds: new.session_max_duration_in_seconds.unwrap_or(longest).min(longest),
            expire_at: ctx.now + Millis::from_secs(lifetime),
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        let mut tx = self.store.write().await?;
        tx.users().get(ctx.instance(), &token.user_id).await?.ok_or(Code::ResourceNotFound)?;
        tx.actor_tokens().insert(&token).await?;
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
        Ok((token, ticket))
    }

    /// Takes back an actor token that was not used yet.
    ///
    /// # Errors
    /// `resource_not_found`, `actor_token_cannot_be_revoked_code`.
    pub async fn revoke_actor_token(&self, ctx: &Ctx, id: &str) -> Result<ActorToken> {
        let id: ActorTokenId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        let token = tx.actor_tokens().get(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        let (from, to) = (TicketStatus::Pending, TicketStatus::Revoked);
        if !tx.actor_tokens().set_status(ctx.instance(), &id, from, to, ctx.now).await? {
            return Err(Code::ActorTokenCannotBeRevoked.into());
        }
        tx.commit().await?;
        Ok(ActorToken { status: to, updated_at: ctx.now, ..token })
    }

    /// The pending actor token with this id.
    ///
    /// # Errors
    /// `ticket_expired_code`, `actor_token_already_used_code`, `actor_token_revoked_code`, `actor_token_subject_not_found`
    /// where the user is gone, and the token with them.
    pub(crate) async fn open_actor_token(&self, ctx: &Ctx, id: &str) -> Result<ActorToken> {
        let id: ActorTokenId = id.parse().map_err(|_| Code::TicketInvalid)?;
        let found = self.store.read().await?.actor_tokens().get(ctx.instance(), &id).await?;
        let token = found.ok_or(Code::ActorTokenSubjectNotFound)?;
        match token.status {
            TicketStatus::Pending if token.expire_at <= ctx.now => Err(Code::TicketExpired.into()),
            TicketStatus::Pending => Ok(token),
            TicketStatus::Accepted => Err(Code::ActorTokenAlreadyUsed.into()),
            TicketStatus::Revoked => Err(Code::ActorTokenRevoked.into()),
        }
    }
}
