//! Phone numbers as second factors: what may become one, and what may not stop being one.

use super::MyPhoneNumber;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::sessions::LockedSessions;
use crate::ways_in::{Going, has_another_way_in};
use verger_model::identification::{Identification, IdentificationStatus};
use verger_model::session::{Session, SessionTask};
use verger_model::user::{Profile, User};
use verger_model::{Code, Refusal};
use verger_store::WriteTx;

/// Whether the user has a second factor beside this number that the instance asks for.
pub(super) fn has_another_factor(ctx: &Ctx, profile: &Profile, number: &Identification) -> bool {
    let settings = &ctx.tenant.instance.settings;
    let by_app = settings.multi_factor.authenticator_app && profile.user.totp_enabled;
    let by_phone = || profile.phone_numbers().any(|it| it.id != number.id && it.is_second_factor());
    by_app || (settings.offers_phone_second_factor() && by_phone())
}

/// Refuses to make a second factor of a number that cannot be one.
pub(super) fn expect_can_be_factor(ctx: &Ctx, profile: &Profile, number: &Identification) -> Result<()> {
    if !ctx.tenant.instance.settings.offers_phone_second_factor() {
        return Err(Refusal::param(Code::FormParamValueDisabled, "reserved_for_second_factor").into());
    }
    if number.status != IdentificationStatus::Verified {
        return Err(Code::IdentificationUpdateSecondFactorUnverified.into());
    }
    if !has_another_way_in(ctx, profile, Going::Identification(&number.id)) {
        return Err(Code::IdentificationUpdateFailed.into());
    }
    Ok(())
}

/// Refuses to give up the last second factor where users must have one.
pub(super) fn expect_factor_can_go(ctx: &Ctx, profile: &Profile, number: &Identification) -> Result<()> {
    let required = ctx.tenant.instance.settings.multi_factor.required;
    if required && number.is_second_factor() && !has_another_factor(ctx, profile, number) {
        return Err(Code::SecondFactorDeletionNotAllowed.into());
    }
    Ok(())
}

impl Service {
    /// The number has become a second factor: the task falls away, and backup codes are made along when the instance has them
    /// and the user does not. Writes the user.
    pub(super) async fn welcome_factor(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &mut User,
        number: Identification,
        waiting: (LockedSessions, Option<&Session>),
    ) -> Result<MyPhoneNumber> {
        let offered = ctx.tenant.instance.settings.multi_factor.backup_codes;
        self.settle_phone_numbers(ctx, tx, user).await?;
        let backup_codes = if offered && !user.backup_code_enabled {
            Some(self.renew_backup_codes(ctx, tx, user).await?)
        } else {
            None
        };
        tx.users().update(ctx.instance(), user).await?;
        let (sessions, acting) = waiting;
        self.finish_task(ctx, tx, sessions, SessionTask::SetupMfa, acting).await?;
        let number = tx.identifications().get(ctx.instance(), &number.id).await?.ok_or(Code::ResourceNotFound)?;
        Ok(MyPhoneNumber { number, backup_codes })
    }
}
