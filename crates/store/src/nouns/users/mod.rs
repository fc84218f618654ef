//! Users, without their passwords.

mod list;
mod profile;
mod row;

pub use list::{IdFilter, UserFilter, UserOrder};

use std::collections::HashMap;

use verger_model::external_account::ExternalAccount;
use verger_model::identification::Identification;
use verger_model::passkey::Passkey;
use verger_model::user::{Profile, User};
use verger_model::{InstanceId, Millis, UserId};

use self::row::{UserRow, lower, select_users};
use super::external_accounts::{ExternalAccountRow, select_external_accounts};
use super::identifications::{IdentificationRow, select_identifications};
use super::passkeys::{PasskeyRow, select_passkeys};
use super::{guarded, json, model, models};
use crate::StoreError;
use crate::sql::{self, Conn, Dynamic, Write};

/// See [`verger_model::user::User`].
pub struct Users<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

impl<A> Users<'_, A> {
    /// The user with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(&mut self, instance: &InstanceId, id: &UserId) -> Result<Option<User>, StoreError> {
        model(sql::one!(self, UserRow, select_users!("$1 AND id = $2"), instance.as_str(), id.as_str())?)
    }

    /// The user with this username, given in lower case.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn by_username(&mut self, instance: &InstanceId, lower: &str) -> Result<Option<User>, StoreError> {
        model(sql::one!(self, UserRow, select_users!("$1 AND username_lower = $2"), instance.as_str(), lower)?)
    }

    /// The user whom the application's own database knows by this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn by_external_id(
        &mut self,
        instance: &InstanceId,
        external_id: &str,
    ) -> Result<Option<User>, StoreError> {
        model(sql::one!(self, UserRow, select_users!("$1 AND external_id = $2"), instance.as_str(), external_id)?)
    }

    /// Several users together with their identifications, in the order of `ids`; who is not there is left out.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn profiles(&mut self, instance: &InstanceId, ids: &[UserId]) -> Result<Vec<Profile>, StoreError> {
        match ids {
            [] => return Ok(Vec::new()),
            [id] => return Ok(Vec::from_iter(self.profile(instance, id).await?)),
            _ => {}
        }
        let mut text = Dynamic::new(select_users!(""));
        text.bind(instance.as_str()).push(" AND id IN ").bind_list(ids.iter().map(UserId::as_str));
        let users: Vec<User> = models(sql::all_dynamic!(self, UserRow, text)?)?;
        let mut by_id: HashMap<_, _> = users.into_iter().map(|user| (user.id.clone(), user)).collect();
        let users = ids.iter().filter_map(|id| by_id.remove(id)).collect();
        self.with_identifications(instance, users).await
    }

    /// The users that fit, in the filter's order, with their identifications.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn list(&mut self, instance: &InstanceId, filter: &UserFilter) -> Result<Vec<Profile>, StoreError> {
        let text = list::select(instance, filter);
        let users = models(sql::all_dynamic!(self, UserRow, text)?)?;
        self.with_identifications(instance, users).await
    }

    /// How many users fit; order, cursor, limit and offset do not count.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn count(&mut self, instance: &InstanceId, filter: &UserFilter) -> Result<i64, StoreError> {
        let text = list::count(instance, filter);
        let rows = sql::all_dynamic!(self, row::CountRow, text)?;
        Ok(rows.first().map_or(0, |row| row.count))
    }

    async fn with_identifications(
        &mut self,
        instance: &InstanceId,
        users: Vec<User>,
    ) -> Result<Vec<Profile>, StoreError> {
        if users.is_empty() {
            return Ok(Vec::new());
        }
        let mut text = Dynamic::new(select_identifications!(""));
        text.bind(instance.as_str()).push(" AND user_id IN ").bind_list(users.iter().map(|user| user.id.as_str()));
        text.push(" ORDER BY created_at, id");
        let rows: Vec<Identification> = models(sql::all_dynamic!(self, IdentificationRow, text)?)?;
        let mut by_user: HashMap<UserId, Vec<Identification>> = HashMap::new();
        for it in rows {
            by_user.entry(it.user_id.clone()).or_default().push(it);
        }
        let mut text = Dynamic::new(select_external_accounts!(""));
        text.bind(instance.as_str()).push(" AND user_id IN ").bind_list(users.iter().map(|user| user.id.as_str()));
        text.push(" ORDER BY created_at, id");
        let rows: Vec<ExternalAccount> = models(sql::all_dynamic!(self, ExternalAccountRow, text)?)?;
        let mut elsewhere: HashMap<UserId, Vec<ExternalAccount>> = HashMap::new();
        for it in rows {
            elsewhere.entry(it.user_id.clone()).or_default().push(it);
        }
        let mut passkeys = self.passkeys_of(instance, &users).await?;
        let profile = |user: User| {
            let passkeys = passkeys.remove(&user.id).unwrap_or_default();
            let identifications = by_user.remove(&user.id).unwrap_or_default();
            let external_accounts = elsewhere.remove(&user.id).unwrap_or_default();
            Profile { user, identifications, external_accounts, passkeys }
        };
        Ok(users.into_iter().map(profile).collect())
    }

    /// The passkeys of several users that were made, oldest first. Asks nothing about users without any.
    async fn passkeys_of(
        &mut self,
        instance: &InstanceId,
        users: &[User],
    ) -> Result<HashMap<UserId, Vec<Passkey>>, StoreError> {
        let mut by_user: HashMap<UserId, Vec<Passkey>> = HashMap::new();
        if !users.iter().any(|user| user.has_passkeys) {
            return Ok(by_user);
        }
        let text = select_passkeys_of(instance, users);
        for passkey in models::<PasskeyRow, Passkey>(sql::all_dynamic!(self, PasskeyRow, text)?)? {
            by_user.entry(passkey.user_id.clone()).or_default().push(passkey);
        }
        Ok(by_user)
    }
}

fn select_passkeys_of(instance: &InstanceId, users: &[User]) -> Dynamic {
    let owners = users.iter().filter(|user| user.has_passkeys).map(|user| user.id.as_str());
    let mut text = Dynamic::new(select_passkeys!(""));
    text.bind(instance.as_str()).push(" AND credential_id IS NOT NULL AND user_id IN ").bind_list(owners);
    text.push(" ORDER BY created_at, id");
    text
}

impl Users<'_, Write> {
    /// As [`Users::get`], and nobody else changes the row before this write ends.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get_for_update(&mut self, instance: &InstanceId, id: &UserId) -> Result<Option<User>, StoreError> {
        let text = sql::for_update!(self, select_users!("$1 AND id = $2"));
        model(sql::one!(self, UserRow, text, instance.as_str(), id.as_str())?)
    }

    /// Adds a user.
    ///
    /// # Errors
    /// `Conflict` on `users_username_lower` or `users_external_id`.
    pub async fn insert(&mut self, instance: &InstanceId, user: &User) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO users \
                (instance_id, id, external_id, username, username_lower, first_name, first_name_lower, last_name, \
                 last_name_lower, locale, primary_email_address_id, primary_phone_number_id, public_metadata, private_metadata, \
                 unsafe_metadata, banned, locked_until, failed_attempts, password_last_updated_at, totp_enabled, \
                 backup_code_enabled, mfa_enabled_at, mfa_disabled_at, delete_self_enabled, create_organization_enabled, \
                 create_organizations_limit, bypass_client_trust, legal_accepted_at, last_sign_in_at, last_active_at, \
                 created_at, updated_at, version, phone_second_factor) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, \
                     $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34)",
            instance.as_str(),
            user.id.as_str(),
            user.external_id.as_deref(),
            user.username.as_deref(),
            lower(user.username.as_deref()),
            user.first_name.as_deref(),
            lower(user.first_name.as_deref()),
            user.last_name.as_deref(),
            lower(user.last_name.as_deref()),
            user.locale.as_deref(),
            user.primary_email_address_id.as_ref().map(verger_model::IdentificationId::as_str),
            user.primary_phone_number_id.as_ref().map(verger_model::IdentificationId::as_str),
            json(&user.public_metadata),
            json(&user.private_metadata),
            json(&user.unsafe_metadata),
            user.banned,
            user.locked_until.map(|at| at.0),
            user.failed_attempts,
            user.password_last_updated_at.map(|at| at.0),
            user.totp_enabled,
            user.backup_code_enabled,
            user.mfa_enabled_at.map(|at| at.0),
            user.mfa_disabled_at.map(|at| at.0),
            user.delete_self_enabled,
            user.create_organization_enabled,
            user.create_organizations_limit,
            user.bypass_client_trust,
            user.legal_accepted_at.map(|at| at.0),
            user.last_sign_in_at.map(|at| at.0),
            user.last_active_at.map(|at| at.0),
            user.created_at.0,
            user.updated_at.0,
            user.version,
            user.phone_second_factor,
        )?;
        Ok(())
    }

    /// Writes a user over the version that was read, and counts the version up. `last_active_at` never goes back;
    /// `requires_password_reset` is left alone, see [`Users::require_password_reset`].
    ///
    /// # Errors
    /// `Stale`; `Conflict` as [`Users::insert`].
    pub async fn update(&mut self, instance: &InstanceId, user: &User) -> Result<(), StoreError> {
        guarded(self.write(instance, user).await?)
    }

    /// The work of [`Users::update`] for somebody who is not there. Changes nothing.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn update_nobody(&mut self, instance: &InstanceId, nobody: &User) -> Result<(), StoreError> {
        self.write(instance, nobody).await.map(drop)
    }

    async fn write(&mut self, instance: &InstanceId, user: &User) -> Result<u64, StoreError> {
        sql::execute!(
            self,
            "UPDATE users \
                SET external_id = $4, username = $5, username_lower = $6, first_name = $7, first_name_lower = $8, \
                    last_name = $9, last_name_lower = $10, locale = $11, primary_email_address_id = $12, \
                    primary_phone_number_id = $13, public_metadata = $14, private_metadata = $15, unsafe_metadata = $16, \
                    banned = $17, locked_until = $18, failed_attempts = $19, password_last_updated_at = $20, \
                    totp_enabled = $21, backup_code_enabled = $22, mfa_enabled_at = $23, mfa_disabled_at = $24, \
                    delete_self_enabled = $25, create_organization_enabled = $26, create_organizations_limit = $27, \
                    bypass_client_trust = $28, legal_accepted_at = $29, last_sign_in_at = $30, \
                    last_active_at = CASE WHEN $31 IS NULL OR last_active_at > $31 THEN last_active_at ELSE $31 END, \
                    updated_at = $32, phone_second_factor = $33, version = version + 1 \
              WHERE instance_id = $1 AND id = $2 AND version = $3",
            instance.as_str(),
            user.id.as_str(),
            user.version,
            user.external_id.as_deref(),
            user.username.as_deref(),
            lower(user.username.as_deref()),
            user.first_name.as_deref(),
            lower(user.first_name.as_deref()),
            user.last_name.as_deref(),
            lower(user.last_name.as_deref()),
            user.locale.as_deref(),
            user.primary_email_address_id.as_ref().map(verger_model::IdentificationId::as_str),
            user.primary_phone_number_id.as_ref().map(verger_model::IdentificationId::as_str),
            json(&user.public_metadata),
            json(&user.private_metadata),
            json(&user.unsafe_metadata),
            user.banned,
            user.locked_until.map(|at| at.0),
            user.failed_attempts,
            user.password_last_updated_at.map(|at| at.0),
            user.totp_enabled,
            user.backup_code_enabled,
            user.mfa_enabled_at.map(|at| at.0),
            user.mfa_disabled_at.map(|at| at.0),
            user.delete_self_enabled,
            user.create_organization_enabled,
            user.create_organizations_limit,
            user.bypass_client_trust,
            user.legal_accepted_at.map(|at| at.0),
            user.last_sign_in_at.map(|at| at.0),
            user.last_active_at.map(|at| at.0),
            user.updated_at.0,
            user.phone_second_factor,
        )
    }

    /// Writes whether a user's password must be set anew.
    ///
    /// # Errors
    /// `Stale` when there is no such user.
    pub async fn require_password_reset(
        &mut self,
        instance: &InstanceId,
        id: &UserId,
        is_required: bool,
    ) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE users SET requires_password_reset = $3 WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            id.as_str(),
            is_required,
        )?)
    }

    /// Writes when users were last seen, many at once: no version is counted up, time never goes back, users who are gone are
    /// passed over.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn stamp_active(&mut self, stamps: &[(InstanceId, UserId, Millis)]) -> Result<(), StoreError> {
        for chunk in sql::latest(stamps).chunks(300) {
            let mut text = Dynamic::new("UPDATE users SET last_active_at = stamps.column3 FROM (VALUES ");
            text.bind_stamps(chunk.iter().map(|(instance, user, at)| (instance.as_str(), user.as_str(), at.0)));
            text.push(
                ") AS stamps WHERE users.instance_id = stamps.column1 AND users.id = stamps.column2 \
                                AND (users.last_active_at IS NULL OR users.last_active_at < stamps.column3)",
            );
            sql::execute_dynamic!(self, text)?;
        }
        Ok(())
    }

    /// Removes a user with their password, identifications, sessions and sign-in tokens. `false`: there was none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete(&mut self, instance: &InstanceId, id: &UserId) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "DELETE FROM users WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            id.as_str(),
        )?;
        Ok(changed > 0)
    }
}
