//! What signed-in users do with their own account.

use super::update::{patch_name, patch_username, primary};
use super::{MetadataPatch, exists};
use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::identification::{Identification, IdentificationKind};
use verger_model::metadata::{Metadata, check_size, merge};
use verger_model::session::Session;
use verger_model::user::Profile;
use verger_model::{Code, Patch, Refusal, UserId};
use verger_store::WriteTx;

/// What users change about themselves.
#[derive(Clone, Debug, Default)]
pub struct MePatch {
    /// First name.
    pub first_name: Patch<String>,
    /// Last name.
    pub last_name: Patch<String>,
    /// Username.
    pub username: Patch<String>,
    /// Which email address stands for the user; it must be verified.
    pub primary_email_address_id: Option<String>,
    /// Which phone number stands for the user; it must be verified.
    pub primary_phone_number_id: Option<String>,
    /// Replaces the unsafe metadata.
    pub unsafe_metadata: Option<Metadata>,
}

impl MePatch {
    /// Whether it changes what the user is known by.
    const fn is_dear(&self) -> bool {
        !self.username.is_keep() || self.primary_email_address_id.is_some() || self.primary_phone_number_id.is_some()
    }
}

impl Service {
    /// The signed-in user.
    ///
    /// # Errors
    /// `signed_out`.
    pub async fn me(&self, ctx: &Ctx, visitor: Visitor, acting: Option<&str>) -> Result<Outcome<Profile>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let profile = self.get_user(ctx, session.user_id.as_str()).await?;
        self.about_me(ctx, &session, profile).await
    }

    async fn about_me(&self, ctx: &Ctx, session: &Session, value: Profile) -> Result<Outcome<Profile>> {
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    /// Changes the signed-in user.
    ///
    /// # Errors
    /// `signed_out`, `form_param_unknown` for attributes that are switched off, `form_identifier_exists`, the rules of the
    /// fields.
    pub async fn update_me(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        patch: MePatch,
    ) -> Result<Outcome<Profile>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        expect_enabled(ctx, &patch)?;
        if patch.is_dear() {
            self.expect_fresh_session(ctx, &session).await?;
        }
        let mut tx = self.store.write().await?;
        let found = tx.users().get_for_update(ctx.instance(), &session.user_id).await?;
        let mut user = found.ok_or(Code::SignedOut)?;
        let identifications = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        let external_accounts = tx.external_accounts().of_user(ctx.instance(), &user.id).await?;
        let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
        let mut profile = Profile { user: user.clone(), identifications, external_accounts, passkeys };
        patch_name(patch.first_name, &mut user.first_name, "first_name")?;
        patch_name(patch.last_name, &mut user.last_name, "last_name")?;
        patch_username(patch.username, &mut user.username)?;
        if let Some(text) = &patch.primary_email_address_id {
            let param = "primary_email_address_id";
            user.primary_email_address_id = Some(primary(&profile, text, IdentificationKind::EmailAddress, param)?);
        }
        if let Some(text) = &patch.primary_phone_number_id {
            let param = "primary_phone_number_id";
            user.primary_phone_number_id = Some(primary(&profile, text, IdentificationKind::PhoneNumber, param)?);
        }
        if let Some(document) = patch.unsafe_metadata {
            check_size(&document, "unsafe_metadata")?;
            user.unsafe_metadata = document;
        }
        user.updated_at = ctx.now;
        tx.users().update(ctx.instance(), &user).await.map_err(exists)?;
        let before = profile.primary_email_address().cloned();
        profile.user = user;
        self.tell_of_primary(ctx, &mut tx, before, &profile).await?;
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        self.about_me(ctx, &session, profile).await
    }

    /// The address that stood for the user so far is told when another one does.
    async fn tell_of_primary(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        before: Option<Identification>,
        profile: &Profile,
    ) -> Result<()> {
        match (before, profile.primary_email_address()) {
            (Some(old), Some(new)) if old.id != new.id => {
                self.enqueue_primary_changed_mail(ctx, tx, &old.value, &new.value).await
            }
            _ => Ok(()),
        }
    }

    /// Merges into the signed-in user's unsafe metadata.
    ///
    /// # Errors
    /// `signed_out`, `form_param_exceeds_allowed_size`.
    pub async fn patch_my_metadata(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        document: Metadata,
    ) -> Result<Outcome<Profile>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let patch = MetadataPatch { unsafe_: Some(document), ..MetadataPatch::default() };
        let profile = self.change_metadata(ctx, session.user_id.as_str(), patch, merge).await?;
        self.about_me(ctx, &session, profile).await
    }

    /// Deletes the signed-in user.
    ///
    /// # Errors
    /// `signed_out`, `user_delete_self_not_enabled`.
    pub async fn delete_me(&self, ctx: &Ctx, visitor: Visitor, acting: Option<&str>) -> Result<Outcome<UserId>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let known = self.get_user(ctx, session.user_id.as_str()).await?;
        if !ctx.tenant.instance.settings.actions.delete_self || !known.user.delete_self_enabled {
            return Err(Code::UserDeleteSelfNotEnabled.into());
        }
        self.expect_fresh(ctx, &session, &known.user)?;
        let id = self.delete_user(ctx, known.user.id.as_str()).await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value: id, state: Some(state), cookie: CookieChange::Keep })
    }
}

/// Refuses attributes that the instance has switched off.
fn expect_enabled(ctx: &Ctx, patch: &MePatch) -> Result<()> {
    let a = &ctx.tenant.instance.settings.attributes;
    let fields = [
        (a.first_name.enabled, &patch.first_name, "first_name"),
        (a.last_name.enabled, &patch.last_name, "last_name"),
        (a.username.enabled, &patch.username, "username"),
    ];
    let off = fields.into_iter().filter(|(enabled, given, _)| !enabled && given.value().is_some());
    Refusal::all(off.map(|(_, _, param)| Refusal::param(Code::FormParamUnknown, param)))
        .map_or(Ok(()), |refusal| Err(refusal.into()))
}
