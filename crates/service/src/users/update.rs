//! Changes to a user by the application's backend.

use super::create::checked_username;
use super::{NewPassword, exists, user_id};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::second_factors::{ImportedFactors, check_factors};
use crate::service::Service;
use crate::sign_ups::input::name;
use verger_model::identification::{IdentificationKind, IdentificationStatus};
use verger_model::metadata::{Metadata, check_size};
use verger_model::user::{Profile, User};
use verger_model::{Code, IdentificationId, Millis, Patch, Refusal, UserId};

/// What changes about a user.
#[derive(Clone, Debug, Default)]
pub struct UserPatch {
    /// The id in the application's own database.
    pub external_id: Patch<String>,
    /// First name.
    pub first_name: Patch<String>,
    /// Last name.
    pub last_name: Patch<String>,
    /// Preferred language.
    pub locale: Patch<String>,
    /// Username.
    pub username: Patch<String>,
    /// Which email address stands for the user; it must be verified.
    pub primary_email_address_id: Option<String>,
    /// Which phone number stands for the user; it must be verified.
    pub primary_phone_number_id: Option<String>,
    /// The new password.
    pub password: Option<NewPassword>,
    /// Take any password.
    pub skip_password_checks: bool,
    /// Sign the user out everywhere.
    pub sign_out_of_other_sessions: bool,
    /// Replaces the public metadata.
    pub public_metadata: Option<Metadata>,
    /// Replaces the private metadata.
    pub private_metadata: Option<Metadata>,
    /// Replaces the unsafe metadata.
    pub unsafe_metadata: Option<Metadata>,
    /// Whether the user may delete the account.
    pub delete_self_enabled: Option<bool>,
    /// Whether the user may create organizations.
    pub create_organization_enabled: Option<bool>,
    /// How many organizations the user may create.
    pub create_organizations_limit: Patch<i64>,
    /// When the terms were accepted.
    pub legal_accepted_at: Patch<Millis>,
    /// When the user was made.
    pub created_at: Option<Millis>,
    /// Whether a new device needs no second look.
    pub bypass_client_trust: Option<bool>,
    /// Second factors from elsewhere.
    pub second_factors: ImportedFactors,
}

impl Service {
    /// Changes a user.
    ///
    /// # Errors
    /// `resource_not_found`, `form_identifier_exists`, `form_param_value_invalid` for a primary identifier that is not a verified
    /// one of this user, and the rules of the fields.
    pub async fn update_user(&self, ctx: &Ctx, id: &str, mut patch: UserPatch) -> Result<Profile> {
        let id = user_id(id)?;
        self.admit_update(ctx, &id)?;
        let digest = match patch.password.take() {
            Some(password) => {
                let known = self.get_user(ctx, id.as_str()).await?;
                let identifiers: Vec<&str> = known.identifications.iter().map(|it| it.value.as_str()).collect();
                Some(self.digest_of(ctx, password, &identifiers, patch.skip_password_checks).await?)
            }
            None => None,
        };
        let factors = check_factors(&patch.second_factors)?;
        let mut tx = self.store.write().await?;
        let all_end = patch.sign_out_of_other_sessions;
        if digest.is_some() {
            self.settle_sessions_after_password(ctx, &mut tx, &id, None, all_end).await?;
        } else if all_end {
            self.revoke_sessions(ctx, &mut tx, &id, None).await?;
        }
        let mut user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        let identifications = tx.identifications().of_user(ctx.instance(), &id).await?;
        let external_accounts = tx.external_accounts().of_user(ctx.instance(), &id).await?;
        let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
        let mut profile = Profile { user: user.clone(), identifications, external_accounts, passkeys };
        patch.apply(&mut user, &profile)?;
        factors.mark(ctx, &mut user);
        self.write_factors(ctx, &mut tx, &user, &factors).await?;
        if let Some(digest) = digest {
            self.put_password(ctx, &mut tx, &mut user, &digest).await?;
        }
        user.updated_at = ctx.now;
        tx.users().update(ctx.instance(), &user).await.map_err(exists)?;
        tx.commit().await?;
        profile.user = user;
        Ok(profile)
    }

    /// Deletes a user with everything that belongs to them.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn delete_user(&self, ctx: &Ctx, id: &str) -> Result<UserId> {
        let id = user_id(id)?;
        let mut tx = self.store.write().await?;
        // First the sessions: their clients must notice, and the rows go with the user.
        self.revoke_sessions(ctx, &mut tx, &id, None).await?;
        if !tx.users().delete(ctx.instance(), &id).await? {
            return Err(Code::ResourceNotFound.into());
        }
        tx.commit().await?;
        Ok(id)
    }
}

impl UserPatch {
    fn apply(self, user: &mut User, profile: &Profile) -> Result<()> {
        self.external_id.apply(&mut user.external_id);
        patch_name(self.first_name, &mut user.first_name, "first_name")?;
        patch_name(self.last_name, &mut user.last_name, "last_name")?;
        patch_username(self.username, &mut user.username)?;
        self.locale.apply(&mut user.locale);
        if let Some(text) = &self.primary_email_address_id {
            user.primary_email_address_id =
                Some(primary(profile, text, IdentificationKind::EmailAddress, "primary_email_address_id")?);
        }
        if let Some(text) = &self.primary_phone_number_id {
            user.primary_phone_number_id =
                Some(primary(profile, text, IdentificationKind::PhoneNumber, "primary_phone_number_id")?);
        }
        for (document, field, param) in [
            (self.public_metadata, &mut user.public_metadata, "public_metadata"),
            (self.private_metadata, &mut user.private_metadata, "private_metadata"),
            (self.unsafe_metadata, &mut user.unsafe_metadata, "unsafe_metadata"),
        ] {
            if let Some(document) = document {
                check_size(&document, param)?;
                *field = document;
            }
        }
        user.delete_self_enabled = self.delete_self_enabled.unwrap_or(user.delete_self_enabled);
        user.create_organization_enabled = self.create_organization_enabled.unwrap_or(user.create_organization_enabled);
        self.create_organizations_limit.apply(&mut user.create_organizations_limit);
        self.legal_accepted_at.apply(&mut user.legal_accepted_at);
        user.created_at = self.created_at.unwrap_or(user.created_at);
        user.bypass_client_trust = self.bypass_client_trust.unwrap_or(user.bypass_client_trust);
        Ok(())
    }
}

/// Changes a first or last name.
pub(super) fn patch_name(patch: Patch<String>, field: &mut Option<String>, param: &str) -> Result<(), Refusal> {
    match patch {
        Patch::Set(text) => *field = Some(name(&text, param)?).filter(|text| !text.is_empty()),
        other => other.apply(field),
    }
    Ok(())
}

/// Changes a username.
pub(super) fn patch_username(patch: Patch<String>, field: &mut Option<String>) -> Result<(), Refusal> {
    match patch {
        Patch::Set(text) => *field = Some(checked_username(&text)?),
        other => other.apply(field),
    }
    Ok(())
}

/// The identification that becomes primary: a verified one of this user and of the right kind.
pub(super) fn primary(
    profile: &Profile,
    text: &str,
    kind: IdentificationKind,
    param: &str,
) -> Result<IdentificationId, Refusal> {
    let found = profile.of_kind(kind).find(|it| it.id.as_str() == text);
    let verified = found.filter(|it| it.status == IdentificationStatus::Verified);
    verified.map(|it| it.id.clone()).ok_or_else(|| Refusal::param(Code::FormParamValueInvalid, param))
}
