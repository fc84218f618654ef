//! Email addresses and phone numbers. One claimed (verified or reserved) row per value; unproved ones may repeat.

use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus, Proof};
use verger_model::{IdentificationId, InstanceId, Millis, UserId};

use super::{guarded, model, models, parsed, parsed_if, word};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::identification::Identification`].
pub struct Identifications<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
pub(super) struct IdentificationRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) kind: String,
    pub(super) value: String,
    pub(super) status: String,
    pub(super) proof_strategy: Option<String>,
    pub(super) proof_attempts: Option<i64>,
    pub(super) proof_expire_at: Option<i64>,
    pub(super) verification_id: Option<String>,
    pub(super) reserved_for_second_factor: bool,
    pub(super) default_second_factor: bool,
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

const TABLE: &str = "identifications";

impl TryFrom<IdentificationRow> for Identification {
    type Error = StoreError;

    fn try_from(row: IdentificationRow) -> Result<Self, StoreError> {
        let verification_id = parsed_if(TABLE, &row.id, row.verification_id.as_deref())?;
        let strategy = parsed_if(TABLE, &row.id, row.proof_strategy.as_deref())?;
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            user_id: parsed(TABLE, &row.id, &row.user_id)?,
            kind: word(TABLE, &row.id, &row.kind, IdentificationKind::parse)?,
            status: word(TABLE, &row.id, &row.status, IdentificationStatus::parse)?,
            value: row.value,
            proof: strategy.map(|strategy| Proof {
                strategy,
                attempts: row.proof_attempts,
                expire_at: row.proof_expire_at.map(Millis),
            }),
            verification_id,
            reserved_for_second_factor: row.reserved_for_second_factor,
            default_second_factor: row.default_second_factor,
            created_at: Millis(row.created_at),
            updated_at: Millis(row.updated_at),
        })
    }
}

/// What every statement that gives identifications selects.
macro_rules! select_identifications {
    ($tail:literal) => {
        concat!(
            "SELECT id, user_id, kind, value, status, proof_strategy, proof_attempts, proof_expire_at, verification_id, \
                    reserved_for_second_factor, default_second_factor, created_at, updated_at \
               FROM identifications WHERE instance_id = ",
            $tail
        )
    };
}
pub(super) use select_identifications;

impl<A> Identifications<'_, A> {
    /// The identification with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(
        &mut self,
        instance: &InstanceId,
        id: &IdentificationId,
    ) -> Result<Option<Identification>, StoreError> {
        model(sql::one!(
            self,
            IdentificationRow,
            select_identifications!("$1 AND id = $2"),
            instance.as_str(),
            id.as_str(),
        )?)
    }

    /// The identifications of a user, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn of_user(&mut self, instance: &InstanceId, user: &UserId) -> Result<Vec<Identification>, StoreError> {
        models(sql::all!(
            self,
            IdentificationRow,
            select_identifications!("$1 AND user_id = $2 ORDER BY created_at, id"),
            instance.as_str(),
            user.as_str(),
        )?)
    }

    /// The one verified or reserved identification with this value.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn claimed(
        &mut self,
        instance: &InstanceId,
        kind: IdentificationKind,
        value: &str,
    ) -> Result<Option<Identification>, StoreError> {
        model(sql::one!(
            self,
            IdentificationRow,
            select_identifications!("$1 AND kind = $2 AND value = $3 AND status IN ('verified', 'reserved')"),
            instance.as_str(),
            kind.as_str(),
            value,
        )?)
    }
}

impl<A> Identifications<'_, A> {
    /// Whether somebody claims this address or a subaddress of it (`jane+news@…`, also with `=` and `#`).
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn has_mailbox(&mut self, instance: &InstanceId, base: &str) -> Result<bool, StoreError> {
        let (local, domain) = base.rsplit_once('@').unwrap_or((base, ""));
        let row = sql::one!(
            self,
            CountRow,
            "SELECT COUNT(*) AS count FROM identifications \
              WHERE instance_id = $1 AND kind = $2 AND status IN ('verified', 'reserved') \
                AND (value = $3 OR value LIKE $4 AND (value > $5 AND value < $6 OR value > $7 AND value < $8 \
                                                      OR value > $9 AND value < $10))",
            instance.as_str(),
            IdentificationKind::EmailAddress.as_str(),
            base,
            format!("%@{domain}"),
            format!("{local}+"),
            format!("{local},"),
            format!("{local}="),
            format!("{local}>"),
            format!("{local}#"),
            format!("{local}$"),
        )?;
        Ok(row.is_some_and(|row| row.count > 0))
    }
}

#[derive(sqlx::FromRow)]
struct CountRow {
    count: i64,
}

impl Identifications<'_, Write> {
    /// Adds an identification.
    ///
    /// # Errors
    /// `Conflict` on `identifications_kind_value` when the value is claimed and this one claims it too; `Stale` when there is no
    /// such user.
    pub async fn insert(&mut self, instance: &InstanceId, it: &Identification) -> Result<(), StoreError> {
        let proof = it.proof.as_ref();
        sql::execute!(
            self,
            "INSERT INTO identifications \
                (instance_id, id, user_id, kind, value, status, proof_strategy, proof_attempts, proof_expire_at, \
                 reserved_for_second_factor, default_second_factor, created_at, updated_at, verification_id) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            instance.as_str(),
            it.id.as_str(),
            it.user_id.as_str(),
            it.kind.as_str(),
            it.value.as_str(),
            it.status.as_str(),
            proof.map(|proof| proof.strategy.as_str()),
            proof.and_then(|proof| proof.attempts),
            proof.and_then(|proof| proof.expire_at).map(|at| at.0),
            it.reserved_for_second_factor,
            it.default_second_factor,
            it.created_at.0,
            it.updated_at.0,
            it.verification_id.as_ref().map(verger_model::VerificationId::as_str),
        )?;
        Ok(())
    }

    /// Writes value, status, proof, challenge, and what it is to the second factor.
    ///
    /// # Errors
    /// `Conflict` as [`Identifications::insert`]; `Stale` when there is no such identification.
    pub async fn update(&mut self, instance: &InstanceId, it: &Identification) -> Result<(), StoreError> {
        let proof = it.proof.as_ref();
        guarded(sql::execute!(
            self,
            "UPDATE identifications \
                SET value = $3, status = $4, proof_strategy = $5, proof_attempts = $6, proof_expire_at = $7, \
                    reserved_for_second_factor = $8, default_second_factor = $9, updated_at = $10, verification_id = $11 \
              WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            it.id.as_str(),
            it.value.as_str(),
            it.status.as_str(),
            proof.map(|proof| proof.strategy.as_str()),
            proof.and_then(|proof| proof.attempts),
            proof.and_then(|proof| proof.expire_at).map(|at| at.0),
            it.reserved_for_second_factor,
            it.default_second_factor,
            it.updated_at.0,
            it.verification_id.as_ref().map(verger_model::VerificationId::as_str),
        )?)
    }

    /// Removes an identification. `false`: there was none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete(&mut self, instance: &InstanceId, id: &IdentificationId) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "DELETE FROM identifications WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            id.as_str(),
        )?;
        Ok(changed > 0)
    }
}
