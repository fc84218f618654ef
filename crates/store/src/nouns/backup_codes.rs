//! Backup codes: keyed digests, each taken once by a guarded change.

use verger_model::{InstanceId, Millis, UserId};

use crate::StoreError;
use crate::sql::{self, Conn, Write};

/// The codes that users keep for the day their other factor is lost.
pub struct BackupCodes<'a, A> {
    pub(super) conn: Conn<'a, A>,
}

impl BackupCodes<'_, Write> {
    /// Puts a set in the place of all that the user had.
    ///
    /// # Errors
    /// `Stale` when there is no such user; `Conflict` when two digests are the same.
    pub async fn replace(
        &mut self,
        instance: &InstanceId,
        user: &UserId,
        digests: &[String],
        now: Millis,
    ) -> Result<(), StoreError> {
        self.delete(instance, user).await?;
        for digest in digests {
            sql::execute!(
                self,
                "INSERT INTO backup_codes (instance_id, user_id, digest, created_at) VALUES ($1, $2, $3, $4)",
                instance.as_str(),
                user.as_str(),
                digest.as_str(),
                now.0,
            )?;
        }
        Ok(())
    }

    /// Takes a code. `false`: there is no such code, or it was taken before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn consume(
        &mut self,
        instance: &InstanceId,
        user: &UserId,
        digest: &str,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let changed = sql::execute!(
            self,
            "UPDATE backup_codes SET used_at = $4 \
              WHERE instance_id = $1 AND user_id = $2 AND digest = $3 AND used_at IS NULL",
            instance.as_str(),
            user.as_str(),
            digest,
            now.0,
        )?;
        Ok(changed > 0)
    }

    /// Takes all codes of a user away.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn delete(&mut self, instance: &InstanceId, user: &UserId) -> Result<(), StoreError> {
        sql::execute!(
            self,
            "DELETE FROM backup_codes WHERE instance_id = $1 AND user_id = $2",
            instance.as_str(),
            user.as_str(),
        )?;
        Ok(())
    }
}
