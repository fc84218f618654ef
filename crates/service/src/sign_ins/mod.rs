//! Signing in: naming oneself, proving it by one factor, and the way to a new password.

mod attempt;
mod client_trust;
mod complete;
mod create;
mod distrust;
mod link;
mod passkey;
mod password;
mod prepare;
mod reset_password;
mod second_factor;
mod ticket;
mod undisclosed;

pub use attempt::FactorAnswer;
pub(crate) use complete::Progress;
pub use create::SignInInput;
pub use prepare::PrepareFactor;
pub(crate) use prepare::{address_for, channel_of};
pub use reset_password::ResetPassword;

use crate::clients::{Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::client::Client;
use verger_model::sign_in::{SignIn, SignInStatus};
use verger_model::{Code, Refusal, SignInId, Strategy};
use verger_store::WriteTx;

/// Reads a strategy that a request names.
pub(crate) fn parse_strategy(text: &str) -> Result<Strategy> {
    text.parse().map_err(|_| Refusal::param(Code::FormParamValueInvalid, "strategy").into())
}

impl Service {
    /// A sign-in attempt of the visitor.
    ///
    /// # Errors
    /// `resource_not_found` for an attempt that is not there, not theirs, or abandoned.
    pub async fn get_sign_in(&self, ctx: &Ctx, visitor: Visitor, id: &str) -> Result<Outcome<SignInState>> {
        let client = visitor.client.clone().ok_or(Code::ResourceNotFound)?;
        let id: SignInId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut reader = self.store.read().await?;
        let found = reader.sign_ins().get(ctx.instance(), &id).await?;
        let sign_in =
            found.filter(|it| it.client_id == client.id && !it.is_abandoned(ctx.now)).ok_or(Code::ResourceNotFound)?;
        let value = self.sign_in_state(ctx, &mut reader, sign_in).await?;
        drop(reader);
        let state = self.client_state(ctx, client, visitor.trust).await?;
        Ok(Outcome { state: Some(state), ..Outcome::plain(value) })
    }

    /// The attempt that a change is about, locked together with its client: the latest attempt of the visitor's client.
    ///
    /// # Errors
    /// `resource_not_found` for what is not theirs, `resource_forbidden` for an older attempt of the same client.
    pub(crate) async fn open_attempt(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        visitor: &Visitor,
        id: &str,
    ) -> Result<(Client, SignIn)> {
        let id: SignInId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let known = visitor.client.as_ref().ok_or(Code::ResourceNotFound)?;
        let client = tx.clients().get_for_update(ctx.instance(), &known.id).await?.ok_or(Code::ResourceNotFound)?;
        let found = tx.sign_ins().get_for_update(ctx.instance(), &id).await?;
        let sign_in =
            found.filter(|it| it.client_id == client.id && !it.is_abandoned(ctx.now)).ok_or(Code::ResourceNotFound)?;
        // A complete attempt has left the client; asking for it again says so.
        if sign_in.status != SignInStatus::Complete && client.sign_in_id.as_ref() != Some(&sign_in.id) {
            return Err(Code::ResourceForbidden.into());
        }
        Ok((client, sign_in))
    }

    /// The same attempt read without a lock: for the thinking before a write.
    async fn peek_attempt(&self, ctx: &Ctx, visitor: &Visitor, id: &str) -> Result<SignInState> {
        let id: SignInId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let client = visitor.client.as_ref().ok_or(Code::ResourceNotFound)?;
        let mut reader = self.store.read().await?;
        let found = reader.sign_ins().get(ctx.instance(), &id).await?;
        let sign_in =
            found.filter(|it| it.client_id == client.id && !it.is_abandoned(ctx.now)).ok_or(Code::ResourceNotFound)?;
        if sign_in.status != SignInStatus::Complete && client.sign_in_id.as_ref() != Some(&sign_in.id) {
            return Err(Code::ResourceForbidden.into());
        }
        self.sign_in_state(ctx, &mut reader, sign_in).await
    }

    /// The answer after a change that did not complete the attempt.
    pub(crate) async fn sign_in_outcome(
        &self,
        ctx: &Ctx,
        client: Client,
        visitor: &Visitor,
        sign_in: SignIn,
    ) -> Result<Outcome<SignInState>> {
        let mut reader = self.store.read().await?;
        let value = self.sign_in_state(ctx, &mut reader, sign_in).await?;
        drop(reader);
        let state = self.client_state(ctx, client, visitor.trust).await?;
        Ok(Outcome { state: Some(state), ..Outcome::plain(value) })
    }
}
