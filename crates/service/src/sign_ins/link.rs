//! A first factor proved by opening a link.

use super::complete::Progress;
use crate::ctx::Ctx;
use crate::email_links::{Link, LinkProof};
use crate::error::Result;
use crate::second_factors::asked_of;
use crate::service::Service;
use verger_model::user::Profile;
use verger_model::{Code, SignInId, Strategy};

impl Service {
    /// Goes on with the attempt that asked for a link, on the client that asked.
    ///
    /// # Errors
    /// `verification_link_token_stale`, `verification_already_verified`, `sign_in_identification_or_user_deleted`,
    /// `user_locked`, `user_banned`, `strategy_for_user_invalid` where links were switched off meanwhile.
    pub(crate) async fn sign_in_by_link(&self, ctx: &Ctx, link: &Link, id: &SignInId) -> Result<LinkProof> {
        let mut tx = self.store.write().await?;
        let found = tx.clients().get_for_update(ctx.instance(), &link.client_id).await?;
        let client = found.ok_or(Code::VerificationLinkTokenStale)?;
        let found = tx.sign_ins().get_for_update(ctx.instance(), id).await?;
        let mut sign_in = found
            .filter(|it| it.client_id == client.id && !it.is_abandoned(ctx.now))
            .ok_or(Code::VerificationLinkTokenStale)?;
        let asked = self.use_link(ctx, &mut tx, link, sign_in.first_factor_verification_id.as_ref()).await?;
        sign_in.expect_first_factor()?;
        if client.sign_in_id.as_ref() != Some(&sign_in.id) {
            return Err(Code::VerificationLinkTokenStale.into());
        }
        let gone = || Code::SignInIdentificationOrUserDeleted;
        let proved = match asked.identification_id.as_ref().filter(|_| sign_in.undisclosed().is_some()) {
            Some(id) => tx.identifications().get(ctx.instance(), id).await?.map(|it| it.user_id),
            None => sign_in.user_id.clone(),
        };
        let user_id = proved.ok_or_else(gone)?;
        let user = tx.users().get_for_update(ctx.instance(), &user_id).await?.ok_or_else(gone)?;
        if sign_in.undisclosed().is_some() {
            sign_in = self.disclosed(ctx, &mut tx, &client, sign_in, &user).await?;
        }
        self.expect_may_sign_in(ctx, &user)?;
        if !ctx.tenant.instance.settings.sign_in.email_link {
            return Err(Code::StrategyForUserInvalid.into());
        }
        let identifications = tx.identifications().of_user(ctx.instance(), &user_id).await?;
        let external_accounts = tx.external_accounts().of_user(ctx.instance(), &user_id).await?;
        let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
        let profile = Profile { user, identifications, external_accounts, passkeys };
        // An address that was taken away since no longer signs in.
        asked.identification_id.as_ref().and_then(|id| profile.claimed(id)).ok_or_else(gone)?;
        let mut user = profile.user;
        user.forget_failures();
        let before = client.clone();
        let strategy = Strategy::EmailLink;
        let sign_in = sign_in.first_factor_verified(strategy, asked_of(ctx, &user), ctx.now)?;
        let proof = match self.advance(ctx, &mut tx, client, sign_in, &mut user, strategy).await? {
            Progress::SignedIn(_, sign_in, token) => {
                self.keep_token_elsewhere(ctx, &mut tx, link, &before).await?;
                LinkProof { created_session_id: sign_in.created_session_id, token: Some(token) }
            }
            Progress::Waiting(..) => LinkProof::default(),
        };
        tx.commit().await?;
        Ok(proof)
    }
}
