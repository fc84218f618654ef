//! The end of a sign-in: a session begins.

use crate::clients::{CookieChange, Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_model::client::Client;
use verger_model::sign_in::SignIn;
use verger_model::user::User;
use verger_model::{ClientId, Code, Secret, SignInId, Strategy};
use verger_store::WriteTx;

impl Service {
    /// Writes a complete attempt with its session. The attempt leaves the client. Gives back the client's new token.
    pub(super) async fn complete_sign_in(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        client: &mut Client,
        mut sign_in: SignIn,
        user: &mut User,
        strategy: Strategy,
    ) -> Result<Secret<String>> {
        let (session, token) = self.begin_session(ctx, tx, client, user, strategy).await?;
        sign_in.created_session_id = Some(session.id);
        tx.sign_ins().update(ctx.instance(), &sign_in).await?;
        client.sign_in_id = None;
        client.sign_up_id = None;
        tx.clients().update(ctx.instance(), client).await?;
        tx.users().update(ctx.instance(), user).await?;
        Ok(token)
    }

    /// The answer to the request that completed an attempt.
    pub(super) async fn signed_in(
        &self,
        ctx: &Ctx,
        client: &ClientId,
        id: &str,
        token: &Secret<String>,
    ) -> Result<Outcome<SignInState>> {
        let id: SignInId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let cookie = CookieChange::Set(self.client_cookie(ctx, client, token)?);
        let mut reader = self.store.read().await?;
        let sign_in = reader.sign_ins().get(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        let value = self.sign_in_state(ctx, &mut reader, sign_in).await?;
        drop(reader);
        let state = self.client_now(ctx, client).await?;
        Ok(Outcome { value, state: Some(state), cookie })
    }
}
