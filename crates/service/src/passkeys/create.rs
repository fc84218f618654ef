//! Making a passkey: a challenge first, then the browser's answer, from which on the passkey counts.

use super::PasskeyState;
use super::challenge::with_ceremony;
use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_crypto::webauthn::{Attestation, NewCredential, Rejected};
use verger_model::passkey::{Credential, PASSKEYS_MAX, Passkey};
use verger_model::{Code, PasskeyId, Refusal};
use verger_store::StoreError;

/// How a new passkey is called until its owner says otherwise.
const FIRST_NAME: &str = "Passkey";

impl Service {
    /// Starts a passkey of the signed-in user: the options for the browser are the nonce of its verification. Until they are
    /// answered it counts for nothing, and another call replaces it.
    ///
    /// # Errors
    /// `signed_out`, `form_param_value_disabled`, `session_reverification_required`, `passkey_quota_exceeded`.
    pub async fn create_passkey(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
    ) -> Result<Outcome<PasskeyState>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_passkeys(ctx)?;
        self.expect_fresh_session(ctx, &session).await?;
        let mut tx = self.store.write().await?;
        tx.users().get_for_update(ctx.instance(), &session.user_id).await?.ok_or(Code::SignedOut)?;
        let profile = tx.users().profile(ctx.instance(), &session.user_id).await?.ok_or(Code::SignedOut)?;
        expect_room(&profile.passkeys)?;
        let options = self.creation_options(ctx, &profile)?;
        let challenge = self.insert_challenge(ctx, &mut tx, &options).await?;
        let passkey = Passkey {
            id: PasskeyId::generate(ctx.now, self.entropy()),
            user_id: session.user_id.clone(),
            name: FIRST_NAME.to_owned(),
            verification_id: challenge.id.clone(),
            credential: None,
            last_used_at: None,
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        tx.passkeys().start(ctx.instance(), &passkey).await?;
        tx.commit().await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        let value = PasskeyState { passkey, challenge: Some(challenge) };
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    /// Takes the browser's answer: from now on the passkey signs in.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found`, `passkey_invalid_public_key_credential` for what is no answer,
    /// `passkey_invalid_verification` for the answer to something else or a challenge that takes none any more,
    /// `passkey_quota_exceeded`.
    pub async fn attempt_passkey_verification(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
        answer: &str,
    ) -> Result<Outcome<PasskeyState>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_passkeys(ctx)?;
        let id: PasskeyId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let attestation = Attestation::read(answer).map_err(refusal)?;
        let mut tx = self.store.write().await?;
        let found = tx.users().get_for_update(ctx.instance(), &session.user_id).await?;
        let user = found.ok_or(Code::SignedOut)?;
        let found = tx.passkeys().get(ctx.instance(), &id).await?;
        let passkey = found.filter(|it| it.user_id == user.id).ok_or(Code::ResourceNotFound)?;
        expect_room(&tx.passkeys().of_user(ctx.instance(), &user).await?)?;
        let asked = self.take_challenge(ctx, &mut tx, &passkey.verification_id).await?;
        let made = match with_ceremony(ctx, &asked, |ceremony| attestation.verify(ceremony))? {
            Ok(made) => made,
            Err(rejected) => {
                self.close_challenge(ctx, &mut tx, asked).await?;
                tx.commit().await?;
                return Err(refusal(rejected).into());
            }
        };
        if !tx.verifications().consume(ctx.instance(), &asked.id, ctx.now).await? {
            return Err(Code::PasskeyInvalidVerification.into());
        }
        tx.passkeys().finish(ctx.instance(), &id, &credential(made), ctx.now).await.map_err(|err| match err {
            StoreError::Conflict { .. } | StoreError::Stale => Code::PasskeyInvalidVerification.into(),
            err => crate::error::Error::from(err),
        })?;
        tx.passkeys().settle(ctx.instance(), &user.id, ctx.now).await?;
        tx.commit().await?;
        self.passkey_outcome(ctx, &session.client_id, &id).await
    }

    /// Refuses where the instance has no passkeys.
    pub(crate) fn expect_passkeys(&self, ctx: &Ctx) -> Result<()> {
        let is_on = ctx.tenant.instance.settings.passkeys.enabled;
        if is_on { Ok(()) } else { Err(Refusal::param(Code::FormParamValueDisabled, "strategy").into()) }
    }
}

fn expect_room(passkeys: &[Passkey]) -> Result<()> {
    if passkeys.len() < PASSKEYS_MAX { Ok(()) } else { Err(Code::PasskeyQuotaExceeded.into()) }
}

fn credential(made: NewCredential) -> Credential {
    Credential {
        id: made.id,
        public_key: made.public_key,
        sign_count: i64::from(made.sign_count),
        transports: made.transports,
    }
}

fn refusal(rejected: Rejected) -> Refusal {
    match rejected {
        Rejected::Malformed => Refusal::param(Code::PasskeyInvalidPublicKeyCredential, "public_key_credential"),
        Rejected::Unfit => Code::PasskeyInvalidVerification.into(),
    }
}
