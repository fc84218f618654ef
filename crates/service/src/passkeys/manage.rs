//! Looking after passkeys that are there: reading, renaming, taking away.

use super::PasskeyState;
use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use crate::ways_in::{Going, has_another_way_in};
use verger_model::passkey::{PASSKEY_NAME_MAX, Passkey};
use verger_model::session::Session;
use verger_model::{ClientId, Code, PasskeyId, Refusal, UserId};
use verger_store::WriteTx;

impl Service {
    /// A passkey of the signed-in user.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found`.
    pub async fn get_passkey(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
    ) -> Result<Outcome<PasskeyState>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let id: PasskeyId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let found = self.store.read().await?.passkeys().get(ctx.instance(), &id).await?;
        found.filter(|it| it.user_id == session.user_id).ok_or(Code::ResourceNotFound)?;
        self.passkey_outcome(ctx, &session.client_id, &id).await
    }

    /// Gives a passkey of the signed-in user another name; `None` leaves it as it is.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found`, `form_param_nil`, `form_param_max_length_exceeded`.
    pub async fn rename_passkey(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
        name: Option<&str>,
    ) -> Result<Outcome<PasskeyState>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let mut tx = self.store.write().await?;
        let passkey = self.open_passkey(ctx, &mut tx, &session, id).await?;
        if let Some(name) = name {
            let name = check_name(name)?;
            tx.passkeys().rename(ctx.instance(), &passkey.id, name, ctx.now).await?;
        }
        tx.commit().await?;
        self.passkey_outcome(ctx, &session.client_id, &passkey.id).await
    }

    /// Takes a passkey from the signed-in user. One that was never made goes without further proof.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found`, `session_reverification_required`, `identification_deletion_failed` for the last way in.
    pub async fn delete_passkey(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
    ) -> Result<Outcome<PasskeyId>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let mut tx = self.store.write().await?;
        let passkey = self.open_passkey(ctx, &mut tx, &session, id).await?;
        if passkey.credential.is_some() {
            let profile = tx.users().profile(ctx.instance(), &session.user_id).await?.ok_or(Code::SignedOut)?;
            self.expect_fresh(ctx, &session, &profile.user)?;
            if !has_another_way_in(ctx, &profile, Going::Passkey(&passkey.id)) {
                return Err(Code::IdentificationDeletionFailed.into());
            }
        }
        self.drop_passkey(ctx, &mut tx, &passkey).await?;
        tx.commit().await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value: passkey.id, state: Some(state), cookie: CookieChange::Keep })
    }

    /// Takes a passkey from a user, on behalf of the application's backend.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown user or passkey.
    pub async fn remove_passkey(&self, ctx: &Ctx, user: &str, id: &str) -> Result<PasskeyId> {
        let user: UserId = user.parse().map_err(|_| Code::ResourceNotFound)?;
        let id: PasskeyId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        tx.users().get_for_update(ctx.instance(), &user).await?.ok_or(Code::ResourceNotFound)?;
        let found = tx.passkeys().get(ctx.instance(), &id).await?;
        let is_theirs = |it: &Passkey| it.user_id == user && it.credential.is_some();
        let passkey = found.filter(is_theirs).ok_or(Code::ResourceNotFound)?;
        self.drop_passkey(ctx, &mut tx, &passkey).await?;
        tx.commit().await?;
        Ok(passkey.id)
    }

    /// The answer about a passkey.
    pub(super) async fn passkey_outcome(
        &self,
        ctx: &Ctx,
        client: &ClientId,
        id: &PasskeyId,
    ) -> Result<Outcome<PasskeyState>> {
        let mut reader = self.store.read().await?;
        let passkey = reader.passkeys().get(ctx.instance(), id).await?.ok_or(Code::ResourceNotFound)?;
        let challenge = reader.verifications().get(ctx.instance(), &passkey.verification_id).await?;
        drop(reader);
        let state = self.client_now(ctx, client).await?;
        let value = PasskeyState { passkey, challenge };
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    /// A passkey of the session's user, with the user locked.
    async fn open_passkey(&self, ctx: &Ctx, tx: &mut WriteTx, session: &Session, id: &str) -> Result<Passkey> {
        let id: PasskeyId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        tx.users().get_for_update(ctx.instance(), &session.user_id).await?.ok_or(Code::SignedOut)?;
        let found = tx.passkeys().get(ctx.instance(), &id).await?;
        found.filter(|it| it.user_id == session.user_id).ok_or_else(|| Code::ResourceNotFound.into())
    }

    async fn drop_passkey(&self, ctx: &Ctx, tx: &mut WriteTx, passkey: &Passkey) -> Result<()> {
        tx.passkeys().delete(ctx.instance(), &passkey.id).await?;
        Ok(tx.passkeys().settle(ctx.instance(), &passkey.user_id, ctx.now).await?)
    }
}

fn check_name(text: &str) -> Result<&str> {
    let name = text.trim();
    if name.is_empty() {
        return Err(Refusal::param(Code::FormParamNil, "name").into());
    }
    if name.chars().count() > PASSKEY_NAME_MAX {
        return Err(Refusal::param(Code::FormParamMaxLengthExceeded, "name").into());
    }
    Ok(name)
}
