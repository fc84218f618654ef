//! Looking users up.

use super::user_id;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_model::Code;
use verger_model::user::Profile;
use verger_store::UserFilter;

impl Service {
    /// One user.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn get_user(&self, ctx: &Ctx, id: &str) -> Result<Profile> {
        let id = user_id(id)?;
        let found = self.store.read().await?.users().profile(ctx.instance(), &id).await?;
        found.ok_or_else(|| Code::ResourceNotFound.into())
    }

    /// Users that fit a filter, in its order.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn list_users(&self, ctx: &Ctx, filter: &UserFilter) -> Result<Vec<Profile>> {
        Ok(self.store.read().await?.users().list(ctx.instance(), filter).await?)
    }

    /// How many users fit a filter, whatever its limit.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn count_users(&self, ctx: &Ctx, filter: &UserFilter) -> Result<i64> {
        Ok(self.store.read().await?.users().count(ctx.instance(), filter).await?)
    }
}
