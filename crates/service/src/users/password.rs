//! Changing one's own password, and the backend's question whether a password is right.

use super::user_id;
use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::session::{Session, SessionTask};
use verger_model::user::Profile;
use verger_model::{Code, Refusal, Secret};

/// A change of one's own password.
#[derive(Clone, Debug)]
pub struct ChangePassword {
    /// The password so far; needed where there is one and the instance does not ask for reverification.
    pub current_password: Option<Secret<String>>,
    /// The new one.
    pub new_password: Secret<String>,
    /// Whether every other session of the user ends.
    pub sign_out_of_other_sessions: bool,
}

impl Service {
    /// Changes the password of the signed-in user.
    ///
    /// # Errors
    /// `signed_out`, `session_reverification_required`, `form_param_missing`, `form_password_incorrect`, `user_locked`, the password rules,
    /// `form_new_password_matches_current`.
    pub async fn change_password(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        change: ChangePassword,
    ) -> Result<Outcome<Profile>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let known = self.get_user(ctx, session.user_id.as_str()).await?;
        self.expect_fresh(ctx, &session, &known.user)?;
        let identifiers: Vec<&str> = known.identifications.iter().map(|it| it.value.as_str()).collect();
        self.expect_allowed(ctx, &change.new_password, &identifiers, "new_password").await?;
        self.expect_current_password(ctx, &session, &known, &change).await?;
        let digest = self.hashes.hash(change.new_password, self.entropy.clone()).await?;

        let mut tx = self.store.write().await?;
        let others_end = change.sign_out_of_other_sessions;
        self.settle_sessions_after_password(ctx, &mut tx, &known.user.id, Some(&session.id), others_end).await?;
        let found = tx.users().get_for_update(ctx.instance(), &known.user.id).await?;
        let mut user = found.ok_or(Code::SignedOut)?;
        self.put_password(ctx, &mut tx, &mut user, &digest).await?;
        user.forget_failures();
        tx.users().update(ctx.instance(), &user).await?;
        if let Some(address) = known.primary_email_address() {
            self.enqueue_password_changed_mail(ctx, &mut tx, &address.value).await?;
        }
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        let state = self.client_now(ctx, &session.client_id).await?;
        let value = Profile { user, ..known };
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    async fn expect_current_password(
        &self,
        ctx: &Ctx,
        session: &Session,
        known: &Profile,
        change: &ChangePassword,
    ) -> Result<()> {
        let stored = self.store.read().await?.passwords().get(ctx.instance(), &known.user.id).await?;
        let Some(stored) = stored else { return Ok(()) };
        // Whoever has to replace a password that others may know need not name it, which would prove nothing.
        if change.current_password.is_some() || !session.tasks.contains(&SessionTask::ResetPassword) {
            self.expect_own_password(ctx, known, change.current_password.clone()).await?;
        }
        if self.hashes.verify(change.new_password.clone(), Some(stored)).await? {
            return Err(Refusal::param(Code::FormNewPasswordMatchesCurrent, "new_password").into());
        }
        Ok(())
    }

    /// Refuses unless this is the password that the user has.
    pub(super) async fn expect_own_password(
        &self,
        ctx: &Ctx,
        known: &Profile,
        given: Option<Secret<String>>,
    ) -> Result<()> {
        self.expect_may_sign_in(ctx, &known.user)?;
        let given = given.filter(|text| !text.expose().is_empty());
        // Where factors are proved again before a change, the form does not ask for the password too.
        let proved = ctx.tenant.instance.settings.sessions.reverification;
        let fits = match given {
            Some(given) => {
                let stored = self.store.read().await?.passwords().get(ctx.instance(), &known.user.id).await?;
                self.hashes.verify(given, Some(stored.ok_or(Code::NoPasswordSet)?)).await?
            }
            None if proved => true,
            None => return Err(Refusal::param(Code::FormParamMissing, "current_password").into()),
        };
        if !fits {
            return Err(self.wrong_password(ctx, known, "current_password").await?.into());
        }
        Ok(())
    }

    async fn wrong_password(&self, ctx: &Ctx, known: &Profile, param: &str) -> Result<Refusal> {
        let mut tx = self.store.write().await?;
        let found = tx.users().get_for_update(ctx.instance(), &known.user.id).await?;
        let mut user = found.ok_or(Code::ResourceNotFound)?;
        let plain = Refusal::param(Code::FormPasswordIncorrect, param);
        let refusal = self.count_failure(ctx, &mut tx, &mut user, plain).await?;
        tx.commit().await?;
        Ok(refusal)
    }

    /// Whether this is the user's password, for the application's backend. Wrong answers count towards the lock.
    ///
    /// # Errors
    /// `resource_not_found`, `no_password_set`, `user_locked`, `incorrect_password`.
    pub async fn verify_password(&self, ctx: &Ctx, id: &str, password: &Secret<String>) -> Result<()> {
        let id = user_id(id)?;
        let known = self.get_user(ctx, id.as_str()).await?;
        let stored = self.store.read().await?.passwords().get(ctx.instance(), &id).await?;
        let Some(stored) = stored else {
            self.hashes.verify_nobody(password.clone()).await?;
            return Err(Code::NoPasswordSet.into());
        };
        if let Some(secs) = known.user.lockout_expires_in_seconds(ctx.now) {
            self.hashes.verify_nobody(password.clone()).await?;
            return Err(Refusal::new(Code::UserLocked).with("lockout_expires_in_seconds", secs).into());
        }
        let fits = self.hashes.verify(password.clone(), Some(stored)).await?;
        let mut tx = self.store.write().await?;
        let mut user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        if fits {
            user.forget_failures();
            tx.users().update(ctx.instance(), &user).await?;
            tx.commit().await?;
            return Ok(());
        }
        let plain = Refusal::param(Code::IncorrectPassword, "password");
        let refusal = self.count_failure(ctx, &mut tx, &mut user, plain).await?;
        tx.commit().await?;
        // The backend is told the plain truth; the warning is for people at a form.
        match refusal.code() {
            Code::UserLocked => Err(refusal.into()),
            _ => Err(Refusal::param(Code::IncorrectPassword, "password").into()),
        }
    }
}
