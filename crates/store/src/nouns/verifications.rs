//! Challenges. A code is tried and used up by guarded updates: of any number of parallel tries one wins.

use verger_model::external_account::VerificationError;
use verger_model::verification::{Verification, VerificationStatus};
use verger_model::{Channel, ClientId, IdentificationId, InstanceId, Millis, VerificationId};

use super::{guarded, model, parsed, parsed_if, word};
use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// See [`verger_model::verification::Verification`].
pub struct Verifications<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    strategy: String,
    status: String,
    attempts: i64,
    target: Option<String>,
    identification_id: Option<String>,
    channel: Option<String>,
    code_digest: Option<String>,
    external_redirect_url: Option<String>,
    error: Option<String>,
    nonce: Option<String>,
    expire_at: Option<i64>,
    verified_at_client: Option<String>,
    created_at: i64,
}

#[derive(sqlx::FromRow)]
struct SentRow {
    created_at: i64,
}

const TABLE: &str = "verifications";

impl TryFrom<Row> for Verification {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: parsed(TABLE, &row.id, &row.id)?,
            strategy: parsed(TABLE, &row.id, &row.strategy)?,
            status: word(TABLE, &row.id, &row.status, VerificationStatus::parse)?,
            identification_id: parsed_if(TABLE, &row.id, row.identification_id.as_deref())?,
            verified_at_client: parsed_if(TABLE, &row.id, row.verified_at_client.as_deref())?,
            error: row.error.map(|text| word(TABLE, &row.id, &text, VerificationError::parse)).transpose()?,
            external_redirect_url: row.external_redirect_url,
            channel: row.channel.as_deref().map(|text| word(TABLE, &row.id, text, Channel::parse)).transpose()?,
            attempts: row.attempts,
            target: row.target,
            code_digest: row.code_digest,
            nonce: row.nonce,
            expire_at: row.expire_at.map(Millis),
            created_at: Millis(row.created_at),
        })
    }
}

macro_rules! columns {
    () => {
        "id, strategy, status, attempts, target, identification_id, channel, code_digest, external_redirect_url, error, \
         expire_at, verified_at_client, created_at, nonce"
    };
}

macro_rules! select {
    ($tail:literal) => {
        concat!("SELECT ", columns!(), " FROM verifications WHERE instance_id = $1 AND ", $tail)
    };
}

impl<A> Verifications<'_, A> {
    /// The challenge with this id.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get(
        &mut self,
        instance: &InstanceId,
        id: &VerificationId,
    ) -> Result<Option<Verification>, StoreError> {
        model(sql::one!(self, Row, select!("id = $2"), instance.as_str(), id.as_str())?)
    }

    /// The latest challenge that was sent to an address, for the send throttle.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn last_for_target(
        &mut self,
        instance: &InstanceId,
        target: &str,
    ) -> Result<Option<Verification>, StoreError> {
        model(sql::one!(
            self,
            Row,
            select!("target = $2 ORDER BY created_at DESC, id DESC LIMIT 1"),
            instance.as_str(),
            target,
        )?)
    }

    /// The latest challenge that was sent to an address on behalf of one identification.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn last_for_identification(
        &mut self,
        instance: &InstanceId,
        target: &str,
        identification: &IdentificationId,
    ) -> Result<Option<Verification>, StoreError> {
        // By the address first: that is what there is an index for.
        model(sql::one!(
            self,
            Row,
            select!("target = $2 AND identification_id = $3 ORDER BY created_at DESC, id DESC LIMIT 1"),
            instance.as_str(),
            target,
            identification.as_str(),
        )?)
    }

    /// When the `n`th latest challenge that nobody has answered rightly was sent to an address.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn nth_last_send(
        &mut self,
        instance: &InstanceId,
        target: &str,
        n: i64,
    ) -> Result<Option<Millis>, StoreError> {
        let row = sql::one!(
            self,
            SentRow,
            "SELECT created_at FROM verifications \
              WHERE instance_id = $1 AND target = $2 AND status <> 'verified' \
              ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET $3",
            instance.as_str(),
            target,
            n - 1,
        )?;
        Ok(row.map(|row: SentRow| Millis(row.created_at)))
    }
}

impl Verifications<'_, Write> {
    /// As [`Verifications::get`], and nobody else changes it before this write ends.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn get_for_update(
        &mut self,
        instance: &InstanceId,
        id: &VerificationId,
    ) -> Result<Option<Verification>, StoreError> {
        let text = sql::for_update!(self, select!("id = $2"));
        model(sql::one!(self, Row, text, instance.as_str(), id.as_str())?)
    }

    /// Adds a challenge.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn insert(&mut self, instance: &InstanceId, it: &Verification) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "INSERT INTO verifications \
                (instance_id, id, strategy, status, attempts, target, identification_id, channel, code_digest, \
                 external_redirect_url, error, expire_at, created_at, verified_at_client, nonce) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            instance.as_str(),
            it.id.as_str(),
            it.strategy.as_str(),
            it.status.as_str(),
            it.attempts,
            it.target.as_deref(),
            it.identification_id.as_ref().map(verger_model::IdentificationId::as_str),
            it.channel.map(Channel::as_str),
            it.code_digest.as_deref(),
            it.external_redirect_url.as_deref(),
            it.error.as_ref().map(VerificationError::to_text),
            it.expire_at.map(|at| at.0),
            it.created_at.0,
            it.verified_at_client.as_ref().map(ClientId::as_str),
            it.nonce.as_deref(),
        )?;
        Ok(())
    }

    /// Writes everything but birth and nonce. For codes, [`Verifications::take_attempt`] and [`Verifications::consume`] are the ways to
    /// change attempts and status.
    ///
    /// # Errors
    /// `Stale` when there is no such challenge.
    pub async fn update(&mut self, instance: &InstanceId, it: &Verification) -> Result<(), StoreError> {
        guarded(sql::execute!(
            self,
            "UPDATE verifications \
                SET strategy = $3, status = $4, attempts = $5, target = $6, identification_id = $7, channel = $8, \
                    code_digest = $9, expire_at = $10, external_redirect_url = $11, error = $12, verified_at_client = $13 \
              WHERE instance_id = $1 AND id = $2",
            instance.as_str(),
            it.id.as_str(),
            it.strategy.as_str(),
            it.status.as_str(),
            it.attempts,
            it.target.as_deref(),
            it.identification_id.as_ref().map(verger_model::IdentificationId::as_str),
            it.channel.map(Channel::as_str),
            it.code_digest.as_deref(),
            it.expire_at.map(|at| at.0),
            it.external_redirect_url.as_deref(),
            it.error.as_ref().map(VerificationError::to_text),
            it.verified_at_client.as_ref().map(ClientId::as_str),
        )?)
    }

    /// Counts one more answer and gives the challenge as it is then. `None`: no answer is taken any more (used up, out of tries,
    /// out of time, unknown).
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn take_attempt(
        &mut self,
        instance: &InstanceId,
        id: &VerificationId,
        max: i64,
        now: Millis,
    ) -> Result<Option<Verification>, StoreError> {
        model(sql::one!(
            self,
            Row,
            concat!(
                "UPDATE verifications SET attempts = attempts + 1 \
                  WHERE instance_id = $1 AND id = $2 AND status = 'unverified' AND attempts < $3 \
                    AND (expire_at IS NULL OR expire_at > $4) \
                 RETURNING ",
                columns!()
            ),
            instance.as_str(),
            id.as_str(),
            max,
            now.0,
        )?)
    }

    /// Uses a challenge up. `false`: somebody else did, or its time is over.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn consume(
        &mut self,
        instance: &InstanceId,
        id: &VerificationId,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE verifications SET status = 'verified' \
              WHERE instance_id = $1 AND id = $2 AND status = 'unverified' AND (expire_at IS NULL OR expire_at > $3)",
            instance.as_str(),
            id.as_str(),
            now.0,
        )?;
        Ok(changed > 0)
    }

    /// Uses a link up, on the client where it was opened. `false`: it was opened before, or its time is over.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn open_link(
        &mut self,
        instance: &InstanceId,
        id: &VerificationId,
        client: Option<&ClientId>,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE verifications SET status = 'verified', attempts = 1, verified_at_client = $3 \
              WHERE instance_id = $1 AND id = $2 AND status = 'unverified' AND (expire_at IS NULL OR expire_at > $4)",
            instance.as_str(),
            id.as_str(),
            client.map(ClientId::as_str),
            now.0,
        )?;
        Ok(changed > 0)
    }

    /// Takes what a transferable challenge proved. `false`: it was taken before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn take_transfer(&mut self, instance: &InstanceId, id: &VerificationId) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE verifications SET status = 'verified', error = NULL \
              WHERE instance_id = $1 AND id = $2 AND status = 'transferable'",
            instance.as_str(),
            id.as_str(),
        )?;
        Ok(changed > 0)
    }
}
