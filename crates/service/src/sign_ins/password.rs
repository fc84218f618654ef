//! Signing in by password, and counting wrong answers towards the lock.

use crate::clients::{Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use crate::visitors::Visitor;
use verger_crypto::password::Hasher;
use verger_model::client::Client;
use verger_model::sign_in::SignIn;
use verger_model::user::{Profile, User};
use verger_model::verification::{Verification, VerificationStatus};
use verger_model::{Code, Refusal, Secret, Strategy, VerificationId};
use verger_store::{StoredPassword, WriteTx};

/// How many wrong answers before the lock a visitor is warned.
const WARNINGS: i64 = 2;
/// The hasher that reads the beginning of a password only.
const BCRYPT: &str = Hasher::Bcrypt.as_str();
/// How many bytes it reads.
const BCRYPT_READS: usize = 72;

/// What came of comparing a password.
pub(super) struct Checked {
    /// Whether it is the user's.
    pub(super) fits: bool,
    /// A digest of our own in the place of an outdated one.
    pub(super) renewed: Option<StoredPassword>,
    /// Whether a part of it was not compared.
    pub(super) is_cut: bool,
    /// Whether a list of leaked passwords names it.
    pub(super) is_leaked: bool,
}

impl Service {
    pub(super) async fn attempt_password(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        password: Secret<String>,
    ) -> Result<Outcome<SignInState>> {
        let peek = self.peek_attempt(ctx, &visitor, id).await?;
        peek.sign_in.expect_first_factor()?;
        if peek.sign_in.undisclosed().is_some() {
            return self.attempt_password_undisclosed(ctx, visitor, &peek.sign_in, password).await;
        }
        let known = match self.expect_takes_password(ctx, peek.profile.as_ref()) {
            Ok(known) => known,
            Err(refused) => {
                if ctx.tenant.instance.settings.attributes.password.enabled {
                    self.hashes.verify_nobody(password).await?;
                }
                return Err(refused);
            }
        };
        let stored = self.store.read().await?.passwords().get(ctx.instance(), &known.user.id).await?;
        let checked = self.check_password(ctx, password, stored).await?;
        self.settle_password(ctx, visitor, id, known, checked).await
    }

    /// Compares a password with what is stored; the same work is done where nothing is.
    pub(super) async fn check_password(
        &self,
        ctx: &Ctx,
        password: Secret<String>,
        stored: Option<StoredPassword>,
    ) -> Result<Checked> {
        let fits = self.hashes.verify(password.clone(), stored.clone()).await?;
        let is_cut = stored.as_ref().is_some_and(|it| it.hasher == BCRYPT && password.expose().len() > BCRYPT_READS);
        let renewed = match &stored {
            Some(stored) if self.hashes.is_outdated(stored) && !is_cut => self.renew(password.clone(), fits).await?,
            _ => None,
        };
        let is_leaked = fits
            && ctx.tenant.instance.settings.password.enforce_hibp_on_sign_in
            && self.is_leaked(ctx, &password).await;
        Ok(Checked { fits, renewed, is_cut, is_leaked })
    }

    /// The user, if a password is looked at: one who exists, may sign in and has a password.
    fn expect_takes_password<'a>(&self, ctx: &Ctx, known: Option<&'a Profile>) -> Result<&'a Profile> {
        let known = known.ok_or(Code::SignInIdentificationOrUserDeleted)?;
        self.expect_may_sign_in(ctx, &known.user)?;
        if !ctx.tenant.instance.settings.attributes.password.enabled || !known.user.password_enabled() {
            return Err(Code::StrategyForUserInvalid.into());
        }
        Ok(known)
    }

    /// A digest of our own in the place of an outdated one. A wrong password costs the same work: a cheap digest that was
    /// brought along does not show by the clock.
    async fn renew(&self, password: Secret<String>, fits: bool) -> Result<Option<StoredPassword>> {
        if fits {
            return self.hashes.hash(password, self.entropy.clone()).await.map(Some);
        }
        self.hashes.verify_nobody(password).await?;
        Ok(None)
    }

    /// Writes the outcome of a password check. The lock is looked at again here: of many parallel guesses none counts that
    /// comes after the last allowed failure.
    async fn settle_password(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        known: &Profile,
        checked: Checked,
    ) -> Result<Outcome<SignInState>> {
        let mut tx = self.store.write().await?;
        let (client, sign_in) = self.open_attempt(ctx, &mut tx, &visitor, id).await?;
        sign_in.expect_first_factor()?;
        let user_id = sign_in.user_id.clone().ok_or(Code::ClientStateInvalid)?;
        let mut user = tx
            .users()
            .get_for_update(ctx.instance(), &user_id)
            .await?
            .ok_or(Code::SignInIdentificationOrUserDeleted)?;
        self.expect_may_sign_in(ctx, &user)?;
        if !checked.fits {
            let wrong = Refusal::param(Code::FormPasswordIncorrect, "password");
            let refusal = self.count_failure(ctx, &mut tx, &mut user, wrong).await?;
            tx.commit().await?;
            return Err(refusal.into());
        }
        self.password_proved(ctx, tx, &visitor, (client, sign_in), (user, known), checked).await
    }

    /// The password was right: the attempt goes on.
    pub(super) async fn password_proved(
        &self,
        ctx: &Ctx,
        mut tx: WriteTx,
        visitor: &Visitor,
        (client, mut sign_in): (Client, SignIn),
        (mut user, known): (User, &Profile),
        checked: Checked,
    ) -> Result<Outcome<SignInState>> {
        if let Some(renewed) = &checked.renewed {
            tx.passwords().put(ctx.instance(), &user.id, renewed, ctx.now).await?;
        }
        user.forget_failures();
        if let Some(refusal) = self.distrust(ctx, &mut tx, &mut user, known, &checked).await? {
            tx.users().update(ctx.instance(), &user).await?;
            tx.commit().await?;
            return Err(refusal.into());
        }
        let verification = self.proved(ctx, Strategy::Password);
        tx.verifications().insert(ctx.instance(), &verification).await?;
        sign_in.first_factor_verification_id = Some(verification.id);
        let asked = self.asked_after_password(ctx, &mut tx, &client, &user).await?;
        let sign_in = sign_in.first_factor_verified(Strategy::Password, asked, ctx.now)?;
        let progress = self.advance(ctx, &mut tx, client, sign_in, &mut user, Strategy::Password).await?;
        tx.commit().await?;
        self.progressed(ctx, visitor, progress).await
    }

    /// A verification that is proved in the moment it is asked.
    pub(crate) fn proved(&self, ctx: &Ctx, strategy: Strategy) -> Verification {
        Verification {
            id: VerificationId::generate(ctx.now, self.entropy()),
            strategy,
            status: VerificationStatus::Verified,
            attempts: 1,
            target: None,
            identification_id: None,
            channel: None,
            verified_at_client: None,
            code_digest: None,
            external_redirect_url: None,
            error: None,
            nonce: None,
            expire_at: None,
            created_at: ctx.now,
        }
    }

    /// Refuses a banned or locked user.
    pub(crate) fn expect_may_sign_in(&self, ctx: &Ctx, user: &User) -> Result<()> {
        if user.banned {
            return Err(Code::UserBanned.into());
        }
        match user.lockout_expires_in_seconds(ctx.now) {
            Some(secs) => Err(locked(secs)),
            None => Ok(()),
        }
    }

    /// Counts a wrong answer and gives back the refusal for it: the plain one, a warning shortly before the lock, or the lock.
    pub(crate) async fn count_failure(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &mut User,
        plain: Refusal,
    ) -> Result<Refusal> {
        let lockout = &ctx.tenant.instance.settings.attack_protection.lockout;
        self.note_failure(ctx, user.id.as_str());
        user.count_failure(lockout, ctx.now);
        tx.users().update(ctx.instance(), user).await?;
        if let Some(secs) = user.lockout_expires_in_seconds(ctx.now) {
            return Ok(locked_refusal(secs));
        }
        let left = user.verification_attempts_remaining(lockout, ctx.now);
        if !lockout.enabled || left > WARNINGS {
            return Ok(plain);
        }
        let param = plain.items().next().and_then(|item| item.meta.iter().find(|(key, _)| *key == "param_name"));
        let warning = Refusal::new(Code::AccountLockoutWarning);
        Ok(match param {
            Some((key, name)) => warning.with(key, name.clone()),
            None => warning,
        })
    }
}

fn locked_refusal(secs: i64) -> Refusal {
    Refusal::new(Code::UserLocked).with("lockout_expires_in_seconds", secs)
}

fn locked(secs: i64) -> Error {
    locked_refusal(secs).into()
}
