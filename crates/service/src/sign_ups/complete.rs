//! The end of a sign-up: a user, what they are known by, and a session, all in one transaction.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use verger_model::client::Client;
use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus, Proof};
use verger_model::settings::SignUpMode;
use verger_model::sign_up::{SignUp, SignUpStatus};
use verger_model::user::User;
use verger_model::{Code, IdentificationId, Secret, Strategy, UserId, VerificationId};
use verger_store::{StoreError, WriteTx};

impl Service {
    /// Makes the account. Gives back the client's new token.
    pub(super) async fn complete_sign_up(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        client: &mut Client,
        sign_up: &mut SignUp,
    ) -> Result<Secret<String>> {
        let mut user = User {
            username: sign_up.username.clone(),
            first_name: sign_up.first_name.clone(),
            last_name: sign_up.last_name.clone(),
            locale: sign_up.locale.clone(),
            unsafe_metadata: sign_up.unsafe_metadata.clone(),
            legal_accepted_at: sign_up.legal_accepted_at,
            delete_self_enabled: ctx.tenant.instance.settings.actions.delete_self,
            ..User::new(UserId::generate(ctx.now, self.entropy()), ctx.now)
        };
        let is_invited = self.use_invitation(ctx, tx, sign_up, &mut user).await?;
        if !is_invited && ctx.tenant.instance.settings.sign_up.mode != SignUpMode::Public {
            // The invited address was exchanged for another one.
            return Err(Code::SignUpModeRestricted.into());
        }
        tx.users().insert(ctx.instance(), &user).await.map_err(claimed)?;
        let mut strategy = match (sign_up.email_verified, sign_up.phone_verified) {
            (true, _) => Strategy::EmailCode,
            (false, true) => Strategy::PhoneCode,
            (false, false) => Strategy::Password,
        };
        let elsewhere = self.brought_to(ctx, tx, sign_up).await?;
        for identification in self.identifications_of(ctx, tx, sign_up, &user.id).await? {
            match identification.kind {
                IdentificationKind::EmailAddress => {
                    strategy = identification.proof.as_ref().map_or(strategy, |proof| proof.strategy);
                    user.primary_email_address_id = Some(identification.id.clone());
                }
                IdentificationKind::PhoneNumber => user.primary_phone_number_id = Some(identification.id.clone()),
            }
            tx.identifications().insert(ctx.instance(), &identification).await.map_err(claimed)?;
        }
        if let Some(digest) = tx.sign_ups().password(ctx.instance(), &sign_up.id).await? {
            tx.passwords().put(ctx.instance(), &user.id, &digest, ctx.now).await?;
            user.password_last_updated_at = Some(ctx.now);
        }
        if let Some(brought) = &elsewhere {
            self.adopt(ctx, tx, brought, &user.id).await?;
            strategy = Strategy::OAuth(brought.0);
        }
        let (session, token) = self.begin_session(ctx, tx, client, &mut user, strategy.into()).await?;
        tx.users().update(ctx.instance(), &user).await?;
        sign_up.status = SignUpStatus::Complete;
        sign_up.created_user_id = Some(user.id);
        sign_up.created_session_id = Some(session.id);
        client.sign_up_id = None;
        client.sign_in_id = None;
        Ok(token)
    }

    async fn identifications_of(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        sign_up: &SignUp,
        user_id: &UserId,
    ) -> Result<Vec<Identification>> {
        let new = |kind, value: &str, status, proof| Identification {
            id: IdentificationId::generate(ctx.now, self.entropy()),
            user_id: user_id.clone(),
            kind,
            value: value.to_owned(),
            status,
            proof,
            verification_id: None,
            reserved_for_second_factor: false,
            default_second_factor: false,
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        let mut found = Vec::new();
        if let Some(address) = sign_up.email_address.as_deref() {
            let asked = sign_up.email_verification_id.as_ref().or(sign_up.external_verification_id.as_ref());
            let proof = proof_of(ctx, tx, asked).await?;
            found.push(new(IdentificationKind::EmailAddress, address, IdentificationStatus::Verified, proof));
        }
        if let Some(number) = sign_up.phone_number.as_deref() {
            let proof = proof_of(ctx, tx, sign_up.phone_verification_id.as_ref()).await?;
            let status =
                if sign_up.phone_verified { IdentificationStatus::Verified } else { IdentificationStatus::Unverified };
            found.push(new(IdentificationKind::PhoneNumber, number, status, proof));
        }
        Ok(found)
    }
}

/// How a challenge was answered.
async fn proof_of(ctx: &Ctx, tx: &mut WriteTx, asked: Option<&VerificationId>) -> Result<Option<Proof>> {
    let Some(id) = asked else { return Ok(None) };
    let found = tx.verifications().get(ctx.instance(), id).await?;
    Ok(found.map(|it| Proof { strategy: it.strategy, attempts: Some(it.attempts), expire_at: it.expire_at }))
}

/// Somebody else was faster between the check and the write.
#[track_caller]
fn claimed(err: StoreError) -> Error {
    match err {
        StoreError::Conflict { .. } => Code::IdentificationClaimed.into(),
        other => other.into(),
    }
}
