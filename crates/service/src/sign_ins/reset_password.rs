//! Setting a new password after a reset code was right. It signs in.

use crate::clients::{Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::second_factors::asked_of;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::client::Client;
use verger_model::sign_in::{SignIn, SignInStatus};
use verger_model::{Code, Refusal, Secret};

/// A new password after a reset code.
#[derive(Clone, Debug)]
pub struct ResetPassword {
    /// The new password.
    pub password: Secret<String>,
    /// Whether every other session of the user ends.
    pub sign_out_of_other_sessions: bool,
}

impl Service {
    /// A reset code was right: with a new password in the same request the attempt goes on to its end.
    pub(super) async fn after_reset_code(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        mut client: Client,
        sign_in: SignIn,
        new_password: Option<Secret<String>>,
    ) -> Result<Outcome<SignInState>> {
        match new_password {
            Some(password) => {
                let reset = ResetPassword { password, sign_out_of_other_sessions: true };
                self.reset_password(ctx, visitor, sign_in.id.as_str(), reset).await
            }
            None => {
                client = self.client_now(ctx, &client.id).await?.client;
                self.sign_in_outcome(ctx, client, &visitor, sign_in).await
            }
        }
    }

    /// Sets the new password and signs in.
    ///
    /// # Errors
    /// `client_state_invalid` without a right reset code before, the password rules, `form_new_password_matches_current`.
    pub async fn reset_password(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        reset: ResetPassword,
    ) -> Result<Outcome<SignInState>> {
        let peek = self.peek_attempt(ctx, &visitor, id).await?;
        if peek.sign_in.status != SignInStatus::NeedsNewPassword {
            return Err(Code::ClientStateInvalid.into());
        }
        let profile = peek.profile.ok_or(Code::SignInIdentificationOrUserDeleted)?;
        let identifiers: Vec<&str> = profile.identifications.iter().map(|it| it.value.as_str()).collect();
        self.expect_allowed(ctx, &reset.password, &identifiers, "password").await?;
        let current = self.store.read().await?.passwords().get(ctx.instance(), &profile.user.id).await?;
        if current.is_some() && self.hashes.verify(reset.password.clone(), current).await? {
            return Err(Refusal::param(Code::FormNewPasswordMatchesCurrent, "password").into());
        }
        let digest = self.hashes.hash(reset.password, self.entropy.clone()).await?;

        let mut tx = self.store.write().await?;
        let (client, sign_in) = self.open_attempt(ctx, &mut tx, &visitor, id).await?;
        let others_end = reset.sign_out_of_other_sessions;
        self.settle_sessions_after_password(ctx, &mut tx, &profile.user.id, None, others_end).await?;
        let client = tx.clients().get_for_update(ctx.instance(), &client.id).await?.ok_or(Code::ResourceNotFound)?;
        let mut user = tx
            .users()
            .get_for_update(ctx.instance(), &profile.user.id)
            .await?
            .ok_or(Code::SignInIdentificationOrUserDeleted)?;
        self.expect_may_sign_in(ctx, &user)?;
        let sign_in = sign_in.password_reset(asked_of(ctx, &user), ctx.now)?;
        self.put_password(ctx, &mut tx, &mut user, &digest).await?;
        if let Some(address) = profile.primary_email_address() {
            self.enqueue_password_changed_mail(ctx, &mut tx, &address.value).await?;
        }
        let strategy = self.first_factor_of(ctx, &mut tx, &sign_in).await?;
        let progress = self.advance(ctx, &mut tx, client, sign_in, &mut user, strategy).await?;
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        self.progressed(ctx, &visitor, progress).await
    }
}
