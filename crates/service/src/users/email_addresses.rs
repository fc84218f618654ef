//! Email addresses that the application's backend gives to users and takes from them.

use super::user_id;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus, Proof};
use verger_model::{Code, IdentificationId, Refusal, Strategy, email};
use verger_store::{StoreError, WriteTx};

/// An email address to add.
#[derive(Clone, Debug)]
pub struct NewEmailAddress {
    /// Whose.
    pub user_id: String,
    /// The address.
    pub email_address: String,
    /// Whether it counts as proved; no unless said so.
    pub verified: Option<bool>,
    /// Whether it becomes primary; it must then be proved.
    pub primary: Option<bool>,
}

/// What changes about an email address.
#[derive(Clone, Copy, Debug, Default)]
pub struct EmailAddressPatch {
    /// Whether it counts as proved.
    pub verified: Option<bool>,
    /// Whether it becomes primary.
    pub primary: Option<bool>,
}

const fn status_of(verified: bool) -> IdentificationStatus {
    if verified { IdentificationStatus::Verified } else { IdentificationStatus::Unverified }
}

#[track_caller]
fn taken(err: StoreError) -> Error {
    match err {
        StoreError::Conflict { .. } => Refusal::param(Code::FormIdentifierExists, "email_address").into(),
        other => other.into(),
    }
}

impl Service {
    /// Adds an email address to a user.
    ///
    /// # Errors
    /// `resource_not_found`, `form_param_format_invalid`, `form_identifier_exists`.
    pub async fn create_email_address(&self, ctx: &Ctx, new: NewEmailAddress) -> Result<Identification> {
        let user_id = user_id(&new.user_id)?;
        let address = email::normalize(&new.email_address)
            .ok_or_else(|| Refusal::param(Code::FormParamFormatInvalid, "email_address"))?;
        let mut tx = self.store.write().await?;
        let mut user = tx.users().get_for_update(ctx.instance(), &user_id).await?.ok_or(Code::ResourceNotFound)?;
        let kind = IdentificationKind::EmailAddress;
        if tx.identifications().claimed(ctx.instance(), kind, &address).await?.is_some() {
            return Err(Refusal::param(Code::FormIdentifierExists, "email_address").into());
        }
        let status = status_of(new.verified.unwrap_or_default());
        let identification = self.administered(ctx, &user_id, kind, address, status);
        tx.identifications().insert(ctx.instance(), &identification).await.map_err(taken)?;
        let is_first = user.primary_email_address_id.is_none() && status == IdentificationStatus::Verified;
        if new.primary == Some(true) || is_first {
            expect_verified(&identification)?;
            user.primary_email_address_id = Some(identification.id.clone());
        }
        user.updated_at = ctx.now;
        tx.users().update(ctx.instance(), &user).await?;
        tx.commit().await?;
        Ok(identification)
    }

    /// One email address.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn get_email_address(&self, ctx: &Ctx, id: &str) -> Result<Identification> {
        let id: IdentificationId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let found = self.store.read().await?.identifications().get(ctx.instance(), &id).await?;
        found.filter(|it| it.kind == IdentificationKind::EmailAddress).ok_or_else(|| Code::ResourceNotFound.into())
    }

    /// Changes an email address.
    ///
    /// # Errors
    /// `resource_not_found`, `form_identifier_exists` when somebody else proved the same one.
    pub async fn update_email_address(&self, ctx: &Ctx, id: &str, patch: EmailAddressPatch) -> Result<Identification> {
        let mut tx = self.store.write().await?;
        let mut address = locked_address(ctx, &mut tx, id).await?;
        let mut user =
            tx.users().get_for_update(ctx.instance(), &address.user_id).await?.ok_or(Code::ResourceNotFound)?;
        if let Some(verified) = patch.verified {
            address.status = status_of(verified);
            address.proof = verified.then_some(Proof { strategy: Strategy::Admin, attempts: None, expire_at: None });
        }
        address.updated_at = ctx.now;
        tx.identifications().update(ctx.instance(), &address).await.map_err(taken)?;
        if patch.primary == Some(true) {
            expect_verified(&address)?;
            user.primary_email_address_id = Some(address.id.clone());
        }
        user.updated_at = ctx.now;
        tx.users().update(ctx.instance(), &user).await?;
        tx.commit().await?;
        Ok(address)
    }

    /// Takes an email address from its user. The oldest proved one left becomes primary.
    ///
    /// # Errors
    /// `resource_not_found`, `last_required_identification_deletion_failed` for the last address where one is required.
    pub async fn delete_email_address(&self, ctx: &Ctx, id: &str) -> Result<IdentificationId> {
        let mut tx = self.store.write().await?;
        let address = locked_address(ctx, &mut tx, id).await?;
        let mut user =
            tx.users().get_for_update(ctx.instance(), &address.user_id).await?.ok_or(Code::ResourceNotFound)?;
        let others: Vec<_> = tx
            .identifications()
            .of_user(ctx.instance(), &user.id)
            .await?
            .into_iter()
            .filter(|it| it.kind == IdentificationKind::EmailAddress && it.id != address.id)
            .collect();
        let required = ctx.tenant.instance.settings.attributes.email_address.required;
        if required && others.is_empty() {
            return Err(Code::LastRequiredIdentificationDeletionFailed.into());
        }
        if user.primary_email_address_id.as_ref() == Some(&address.id) {
            let next = others.into_iter().find(|it| it.status == IdentificationStatus::Verified);
            user.primary_email_address_id = next.map(|it| it.id);
        }
        user.updated_at = ctx.now;
        tx.users().update(ctx.instance(), &user).await?;
        tx.identifications().delete(ctx.instance(), &address.id).await?;
        tx.commit().await?;
        Ok(address.id)
    }
}

async fn locked_address(ctx: &Ctx, tx: &mut WriteTx, id: &str) -> Result<Identification> {
    let id: IdentificationId = id.parse().map_err(|_| Code::ResourceNotFound)?;
    let found = tx.identifications().get(ctx.instance(), &id).await?;
    found.filter(|it| it.kind == IdentificationKind::EmailAddress).ok_or_else(|| Code::ResourceNotFound.into())
}

fn expect_verified(address: &Identification) -> Result<()> {
    if address.status == IdentificationStatus::Verified {
        return Ok(());
    }
    Err(Refusal::param(Code::FormParamValueInvalid, "primary").into())
}
