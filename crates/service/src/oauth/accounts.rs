//! Taking connected accounts away.

use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use crate::ways_in::{Going, has_another_way_in};
use verger_model::external_account::ExternalAccount;
use verger_model::user::Profile;
use verger_model::{Code, ExternalAccountId, UserId};

impl Service {
    /// Takes an account away from the signed-in user.
    ///
    /// # Errors
    /// `signed_out`, `session_reverification_required`, `resource_not_found`, `identification_deletion_failed` for the last way in.
    pub async fn disconnect_account(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
    ) -> Result<Outcome<ExternalAccountId>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_fresh_session(ctx, &session).await?;
        let account = self.my_account(ctx, &session.user_id, id).await?;
        let mut tx = self.store.write().await?;
        tx.users().get_for_update(ctx.instance(), &session.user_id).await?.ok_or(Code::SignedOut)?;
        let profile = tx.users().profile(ctx.instance(), &session.user_id).await?.ok_or(Code::SignedOut)?;
        if account.verified && !has_another_way_in(ctx, &profile, Going::Account(&account.id)) {
            return Err(Code::IdentificationDeletionFailed.into());
        }
        if !tx.external_accounts().delete(ctx.instance(), &account.id).await? {
            return Err(Code::ResourceNotFound.into());
        }
        tx.commit().await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value: account.id, state: Some(state), cookie: CookieChange::Keep })
    }

    /// Forgets what the provider of an account gave to act in the signed-in user's name.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found`.
    pub async fn forget_account_tokens(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
    ) -> Result<Outcome<Profile>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let mut tx = self.store.write().await?;
        tx.users().get_for_update(ctx.instance(), &session.user_id).await?.ok_or(Code::SignedOut)?;
        let id: ExternalAccountId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let found = tx.external_accounts().get(ctx.instance(), &id).await?;
        let mut account = found.filter(|it| it.user_id == session.user_id).ok_or(Code::ResourceNotFound)?;
        account.sealed_tokens = None;
        account.approved_scopes.clear();
        account.updated_at = ctx.now;
        tx.external_accounts().update(ctx.instance(), &account).await?;
        tx.commit().await?;
        self.me(ctx, visitor, acting).await
    }

    /// Takes an account away from a user, on behalf of the application's backend.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn delete_external_account(&self, ctx: &Ctx, user: &str, id: &str) -> Result<ExternalAccountId> {
        let user: UserId = user.parse().map_err(|_| Code::ResourceNotFound)?;
        let account = self.my_account(ctx, &user, id).await?;
        let mut tx = self.store.write().await?;
        if !tx.external_accounts().delete(ctx.instance(), &account.id).await? {
            return Err(Code::ResourceNotFound.into());
        }
        tx.commit().await?;
        Ok(account.id)
    }

    /// An account of this user.
    pub(super) async fn my_account(&self, ctx: &Ctx, user: &UserId, id: &str) -> Result<ExternalAccount> {
        let id: ExternalAccountId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let found = self.store.read().await?.external_accounts().get(ctx.instance(), &id).await?;
        found.filter(|it| it.user_id == *user).ok_or_else(|| Code::ResourceNotFound.into())
    }
}
