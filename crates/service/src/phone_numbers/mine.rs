//! Phone numbers that signed-in users keep for themselves.

use super::second_factor::{expect_can_be_factor, expect_factor_can_go};
use super::verify::mine;
use super::{MyPhoneNumber, taken};
use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::visitors::Visitor;
use crate::ways_in::{Going, has_another_way_in};
use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus};
use verger_model::session::Session;
use verger_model::user::Profile;
use verger_model::{Code, IdentificationId, Refusal, phone};
use verger_store::WriteTx;

/// How many numbers a user may leave unproved.
const UNPROVED_MAX: usize = 5;

/// What users change about a number.
#[derive(Clone, Copy, Debug, Default)]
pub struct MyPhoneNumberPatch {
    /// Whether codes to it are a second factor.
    pub reserved_for_second_factor: Option<bool>,
    /// Whether it is the one that the second factor begins with.
    pub default_second_factor: Option<bool>,
}

impl Service {
    /// The numbers of the signed-in user, oldest first.
    ///
    /// # Errors
    /// `signed_out`.
    pub async fn my_phone_numbers(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
    ) -> Result<Vec<Identification>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let profile = self.get_user(ctx, session.user_id.as_str()).await?;
        Ok(profile.phone_numbers().cloned().collect())
    }

    /// One number of the signed-in user.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found`.
    pub async fn my_phone_number(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
    ) -> Result<Outcome<MyPhoneNumber>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let profile = self.get_user(ctx, session.user_id.as_str()).await?;
        let number = profile.phone_numbers().find(|it| it.id.as_str() == id).cloned().ok_or(Code::ResourceNotFound)?;
        self.about_number(ctx, &session, number.into()).await
    }

    /// Adds a number, unproved.
    ///
    /// # Errors
    /// `signed_out`, `session_reverification_required`, `form_param_unknown` where users have none, `form_param_format_invalid`, `form_identifier_exists`,
    /// `not_allowed_access`, `too_many_unverified_identifications`, `form_param_value_disabled` for a second factor that the instance does not offer.
    pub async fn create_my_phone_number(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        text: &str,
        reserved_for_second_factor: bool,
    ) -> Result<Outcome<MyPhoneNumber>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_fresh_session(ctx, &session).await?;
        let settings = &ctx.tenant.instance.settings;
        if !settings.attributes.phone_number.enabled {
            return Err(Refusal::param(Code::FormParamUnknown, "phone_number").into());
        }
        if reserved_for_second_factor && !settings.offers_phone_second_factor() {
            return Err(Refusal::param(Code::FormParamValueDisabled, "reserved_for_second_factor").into());
        }
        let value =
            phone::normalize(text).ok_or_else(|| Refusal::param(Code::FormParamFormatInvalid, "phone_number"))?;
        let mut reader = self.store.read().await?;
        self.expect_let_in(ctx, &mut reader, IdentificationKind::PhoneNumber, &value).await?;
        drop(reader);
        let mut tx = self.store.write().await?;
        let found = tx.users().get_for_update(ctx.instance(), &session.user_id).await?;
        let user = found.ok_or(Code::SignedOut)?;
        let numbers = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        let kind = IdentificationKind::PhoneNumber;
        let is_own = numbers.iter().any(|it| it.kind == kind && it.value == value);
        let is_taken = tx.identifications().claimed(ctx.instance(), kind, &value).await?.is_some();
        if is_own || (is_taken && !self.is_strict(ctx)) {
            return Err(Refusal::param(Code::FormIdentifierExists, "phone_number").into());
        }
        let unproved = numbers.iter().filter(|it| it.kind == kind && it.status == IdentificationStatus::Unverified);
        if unproved.count() >= UNPROVED_MAX {
            return Err(Code::TooManyUnverifiedIdentifications.into());
        }
        let number = Identification {
            id: IdentificationId::generate(ctx.now, self.entropy()),
            user_id: user.id,
            kind,
            value,
            status: IdentificationStatus::Unverified,
            proof: None,
            verification_id: None,
            reserved_for_second_factor,
            default_second_factor: false,
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        tx.identifications().insert(ctx.instance(), &number).await.map_err(taken)?;
        tx.commit().await?;
        self.about_number(ctx, &session, number.into()).await
    }

    /// Makes a second factor of a number, or the default one, or none of it.
    ///
    /// # Errors
    /// `signed_out`, `session_reverification_required`, `resource_not_found`,
    /// `identification_update_second_factor_unverified`, `identification_update_failed` for
    /// the last way in, `second_factor_deletion_not_allowed`, `form_disable_default_second_factor_not_allowed`,
    /// `form_param_value_disabled`.
    pub async fn update_my_phone_number(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
        patch: MyPhoneNumberPatch,
    ) -> Result<Outcome<MyPhoneNumber>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_fresh_session(ctx, &session).await?;
        let mut tx = self.store.write().await?;
        let sessions = self.lock_sessions(ctx, &mut tx, &session.user_id).await?;
        let found = tx.users().get_for_update(ctx.instance(), &session.user_id).await?;
        let mut user = found.ok_or(Code::SignedOut)?;
        let mut number = mine(ctx, &mut tx, &session, id).await?;
        let identifications = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        let external_accounts = tx.external_accounts().of_user(ctx.instance(), &user.id).await?;
        let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
        let profile = Profile { user: user.clone(), identifications, external_accounts, passkeys };
        let was_factor = number.is_second_factor();
        match patch.reserved_for_second_factor {
            Some(true) if !was_factor => expect_can_be_factor(ctx, &profile, &number)?,
            Some(false) => expect_factor_can_go(ctx, &profile, &number)?,
            _ => {}
        }
        number.reserved_for_second_factor =
            patch.reserved_for_second_factor.unwrap_or(number.reserved_for_second_factor);
        apply_default(ctx, &mut tx, &profile, &mut number, patch.default_second_factor).await?;
        number.updated_at = ctx.now;
        tx.identifications().update(ctx.instance(), &number).await?;
        let value = if number.is_second_factor() && !was_factor {
            // The number was proved some time ago: that is no proof of this moment.
            self.welcome_factor(ctx, &mut tx, &mut user, number, (sessions, None)).await?
        } else {
            self.settle_phone_numbers(ctx, &mut tx, &mut user).await?;
            tx.users().update(ctx.instance(), &user).await?;
            mine(ctx, &mut tx, &session, id).await?.into()
        };
        tx.commit().await?;
        self.about_number(ctx, &session, value).await
    }

    /// Takes a number away.
    ///
    /// # Errors
    /// `signed_out`, `session_reverification_required`, `resource_not_found`, `last_required_identification_deletion_failed` for the last proved number where one is
    /// required, `identification_deletion_failed` for the last way in, `second_factor_deletion_not_allowed`.
    pub async fn delete_my_phone_number(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
    ) -> Result<Outcome<IdentificationId>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_fresh_session(ctx, &session).await?;
        let mut tx = self.store.write().await?;
        let found = tx.users().get_for_update(ctx.instance(), &session.user_id).await?;
        let mut user = found.ok_or(Code::SignedOut)?;
        let number = mine(ctx, &mut tx, &session, id).await?;
        let identifications = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        let external_accounts = tx.external_accounts().of_user(ctx.instance(), &user.id).await?;
        let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
        let profile = Profile { user: user.clone(), identifications, external_accounts, passkeys };
        if number.status.is_claimed() {
            let has_other = profile.phone_numbers().any(|it| it.id != number.id && it.status.is_claimed());
            if ctx.tenant.instance.settings.attributes.phone_number.required && !has_other {
                return Err(Code::LastRequiredIdentificationDeletionFailed.into());
            }
            if number.is_first_factor() && !has_another_way_in(ctx, &profile, Going::Identification(&number.id)) {
                return Err(Code::IdentificationDeletionFailed.into());
            }
            expect_factor_can_go(ctx, &profile, &number)?;
        }
        tx.identifications().delete(ctx.instance(), &number.id).await?;
        self.settle_phone_numbers(ctx, &mut tx, &mut user).await?;
        tx.users().update(ctx.instance(), &user).await?;
        tx.commit().await?;
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value: number.id, state: Some(state), cookie: CookieChange::Keep })
    }

    async fn about_number(&self, ctx: &Ctx, session: &Session, value: MyPhoneNumber) -> Result<Outcome<MyPhoneNumber>> {
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }
}

/// Makes the number the default second factor in the place of the one before. There is always one, so none stops being it by
/// itself.
async fn apply_default(
    ctx: &Ctx,
    tx: &mut WriteTx,
    profile: &Profile,
    number: &mut Identification,
    wanted: Option<bool>,
) -> Result<()> {
    match wanted {
        Some(true) if !number.is_second_factor() => {
            return Err(Refusal::param(Code::FormParamValueInvalid, "default_second_factor").into());
        }
        Some(true) => {
            for other in profile.phone_numbers().filter(|it| it.id != number.id && it.default_second_factor) {
                let other = Identification { default_second_factor: false, ..other.clone() };
                tx.identifications().update(ctx.instance(), &other).await?;
            }
            number.default_second_factor = true;
        }
        Some(false) if number.default_second_factor && number.is_second_factor() => {
            let code = Code::FormDisableDefaultSecondFactorNotAllowed;
            return Err(Refusal::param(code, "default_second_factor").into());
        }
        Some(false) | None => {}
    }
    Ok(())
}
