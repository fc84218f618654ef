//! Who is let in: the lists as the application's backend keeps them, and the question at the door.

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::service::Service;
use verger_model::email::is_test_address;
use verger_model::identification::IdentificationKind;
use verger_model::restriction::{AccessIdentifier, AccessList, base_address, patterns_of, read_pattern};
use verger_model::settings::SignUpMode;
use verger_model::{AccessIdentifierId, Code, Refusal};
use verger_store::{Reader, StoreError};

impl Service {
    /// Adds an entry to a list.
    ///
    /// # Errors
    /// `form_param_format_invalid` for what is no address, number or pattern; `duplicate_record` for what is there.
    pub async fn create_access_identifier(
        &self,
        ctx: &Ctx,
        list: AccessList,
        identifier: &str,
    ) -> Result<AccessIdentifier> {
        let read = read_pattern(identifier);
        let (identifier, kind) = read.ok_or_else(|| Refusal::param(Code::FormParamFormatInvalid, "identifier"))?;
        let id = AccessIdentifierId::generate(ctx.now, self.entropy());
        let entry = AccessIdentifier { id, identifier, kind, created_at: ctx.now };
        let mut tx = self.store.write().await?;
        tx.access_identifiers().insert(ctx.instance(), list, &entry).await.map_err(there_already)?;
        tx.commit().await?;
        Ok(entry)
    }

    /// The entries of a list, newest first, and how many there are.
    ///
    /// # Errors
    /// A fault only.
    pub async fn list_access_identifiers(
        &self,
        ctx: &Ctx,
        list: AccessList,
        limit: i64,
        offset: i64,
    ) -> Result<(Vec<AccessIdentifier>, i64)> {
        let mut reader = self.store.read().await?;
        let entries = reader.access_identifiers().list(ctx.instance(), list, limit, offset).await?;
        let count = reader.access_identifiers().count(ctx.instance(), list).await?;
        Ok((entries, count))
    }

    /// Takes an entry off a list.
    ///
    /// # Errors
    /// `resource_not_found`.
    pub async fn delete_access_identifier(&self, ctx: &Ctx, list: AccessList, id: &str) -> Result<AccessIdentifierId> {
        let id: AccessIdentifierId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let mut tx = self.store.write().await?;
        if !tx.access_identifiers().delete(ctx.instance(), list, &id).await? {
            return Err(Code::ResourceNotFound.into());
        }
        tx.commit().await?;
        Ok(id)
    }

    /// Refuses an identifier that the instance does not let in. Who was invited is let in.
    ///
    /// # Errors
    /// `not_allowed_access`.
    pub(crate) async fn expect_let_in(
        &self,
        ctx: &Ctx,
        reader: &mut Reader,
        kind: IdentificationKind,
        value: &str,
    ) -> Result<()> {
        let settings = &ctx.tenant.instance.settings;
        let restrictions = &settings.restrictions;
        let refused = || Err(Refusal::param(Code::NotAllowedAccess, kind.as_str()).into());
        if restrictions.allowlist && settings.sign_up.mode == SignUpMode::Public {
            let patterns = patterns_of(value, AccessList::Allowlist);
            let is_listed =
                reader.access_identifiers().has_any(ctx.instance(), AccessList::Allowlist, &patterns).await?;
            return if is_listed { Ok(()) } else { refused() };
        }
        if restrictions.blocklist {
            let patterns = patterns_of(value, AccessList::Blocklist);
            if reader.access_identifiers().has_any(ctx.instance(), AccessList::Blocklist, &patterns).await? {
                return refused();
            }
        }
        if kind != IdentificationKind::EmailAddress {
            return Ok(());
        }
        if restrictions.block_disposable_email_domains && !mailchecker::is_valid(value) {
            return refused();
        }
        // Test addresses are subaddresses by their nature.
        let is_test = ctx.tenant.instance.test_mode() && is_test_address(value);
        if restrictions.block_email_subaddresses
            && !is_test
            && let Some(base) = base_address(value)
        {
            if self.is_strict(ctx) {
                // Whether the mailbox has an account is not told: no subaddress signs up.
                return refused();
            }
            let mailbox = reader.identifications().has_mailbox(ctx.instance(), &base).await?;
            return if mailbox { refused() } else { Ok(()) };
        }
        Ok(())
    }
}

#[track_caller]
fn there_already(err: StoreError) -> Error {
    match err {
        StoreError::Conflict { .. } => Refusal::param(Code::DuplicateRecord, "identifier").into(),
        other => other.into(),
    }
}
