//! Giving up one's own password.

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
        if sign_out_of_other_sessions {
            self.revoke_sessions(ctx, &mut tx, &known.user.id, Some(&session.id)).await?;
        }
        let found = tx.users().get_for_update(ctx.instance(), &known.user.id).await?;
        let user = found.ok_or(Code::SignedOut)?;
        let identifications = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        let external_accounts = tx.external_accounts().of_user(ctx.instance(), &user.id).await?;
        let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
        // What the user has may have changed while the password was compared.
        let known = Profile { user, identifications, external_accounts, passkeys };
        expect_dispensable(ctx, &known)?;
        tx.passwords().delete(ctx.instance(), &known.user.id).await?;
        let user =
            User { password_last_updated_at: None, failed_attempts: 0, updated_at: ctx.now, ..known.user.clone() };
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
