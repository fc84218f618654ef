//! Metadata of a user: merged or replaced, document by document.

use super::user_id;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_model::Code;
use verger_model::metadata::{Metadata, check_size, merge};
use verger_model::user::Profile;

/// The documents that change; the others stay.
#[derive(Clone, Debug, Default)]
pub struct MetadataPatch {
    /// Public metadata.
    pub public: Option<Metadata>,
    /// Private metadata.
    pub private: Option<Metadata>,
    /// Unsafe metadata.
    pub unsafe_: Option<Metadata>,
}

impl Service {
    /// Merges into the documents that are given; `null` removes a key at any depth.
    ///
    /// # Errors
    /// `too_many_requests`, `resource_not_found`, `form_param_exceeds_allowed_size`.
    pub async fn merge_user_metadata(&self, ctx: &Ctx, id: &str, patch: MetadataPatch) -> Result<Profile> {
        self.admit_update(ctx, &user_id(id)?)?;
        self.change_metadata(ctx, id, patch, merge).await
    }

    /// Replaces the documents that are given.
    ///
    /// # Errors
    /// `too_many_requests`, `resource_not_found`, `form_param_exceeds_allowed_size`.
    pub async fn replace_user_metadata(&self, ctx: &Ctx, id: &str, patch: MetadataPatch) -> Result<Profile> {
        self.admit_update(ctx, &user_id(id)?)?;
        self.change_metadata(ctx, id, patch, |document, given| *document = given).await
    }

    pub(super) async fn change_metadata(
        &self,
        ctx: &Ctx,
        id: &str,
        patch: MetadataPatch,
        write: fn(&mut Metadata, Metadata),
    ) -> Result<Profile> {
        let id = user_id(id)?;
        let mut tx = self.store.write().await?;
        let mut user = tx.users().get_for_update(ctx.instance(), &id).await?.ok_or(Code::ResourceNotFound)?;
        for (given, document, param) in [
            (patch.public, &mut user.public_metadata, "public_metadata"),
            (patch.private, &mut user.private_metadata, "private_metadata"),
            (patch.unsafe_, &mut user.unsafe_metadata, "unsafe_metadata"),
        ] {
            if let Some(given) = given {
                write(document, given);
                check_size(document, param)?;
            }
        }
        user.updated_at = ctx.now;
        tx.users().update(ctx.instance(), &user).await?;
        let identifications = tx.identifications().of_user(ctx.instance(), &id).await?;
        let external_accounts = tx.external_accounts().of_user(ctx.instance(), &id).await?;
        let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
        tx.commit().await?;
        user.version += 1;
        Ok(Profile { user, identifications, external_accounts, passkeys })
    }
}
