//! The address of a sign-up proved by opening a link.

use crate::ctx::Ctx;
use crate::email_links::{Link, LinkProof};
use crate::error::Result;
use crate::service::Service;
use verger_model::sign_up::SignUpStatus;
use verger_model::{Code, SignUpId};

impl Service {
    /// Goes on with the attempt that asked for a link. The account is made when nothing else is missing.
    ///
    /// # Errors
    /// `verification_link_token_stale`, `verification_already_verified`, `identification_claimed` when somebody else proved
    /// the address meanwhile.
    pub(crate) async fn sign_up_by_link(&self, ctx: &Ctx, link: &Link, id: &SignUpId) -> Result<LinkProof> {
        let mut tx = self.store.write().await?;
        let found = tx.clients().get_for_update(ctx.instance(), &link.client_id).await?;
        let client = found.ok_or(Code::VerificationLinkTokenStale)?;
        let found = tx.sign_ups().get_for_update(ctx.instance(), id).await?;
        let mut sign_up = found
            .filter(|it| it.client_id == client.id && !it.is_abandoned(ctx.now))
            .ok_or(Code::VerificationLinkTokenStale)?;
        self.use_link(ctx, &mut tx, link, sign_up.email_verification_id.as_ref()).await?;
        if sign_up.status == SignUpStatus::Complete || client.sign_up_id.as_ref() != Some(&sign_up.id) {
            return Err(Code::VerificationLinkTokenStale.into());
        }
        sign_up.email_verified = true;
        let before = client.clone();
        let done = self.settle_sign_up(ctx, &mut tx, client, sign_up, None, None).await?;
        if done.token.is_some() {
            self.keep_token_elsewhere(ctx, &mut tx, link, &before).await?;
        }
        tx.commit().await?;
        Ok(LinkProof { created_session_id: done.sign_up.created_session_id, token: done.token })
    }
}
