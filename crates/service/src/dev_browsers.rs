//! Making development browsers.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_model::Code;
use verger_model::dev_browser::DevBrowser;

impl Service {
    /// A new development browser and the token by which it is known.
    ///
    /// # Errors
    /// `request_invalid_for_environment` on production instances.
    pub async fn create_dev_browser(&self, ctx: &Ctx) -> Result<(DevBrowser, String)> {
        if !ctx.tenant.instance.is_development() {
            return Err(Code::RequestInvalidForEnvironment.into());
        }
        let (browser, token) = self.new_dev_browser(ctx, None);
        let mut tx = self.store.write().await?;
        tx.dev_browsers().insert(ctx.instance(), &browser).await?;
        tx.commit().await?;
        Ok((browser, token))
    }
}
