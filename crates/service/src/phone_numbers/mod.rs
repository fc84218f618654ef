//! Phone numbers of users: as their owners keep them, as the application's backend keeps them, and what follows for the second
//! factor.

mod administer;
mod mine;
mod second_factor;
mod verify;

pub use administer::{NewPhoneNumber, PhoneNumberPatch};
pub use mine::MyPhoneNumberPatch;

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::second_factors::NewBackupCodes;
use crate::service::Service;
use verger_model::identification::{Identification, IdentificationKind};
use verger_model::user::User;
use verger_model::{Code, IdentificationId, Refusal};
use verger_store::{StoreError, WriteTx};

/// A phone number, with the backup codes that were made when it became the first second factor.
#[derive(Clone, Debug)]
pub struct MyPhoneNumber {
    /// The number.
    pub number: Identification,
    /// The codes, the one time they are shown.
    pub backup_codes: Option<NewBackupCodes>,
}

impl From<Identification> for MyPhoneNumber {
    fn from(number: Identification) -> Self {
        Self { number, backup_codes: None }
    }
}

/// Somebody else proved the same number.
#[track_caller]
fn taken(err: StoreError) -> Error {
    match err {
        StoreError::Conflict { .. } => Refusal::param(Code::FormIdentifierExists, "phone_number").into(),
        other => other.into(),
    }
}

async fn known(ctx: &Ctx, tx: &mut WriteTx, id: &str) -> Result<Identification> {
    let id: IdentificationId = id.parse().map_err(|_| Code::ResourceNotFound)?;
    let found = tx.identifications().get(ctx.instance(), &id).await?;
    found.filter(|it| it.kind == IdentificationKind::PhoneNumber).ok_or_else(|| Code::ResourceNotFound.into())
}

impl Service {
    /// Brings a user in line with the phone numbers they have now: one of the second factors is the default, the primary number
    /// is one that signs in, and backup codes go with the last factor. The caller writes the user.
    async fn settle_phone_numbers(&self, ctx: &Ctx, tx: &mut WriteTx, user: &mut User) -> Result<()> {
        let mut numbers = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        numbers.retain(|it| it.kind == IdentificationKind::PhoneNumber);
        let factors = || numbers.iter().filter(|it| it.is_second_factor());
        let default =
            factors().find(|it| it.default_second_factor).or_else(|| factors().next()).map(|it| it.id.clone());
        let primary = user.primary_phone_number_id.take();
        let signs_in = || numbers.iter().filter(|it| it.is_first_factor());
        let kept = signs_in().find(|it| Some(&it.id) == primary.as_ref()).or_else(|| signs_in().next());
        user.primary_phone_number_id = kept.map(|it| it.id.clone());
        for mut number in numbers {
            let is_default = Some(&number.id) == default.as_ref();
            if number.default_second_factor != is_default {
                number.default_second_factor = is_default;
                tx.identifications().update(ctx.instance(), &number).await?;
            }
        }
        user.phone_second_factor = default.is_some();
        self.settle_second_factors(ctx, user);
        if !user.backup_code_enabled {
            tx.backup_codes().delete(ctx.instance(), &user.id).await?;
        }
        Ok(())
    }
}
