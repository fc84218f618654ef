//! Phone numbers that the application's backend gives to users and takes from them: nothing is sent, nothing must be proved.

use super::{known, taken};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus, Proof};
use verger_model::user::User;
use verger_model::{Code, IdentificationId, Refusal, Strategy, UserId, phone};
use verger_store::WriteTx;

/// A phone number to add.
#[derive(Clone, Debug)]
pub struct NewPhoneNumber {
    /// Whose.
    pub user_id: String,
    /// The number.
    pub phone_number: String,
    /// Whether it counts as proved; no unless said so.
    pub verified: Option<bool>,
    /// Whether it becomes primary; it must then be proved.
    pub primary: Option<bool>,
    /// Whether codes to it are a second factor; it must then be proved.
    pub reserved_for_second_factor: Option<bool>,
}

/// What changes about a phone number.
#[derive(Clone, Copy, Debug, Default)]
pub struct PhoneNumberPatch {
    /// Whether it counts as proved.
    pub verified: Option<bool>,
    /// Whether it becomes primary.
    pub primary: Option<bool>,
    /// Whether codes to it are a second factor.
    pub reserved_for_second_factor: Option<bool>,
}

const fn status_of(verified: bool) -> IdentificationStatus {
    if verified { IdentificationStatus::Verified } else { IdentificationStatus::Unverified }
}

impl Service {
    /// Adds a phone number to a user.
    ///
    /// # Errors
    /// `resource_not_found`, `form_param_format_invalid`, `form_identifier_exists`, `form_param_value_invalid` for a primary
    /// number that is not proved or is a second factor, `identification_update_second_factor_unverified`.
    pub async fn create_phone_number(&self, ctx: &Ctx, new: NewPhoneNumber) -> Result<Identification> {
        let user_id: UserId = new.user_id.parse().map_err(|_| Code::ResourceNotFound)?;
        let value = phone::normalize(&new.phone_number)
            .ok_or_else(|| Refusal::param(Code::FormParamFormatInvalid, "phone_number"))?;
        let mut tx = self.store.write().await?;
        let mut user = tx.users().get_for_update(ctx.instance(), &user_id).await?.ok_or(Code::ResourceNotFound)?;
        let kind = IdentificationKind::PhoneNumber;
        if tx.identifications().claimed(ctx.instance(), kind, &value).await?.is_some() {
            return Err(Refusal::param(Code::FormIdentifierExists, "phone_number").into());
        }
        let mut number = self.administered(ctx, &user_id, kind, value, status_of(new.verified.unwrap_or_default()));
        number.reserved_for_second_factor = new.reserved_for_second_factor.unwrap_or_default();
        expect_consistent(&number)?;
        tx.identifications().insert(ctx.instance(), &number).await.map_err(taken)?;
        if new.primary == Some(true) {
            make_primary(&mut user, &number)?;
        }
        self.write_numbers(ctx, &mut tx, user).await?;
        let number = known(ctx, &mut tx, number.id.as_str()).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// One phone number.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn get_phone_number(&self, ctx: &Ctx, id: &str) -> Result<Identification> {
        let id: IdentificationId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let found = self.store.read().await?.identifications().get(ctx.instance(), &id).await?;
        found.filter(|it| it.kind == IdentificationKind::PhoneNumber).ok_or_else(|| Code::ResourceNotFound.into())
    }

    /// Changes a phone number.
    ///
    /// # Errors
    /// `resource_not_found`, `form_identifier_exists` when somebody else proved the same one, and as
    /// [`Service::create_phone_number`].
    pub async fn update_phone_number(&self, ctx: &Ctx, id: &str, patch: PhoneNumberPatch) -> Result<Identification> {
        let mut tx = self.store.write().await?;
        let mut number = known(ctx, &mut tx, id).await?;
        let found = tx.users().get_for_update(ctx.instance(), &number.user_id).await?;
        let mut user = found.ok_or(Code::ResourceNotFound)?;
        if let Some(verified) = patch.verified {
            number.status = status_of(verified);
            number.proof = verified.then_some(Proof { strategy: Strategy::Admin, attempts: None, expire_at: None });
        }
        number.reserved_for_second_factor =
            patch.reserved_for_second_factor.unwrap_or(number.reserved_for_second_factor);
        expect_consistent(&number)?;
        number.updated_at = ctx.now;
        tx.identifications().update(ctx.instance(), &number).await.map_err(taken)?;
        if patch.primary == Some(true) {
            make_primary(&mut user, &number)?;
        }
        self.write_numbers(ctx, &mut tx, user).await?;
        let number = known(ctx, &mut tx, id).await?;
        tx.commit().await?;
        Ok(number)
    }

    /// Takes a phone number from its user. The oldest one left that signs in becomes primary.
    ///
    /// # Errors
    /// `resource_not_found`, `last_required_identification_deletion_failed` for the last number where one is required.
    pub async fn delete_phone_number(&self, ctx: &Ctx, id: &str) -> Result<IdentificationId> {
        let mut tx = self.store.write().await?;
        let number = known(ctx, &mut tx, id).await?;
        let user = tx.users().get_for_update(ctx.instance(), &number.user_id).await?.ok_or(Code::ResourceNotFound)?;
        let all = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        let has_other = all.iter().any(|it| it.kind == number.kind && it.id != number.id);
        if ctx.tenant.instance.settings.attributes.phone_number.required && !has_other {
            return Err(Code::LastRequiredIdentificationDeletionFailed.into());
        }
        tx.identifications().delete(ctx.instance(), &number.id).await?;
        self.write_numbers(ctx, &mut tx, user).await?;
        tx.commit().await?;
        Ok(number.id)
    }

    /// Takes every second factor from a user: the app, the phone numbers as factors (not the numbers), the backup codes.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown user.
    pub async fn disable_mfa(&self, ctx: &Ctx, id: &str) -> Result<UserId> {
        let id: UserId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        let mut user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        for mut number in tx.identifications().of_user(ctx.instance(), &id).await? {
            if number.reserved_for_second_factor {
                number.reserved_for_second_factor = false;
                number.updated_at = ctx.now;
                tx.identifications().update(ctx.instance(), &number).await?;
            }
        }
        tx.totps().delete(ctx.instance(), &id).await?;
        user.totp_enabled = false;
        self.write_numbers(ctx, &mut tx, user).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn write_numbers(&self, ctx: &Ctx, tx: &mut WriteTx, mut user: User) -> Result<()> {
        self.settle_phone_numbers(ctx, tx, &mut user).await?;
        Ok(tx.users().update(ctx.instance(), &user).await?)
    }
}

/// Only a proved number is a second factor.
fn expect_consistent(number: &Identification) -> Result<()> {
    if number.reserved_for_second_factor && number.status != IdentificationStatus::Verified {
        return Err(Code::IdentificationUpdateSecondFactorUnverified.into());
    }
    Ok(())
}

fn make_primary(user: &mut User, number: &Identification) -> Result<()> {
    if number.status != IdentificationStatus::Verified || number.reserved_for_second_factor {
        return Err(Refusal::param(Code::FormParamValueInvalid, "primary").into());
    }
    user.primary_phone_number_id = Some(number.id.clone());
    Ok(())
}
