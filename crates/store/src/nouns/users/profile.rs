//! A user and their identifications in one read: the user's columns come back on every row.

use verger_model::identification::Identification;
use verger_model::user::{Profile, User};
use verger_model::{InstanceId, UserId};

use super::Users;
use super::row::{UserRow, user_columns};
use crate::StoreError;
use crate::nouns::external_accounts::{ExternalAccountRow, select_external_accounts};
use crate::nouns::identifications::IdentificationRow;
use crate::nouns::models;
use crate::sql;

#[derive(sqlx::FromRow)]
struct ProfileRow {
    #[sqlx(flatten)]
    user: UserRow,
    has_external_accounts: bool,
    #[sqlx(flatten)]
    identification: IdentificationPart,
}

/// An identification beside its user: all columns of the row are there, or none.
#[derive(sqlx::FromRow)]
struct IdentificationPart {
    i_id: Option<String>,
    i_user_id: Option<String>,
    i_kind: Option<String>,
    i_value: Option<String>,
    i_status: Option<String>,
    i_proof_strategy: Option<String>,
    i_proof_attempts: Option<i64>,
    i_proof_expire_at: Option<i64>,
    i_verification_id: Option<String>,
    i_reserved_for_second_factor: Option<bool>,
    i_default_second_factor: Option<bool>,
    i_created_at: Option<i64>,
    i_updated_at: Option<i64>,
}

impl IdentificationPart {
    fn row(self) -> Option<IdentificationRow> {
        Some(IdentificationRow {
            id: self.i_id?,
            user_id: self.i_user_id?,
            kind: self.i_kind?,
            value: self.i_value?,
            status: self.i_status?,
            proof_strategy: self.i_proof_strategy,
            proof_attempts: self.i_proof_attempts,
            proof_expire_at: self.i_proof_expire_at,
            verification_id: self.i_verification_id,
            reserved_for_second_factor: self.i_reserved_for_second_factor?,
            default_second_factor: self.i_default_second_factor?,
            created_at: self.i_created_at?,
            updated_at: self.i_updated_at?,
        })
    }
}

impl<A> Users<'_, A> {
    /// A user together with their identifications.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn profile(&mut self, instance: &InstanceId, id: &UserId) -> Result<Option<Profile>, StoreError> {
        let rows = sql::all!(
            self,
            ProfileRow,
            concat!(
                "SELECT ",
                user_columns!(),
                ", EXISTS (SELECT 1 FROM external_accounts e \
                            WHERE e.instance_id = users.instance_id AND e.user_id = users.id) AS has_external_accounts, \
                   i.id AS i_id, i.user_id AS i_user_id, i.kind AS i_kind, i.value AS i_value, i.status AS i_status, \
                   i.proof_strategy AS i_proof_strategy, i.proof_attempts AS i_proof_attempts, \
                   i.proof_expire_at AS i_proof_expire_at, i.verification_id AS i_verification_id, \
                   i.reserved_for_second_factor AS i_reserved_for_second_factor, \
                   i.default_second_factor AS i_default_second_factor, \
                   i.created_at AS i_created_at, i.updated_at AS i_updated_at \
                  FROM users LEFT JOIN identifications i ON i.instance_id = users.instance_id AND i.user_id = users.id \
                 WHERE users.instance_id = $1 AND users.id = $2 ORDER BY i.created_at, i.id"
            ),
            instance.as_str(),
            id.as_str(),
        )?;
        let (mut owner, mut identifications) = (None, Vec::with_capacity(rows.len()));
        // Most users have none: those are still one read.
        let has_accounts = rows.first().is_some_and(|row| row.has_external_accounts);
        for ProfileRow { user, identification, .. } in rows {
            owner.get_or_insert(user);
            if let Some(row) = identification.row() {
                identifications.push(Identification::try_from(row)?);
            }
        }
        let Some(owner) = owner else { return Ok(None) };
        let external_accounts = if has_accounts {
            let text = select_external_accounts!("$1 AND user_id = $2 ORDER BY created_at, id");
            models(sql::all!(self, ExternalAccountRow, text, instance.as_str(), id.as_str())?)?
        } else {
            Vec::new()
        };
        let user = User::try_from(owner)?;
        let passkeys =
            self.passkeys_of(instance, std::slice::from_ref(&user)).await?.remove(&user.id).unwrap_or_default();
        Ok(Some(Profile { user, identifications, external_accounts, passkeys }))
    }
}
