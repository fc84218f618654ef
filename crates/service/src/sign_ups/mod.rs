//! Signing up: giving what is asked, proving the address, and the account that comes of it.

mod complete;
mod create;
pub(crate) mod input;
mod link;
mod verify;

pub use input::SignUpInput;

use crate::clients::{Outcome, SignUpState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::client::Client;
use verger_model::sign_up::{SignUp, SignUpStatus};
use verger_model::{Code, SignUpId};
use verger_store::WriteTx;

impl Service {
    /// A sign-up attempt of the visitor.
    ///
    /// # Errors
    /// `resource_not_found` for an attempt that is not there, not theirs, or abandoned.
    pub async fn get_sign_up(&self, ctx: &Ctx, visitor: Visitor, id: &str) -> Result<Outcome<SignUpState>> {
        let client = visitor.client.clone().ok_or(Code::ResourceNotFound)?;
        let id: SignUpId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let found = self.store.read().await?.sign_ups().get(ctx.instance(), &id).await?;
        let sign_up =
            found.filter(|it| it.client_id == client.id && !it.is_abandoned(ctx.now)).ok_or(Code::ResourceNotFound)?;
        self.sign_up_outcome(ctx, client, &visitor, sign_up).await
    }

    /// The attempt that a change is about, locked together with its client: the latest attempt of the visitor's client.
    ///
    /// # Errors
    /// `resource_not_found` for what is not theirs, `resource_forbidden` for an older attempt of the same client.
    pub(crate) async fn open_sign_up_attempt(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        visitor: &Visitor,
        id: &str,
    ) -> Result<(Client, SignUp)> {
        let id: SignUpId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let known = visitor.client.as_ref().ok_or(Code::ResourceNotFound)?;
        let client = tx.clients().get_for_update(ctx.instance(), &known.id).await?.ok_or(Code::ResourceNotFound)?;
        let found = tx.sign_ups().get_for_update(ctx.instance(), &id).await?;
        let sign_up =
            found.filter(|it| it.client_id == client.id && !it.is_abandoned(ctx.now)).ok_or(Code::ResourceNotFound)?;
        if sign_up.status != SignUpStatus::Complete && client.sign_up_id.as_ref() != Some(&sign_up.id) {
            return Err(Code::ResourceForbidden.into());
        }
        Ok((client, sign_up))
    }

    pub(crate) async fn sign_up_outcome(
        &self,
        ctx: &Ctx,
        client: Client,
        visitor: &Visitor,
        sign_up: SignUp,
    ) -> Result<Outcome<SignUpState>> {
        let mut reader = self.store.read().await?;
        let value = self.sign_up_state(ctx, &mut reader, sign_up).await?;
        drop(reader);
        let state = self.client_state(ctx, client, visitor.trust).await?;
        Ok(Outcome { state: Some(state), ..Outcome::plain(value) })
    }
}
