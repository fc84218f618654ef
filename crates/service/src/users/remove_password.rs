//! Giving up one's own password, and taking one away on behalf of the application's backend.

use super::user_id;
use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use crate::ways_in::{Going, has_another_way_in};
use verger_model::user::{Profile, User};
use verger_model::{Code, Secret};

impl Service {
    /// Takes the password of the signed-in user away. Other sessions end when that is asked for.
    ///
    /// # Errors
    /// `signed_out`, `session_reverification_required`, `no_password_set`, `password_required` where users must have one or
    /// would have no other way in, `form_param_missing`, `form_password_incorrect`, `user_locked`.
    pub async fn remove_password(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        current: Option<Secret<String>>,
        sign_out_of_other_sessions: bool,
    ) -> Result<Outcome<Profile>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let known = self.get_user(ctx, session.user_id.as_str()).await?;
        self.expect_fresh(ctx, &session, &known.user)?;
        expect_dispensable(ctx, &known)?;
        self.expect_own_password(ctx, &known, current).await?;

        let mut tx = self.store.write().await?;
        let keep = Some(&session.id);
        self.settle_sessions_after_password(ctx, &mut tx, &known.user.id, keep, sign_out_of_other_sessions).await?;
        let found = tx.users().get_for_update(ctx.instance(), &known.user.id).await?;
        let user = found.ok_or(Code::SignedOut)?;
        let identifications = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        let external_accounts = tx.external_accounts().of_user(ctx.instance(), &user.id).await?;
        let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
        // What the user has may have changed while the password was compared.
        let known = Profile { user, identifications, external_accounts, passkeys };
        expect_dispensable(ctx, &known)?;
        let mut user = User { failed_attempts: 0, ..known.user.clone() };
        self.drop_password(ctx, &mut tx, &mut user).await?;
        tx.users().update(ctx.instance(), &user).await?;
        if let Some(address) = known.primary_email_address() {
            self.enqueue_password_removed_mail(ctx, &mut tx, &address.value).await?;
        }
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        let value = self.get_user(ctx, session.user_id.as_str()).await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }
}

impl Service {
    /// Takes a user's password away, on behalf of the application's backend, whatever other ways in there are. Without one
    /// nothing happens to the user; sessions end all the same when that is asked for.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn remove_user_password(&self, ctx: &Ctx, id: &str, sign_out_of_other_sessions: bool) -> Result<Profile> {
        let id = user_id(id)?;
        let mut tx = self.store.write().await?;
        self.settle_sessions_after_password(ctx, &mut tx, &id, None, sign_out_of_other_sessions).await?;
        let mut user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        if user.password_enabled() {
            self.drop_password(ctx, &mut tx, &mut user).await?;
            tx.users().update(ctx.instance(), &user).await?;
        }
        tx.commit().await?;
        self.get_user(ctx, id.as_str()).await
    }
}

/// Refuses to take away a password that must stay: by rule, or because nothing else signs this user in.
fn expect_dispensable(ctx: &Ctx, known: &Profile) -> Result<()> {
    if !known.user.password_enabled() {
        return Err(Code::NoPasswordSet.into());
    }
    let rule = ctx.tenant.instance.settings.attributes.password;
    if (rule.enabled && rule.required) || !has_another_way_in(ctx, known, Going::Password) {
        return Err(Code::PasswordRequired.into());
    }
    Ok(())
}
