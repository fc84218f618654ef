//! Right passwords that do not sign in by themselves, because somebody else may know them.

use super::password::Checked;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::ways_in::{Going, has_another_way_in};
use verger_model::user::{Profile, User};
use verger_model::{Code, Refusal};
use verger_store::WriteTx;
use verger_views::first_factor_strategies;

/// How a user can sign in beside the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OtherWay {
    /// By something that proves who they are.
    Factor,
    /// By a new password, after a code.
    Reset,
    /// Not at all.
    None,
}

impl Service {
    /// The refusal of a right password that is not trusted. Whoever has no other way in is let through: to a session that waits
    /// for a new password. The user is still to be written.
    pub(super) async fn distrust(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        user: &mut User,
        known: &Profile,
        checked: &Checked,
    ) -> Result<Option<Refusal>> {
        if checked.is_cut {
            return Ok(Some(Refusal::param(Code::PasswordTooLongNeedsReset, "password")));
        }
        if checked.is_leaked {
            self.require_password_reset(ctx, tx, user, true).await?;
        }
        if !user.requires_password_reset {
            return Ok(None);
        }
        Ok(match (other_way(ctx, known), checked.is_leaked) {
            (OtherWay::None, _) => None,
            (_, true) => Some(Refusal::param(Code::FormPasswordPwned, "password")),
            (OtherWay::Factor, false) => Some(Refusal::param(Code::FormPasswordCompromised, "password")),
            (OtherWay::Reset, false) => Some(Code::PasswordResetRequired.into()),
        })
    }
}

fn other_way(ctx: &Ctx, known: &Profile) -> OtherWay {
    if has_another_way_in(ctx, known, Going::Password) {
        return OtherWay::Factor;
    }
    let offered = first_factor_strategies(ctx.lens(), known);
    if offered.iter().any(|strategy| strategy.starts_with("reset_password_")) {
        OtherWay::Reset
    } else {
        OtherWay::None
    }
}
