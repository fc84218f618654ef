//! Users: one file per family of operations.

mod attributes;
mod create;
mod delete;
mod external_accounts;
mod filter;
mod list;
mod metadata;
mod moderation;
mod passkeys;
mod password;
mod read;
mod second_factors;
mod update;

pub(crate) use create::create_user;
pub(crate) use delete::delete_user;
pub(crate) use external_accounts::{delete_external_account, get_oauth_access_token};
pub(crate) use list::{get_user_list, get_users_count};
pub(crate) use metadata::{replace_user_metadata, update_user_metadata};
pub(crate) use moderation::{ban_user, lock_user, unban_user, unlock_user, users_ban, users_unban};
pub(crate) use passkeys::delete_passkey;
pub(crate) use password::{
    remove_user_password, set_user_password_compromised, unset_user_password_compromised, verify_password,
};
pub(crate) use read::get_user;
pub(crate) use second_factors::{delete_backup_code, delete_totp, disable_mfa, verify_totp};
pub(crate) use update::update_user;
