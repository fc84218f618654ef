//! What a proved factor leads to: another step, or the end of the sign-in, where a session begins.

use crate::clients::{CookieChange, Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::second_factors::asked_of;
use crate::service::Service;
use crate::sessions::Proved;
use crate::visitors::Visitor;
use verger_model::client::Client;
use verger_model::sign_in::{SecondFactor, SignIn, SignInStatus};
use verger_model::user::User;
use verger_model::{ClientId, Code, Secret, Strategy};
use verger_store::WriteTx;

/// What a proved factor led to.
pub(crate) enum Progress {
    /// The attempt is complete; the client has a new token.
    SignedIn(ClientId, SignIn, Secret<String>),
    /// Another step is asked.
    Waiting(Client, SignIn),
}

impl Service {
    /// Writes an attempt after a proved factor. A complete one leaves the client and begins a session. `proof` is that of
    /// the first factor.
    pub(crate) async fn advance(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        mut client: Client,
        mut sign_in: SignIn,
        user: &mut User,
        proof: impl Into<Proved>,
    ) -> Result<Progress> {
        if sign_in.status != SignInStatus::Complete {
            tx.sign_ins().update(ctx.instance(), &sign_in).await?;
            tx.users().update(ctx.instance(), user).await?;
            return Ok(Progress::Waiting(client, sign_in));
        }
        // The challenge of a second factor is only asked where it is needed, and a complete attempt has answered it. A code that made
        // a device known is none.
        let mut proved: Proved = proof.into();
        let has_factor = asked_of(ctx, user) == SecondFactor::Asked;
        // A passkey that is taken for both factors has proved both.
        let by_passkey = proved.strategy == Strategy::Passkey;
        proved.second_factor = has_factor && (by_passkey || sign_in.second_factor_verification_id.is_some());
        let (session, token) = self.begin_session(ctx, tx, &mut client, user, proved).await?;
        sign_in.created_session_id = Some(session.id);
        tx.sign_ins().update(ctx.instance(), &sign_in).await?;
        client.sign_in_id = None;
        client.sign_up_id = None;
        tx.clients().update(ctx.instance(), &client).await?;
        tx.users().update(ctx.instance(), user).await?;
        Ok(Progress::SignedIn(client.id, sign_in, token))
    }

    /// The answer to the request that proved a factor.
    pub(crate) async fn progressed(
        &self,
        ctx: &Ctx,
        visitor: &Visitor,
        progress: Progress,
    ) -> Result<Outcome<SignInState>> {
        let (client, sign_in, token) = match progress {
            Progress::SignedIn(client, sign_in, token) => (client, sign_in, token),
            Progress::Waiting(client, sign_in) => {
                let client = self.client_now(ctx, &client.id).await?.client;
                return self.sign_in_outcome(ctx, client, visitor, sign_in).await;
            }
        };
        let cookie = CookieChange::Set(self.client_cookie(ctx, &client, &token)?);
        let mut reader = self.store.read().await?;
        let sign_in = reader.sign_ins().get(ctx.instance(), &sign_in.id).await?.ok_or(Code::ResourceNotFound)?;
        let value = self.sign_in_state(ctx, &mut reader, sign_in).await?;
        drop(reader);
        let state = self.client_now(ctx, &client).await?;
        Ok(Outcome { value, state: Some(state), cookie })
    }
}
