//! The row of a user, and the lower-case columns that searches and uniqueness go by.

use verger_model::Millis;
use verger_model::user::User;

use crate::StoreError;
use crate::nouns::{document, parsed, parsed_if};

#[derive(sqlx::FromRow)]
pub(super) struct UserRow {
    id: String,
    external_id: Option<String>,
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    locale: Option<String>,
    primary_email_address_id: Option<String>,
    primary_phone_number_id: Option<String>,
    public_metadata: String,
    private_metadata: String,
    unsafe_metadata: String,
    banned: bool,
    locked_until: Option<i64>,
    failed_attempts: i64,
    password_last_updated_at: Option<i64>,
    requires_password_reset: bool,
    totp_enabled: bool,
    phone_second_factor: bool,
    backup_code_enabled: bool,
    has_passkeys: bool,
    mfa_enabled_at: Option<i64>,
    mfa_disabled_at: Option<i64>,
    delete_self_enabled: bool,
    create_organization_enabled: bool,
    create_organizations_limit: Option<i64>,
    bypass_client_trust: bool,
    legal_accepted_at: Option<i64>,
    last_sign_in_at: Option<i64>,
    last_active_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct CountRow {
    pub(super) count: i64,
}

/// The columns of a user, for a statement over any number of tables.
macro_rules! user_columns {
    () => {
        "users.id, users.external_id, users.username, users.first_name, users.last_name, users.locale, \
         users.primary_email_address_id, users.primary_phone_number_id, users.public_metadata, users.private_metadata, \
         users.unsafe_metadata, users.banned, users.locked_until, users.failed_attempts, users.password_last_updated_at, \
         users.requires_password_reset, \
         users.totp_enabled, users.backup_code_enabled, users.has_passkeys, users.mfa_enabled_at, users.mfa_disabled_at, \
         users.delete_self_enabled, users.create_organization_enabled, users.create_organizations_limit, \
         users.bypass_client_trust, users.legal_accepted_at, users.last_sign_in_at, users.last_active_at, users.created_at, \
         users.updated_at, users.version, users.phone_second_factor"
    };
}
pub(super) use user_columns;

/// What every statement that gives users alone selects.
macro_rules! select_users {
    ($tail:literal) => {
        concat!("SELECT ", $crate::nouns::users::row::user_columns!(), " FROM users WHERE instance_id = ", $tail)
    };
}
pub(super) use select_users;

/// The spelling that is compared. Made here and not by the database, whose idea of lower case depends on its locale.
pub(super) fn lower(text: Option<&str>) -> Option<String> {
    text.map(str::to_lowercase)
}

const TABLE: &str = "users";

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            primary_email_address_id: parsed_if(TABLE, &row.id, row.primary_email_address_id.as_deref())?,
            primary_phone_number_id: parsed_if(TABLE, &row.id, row.primary_phone_number_id.as_deref())?,
            public_metadata: document(TABLE, &row.id, &row.public_metadata)?,
            private_metadata: document(TABLE, &row.id, &row.private_metadata)?,
            unsafe_metadata: document(TABLE, &row.id, &row.unsafe_metadata)?,
            external_id: row.external_id,
            username: row.username,
            first_name: row.first_name,
            last_name: row.last_name,
            locale: row.locale,
            banned: row.banned,
            locked_until: row.locked_until.map(Millis),
            failed_attempts: row.failed_attempts,
            password_last_updated_at: row.password_last_updated_at.map(Millis),
            requires_password_reset: row.requires_password_reset,
            totp_enabled: row.totp_enabled,
            phone_second_factor: row.phone_second_factor,
            backup_code_enabled: row.backup_code_enabled,
            has_passkeys: row.has_passkeys,
            mfa_enabled_at: row.mfa_enabled_at.map(Millis),
            mfa_disabled_at: row.mfa_disabled_at.map(Millis),
            delete_self_enabled: row.delete_self_enabled,
            create_organization_enabled: row.create_organization_enabled,
            create_organizations_limit: row.create_organizations_limit,
            bypass_client_trust: row.bypass_client_trust,
            legal_accepted_at: row.legal_accepted_at.map(Millis),
            last_sign_in_at: row.last_sign_in_at.map(Millis),
            last_active_at: row.last_active_at.map(Millis),
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
            version: row.version,
        })
    }
}
