//! Answers by a passkey, when signing in and when proving again who one is.

use super::challenge::{handle_of, with_ceremony};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::verifications::Answer;
use verger_crypto::webauthn::{Assertion, Rejected};
use verger_model::passkey::{Credential, Passkey};
use verger_model::user::User;
use verger_model::verification::{Verification, VerificationStatus};
use verger_model::{Code, Refusal, VerificationId};
use verger_store::WriteTx;

/// Who is asked for a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Whoever has one: the passkey says whose it is.
    Anybody,
    /// A user who is named.
    Named,
}

impl Service {
    /// Makes a challenge: for one of these passkeys, or for whichever the browser finds.
    ///
    /// # Errors
    /// `origin_invalid` for a page that is no relying party.
    pub(crate) async fn ask_passkey(&self, ctx: &Ctx, tx: &mut WriteTx, passkeys: &[Passkey]) -> Result<Verification> {
        let options = self.request_options(ctx, passkeys)?;
        self.insert_challenge(ctx, tx, &options).await
    }

    /// Reads an answer, and finds the passkey that it is from.
    ///
    /// # Errors
    /// `passkey_invalid_public_key_credential`, `passkey_not_registered`.
    pub(crate) async fn find_passkey(&self, ctx: &Ctx, text: Option<String>) -> Result<(Assertion, Passkey)> {
        let param = "public_key_credential";
        let text = text.ok_or_else(|| Refusal::param(Code::FormParamMissing, param))?;
        let malformed = |_: Rejected| Refusal::param(Code::PasskeyInvalidPublicKeyCredential, param);
        let assertion = Assertion::read(&text).map_err(malformed)?;
        let mut reader = self.store.read().await?;
        let found = reader.passkeys().by_credential(ctx.instance(), assertion.credential_id()).await?;
        Ok((assertion, found.ok_or(Code::PasskeyNotRegistered)?))
    }

    /// Takes an answer of a passkey of this user, who must be locked. A wrong one must be counted and committed by the caller.
    ///
    /// # Errors
    /// `passkey_not_registered` when it is not the user's any more, `passkey_invalid_verification` when the challenge takes no
    /// answer any more.
    pub(crate) async fn answer_passkey(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        (user, asked_whom): (&User, Asked),
        challenge: &VerificationId,
        (assertion, known): (&Assertion, &Passkey),
    ) -> Result<Answer> {
        let found = tx.passkeys().get(ctx.instance(), &known.id).await?;
        let passkey = found.filter(|it| it.user_id == user.id).ok_or(Code::PasskeyNotRegistered)?;
        let Credential { public_key, sign_count, .. } = passkey.credential.ok_or(Code::PasskeyNotRegistered)?;
        let asked = self.take_challenge(ctx, tx, challenge).await?;
        let is_owner = match assertion.user_handle() {
            Some(handle) => handle == handle_of(ctx, user),
            None => asked_whom == Asked::Named,
        };
        let counted = u32::try_from(sign_count).unwrap_or(u32::MAX);
        let judged = with_ceremony(ctx, &asked, |ceremony| assertion.verify(ceremony, &public_key, counted))?;
        if let (Ok(count), true) = (judged, is_owner) {
            let counts = (sign_count, i64::from(count));
            let is_ours = tx.verifications().consume(ctx.instance(), &asked.id, ctx.now).await?
                && tx.passkeys().used(ctx.instance(), &passkey.id, counts, ctx.now).await?;
            return if is_ours { Ok(Answer::Right) } else { Err(Code::PasskeyInvalidVerification.into()) };
        }
        self.close_challenge(ctx, tx, asked).await?;
        Ok(Answer::Wrong(Code::PasskeyAuthenticationFailure.into()))
    }

    /// Takes the one answer that a challenge has: of any number of parallel ones, one.
    pub(super) async fn take_challenge(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        id: &VerificationId,
    ) -> Result<Verification> {
        let taken = tx.verifications().take_attempt(ctx.instance(), id, 1, ctx.now).await?;
        taken.ok_or_else(|| Code::PasskeyInvalidVerification.into())
    }

    /// A wrong answer ends a challenge.
    pub(super) async fn close_challenge(&self, ctx: &Ctx, tx: &mut WriteTx, asked: Verification) -> Result<()> {
        let failed = Verification { status: VerificationStatus::Failed, ..asked };
        Ok(tx.verifications().update(ctx.instance(), &failed).await?)
    }
}
