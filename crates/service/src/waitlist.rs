//! The waitlist: people ask to be let in, and the application's backend invites them or turns them down.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::invitations::NewInvitation;
use crate::service::Service;
use verger_model::invitation::{Invitation, InvitationStatus};
use verger_model::settings::SignUpMode;
use verger_model::waitlist::{WaitlistEntry, WaitlistStatus};
use verger_model::{Code, Refusal, WaitlistEntryId, email};
use verger_store::{WaitlistFilter, WriteTx};

impl Service {
    /// Somebody asks to be let in. Asking twice changes nothing.
    ///
    /// # Errors
    /// `waitlist_not_accepting_entries` unless the instance has a waitlist, `form_param_format_invalid`.
    pub async fn join_waitlist(&self, ctx: &Ctx, email_address: &str) -> Result<WaitlistEntry> {
        if ctx.tenant.instance.settings.sign_up.mode != SignUpMode::Waitlist {
            return Err(Code::WaitlistNotAcceptingEntries.into());
        }
        let mut made = self.create_waitlist_entries(ctx, &[(email_address.to_owned(), true)]).await?;
        made.pop().ok_or_else(|| Code::ResourceNotFound.into())
    }

    /// Puts addresses on the waitlist, each with a mail about it or without; who is there stays as they are.
    ///
    /// # Errors
    /// `form_param_format_invalid`; `form_param_duplicate` for an address that is given twice.
    pub async fn create_waitlist_entries(&self, ctx: &Ctx, new: &[(String, bool)]) -> Result<Vec<WaitlistEntry>> {
        let mut addresses = Vec::with_capacity(new.len());
        for (text, notify) in new {
            let invalid = || Refusal::param(Code::FormParamFormatInvalid, "email_address");
            let address = email::normalize(text).ok_or_else(invalid)?;
            if addresses.iter().any(|(known, _)| *known == address) {
                return Err(Refusal::param(Code::FormParamDuplicate, "email_address").into());
            }
            addresses.push((address, *notify));
        }
        let mut tx = self.store.write().await?;
        let mut made = Vec::with_capacity(addresses.len());
        for (address, notify) in addresses {
            made.push(self.put_on_waitlist(ctx, &mut tx, address, notify).await?);
        }
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        Ok(made)
    }

    async fn put_on_waitlist(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        email_address: String,
        notify: bool,
    ) -> Result<WaitlistEntry> {
        let entry = WaitlistEntry {
            id: WaitlistEntryId::generate(ctx.now, self.entropy()),
            email_address,
            status: WaitlistStatus::Pending,
            invitation_id: None,
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        if tx.waitlist_entries().insert(ctx.instance(), &entry).await? {
            if notify {
                self.enqueue_waitlist_mail(ctx, tx, &entry.email_address).await?;
            }
            return Ok(entry);
        }
        let known = tx.waitlist_entries().by_email_address(ctx.instance(), &entry.email_address).await?;
        known.ok_or_else(|| Code::ResourceNotFound.into())
    }

    /// The entries that fit, each with the invitation that was sent last, and how many there are.
    ///
    /// # Errors
    /// A fault only.
    pub async fn list_waitlist(
        &self,
        ctx: &Ctx,
        filter: &WaitlistFilter,
    ) -> Result<(Vec<(WaitlistEntry, Option<Invitation>)>, i64)> {
        let mut reader = self.store.read().await?;
        let (entries, count) = reader.waitlist_entries().list(ctx.instance(), filter).await?;
        let mut found = Vec::with_capacity(entries.len());
        for entry in entries {
            let invitation = match &entry.invitation_id {
                Some(id) => reader.invitations().get(ctx.instance(), id).await?,
                None => None,
            };
            found.push((entry, invitation));
        }
        Ok((found, count))
    }

    /// Invites somebody who waits, or who was turned down before.
    ///
    /// # Errors
    /// `resource_not_found`, `waitlist_entry_already_invited`, `waitlist_entry_already_completed`, and what an invitation refuses.
    pub async fn invite_from_waitlist(
        &self,
        ctx: &Ctx,
        id: &str,
        ignore_existing: bool,
    ) -> Result<(WaitlistEntry, Invitation)> {
        let mut tx = self.store.write().await?;
        let mut entry = self.waitlist_entry(ctx, &mut tx, id).await?;
        let mut allowed = vec![WaitlistStatus::Pending, WaitlistStatus::Rejected];
        if ignore_existing {
            allowed.push(WaitlistStatus::Invited);
        }
        entry.expect(&allowed)?;
        let new =
            NewInvitation { email_address: entry.email_address.clone(), ignore_existing, ..NewInvitation::default() };
        let invitation = self.create_invitation(ctx, &mut tx, new).await?;
        entry.status = WaitlistStatus::Invited;
        entry.invitation_id = Some(invitation.id.clone());
        entry.updated_at = ctx.now;
        tx.waitlist_entries().update(ctx.instance(), &entry).await?;
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        Ok((entry, invitation))
    }

    /// Turns somebody down. An invitation that was sent is taken back.
    ///
    /// # Errors
    /// `resource_not_found`, `waitlist_entry_already_rejected`, `waitlist_entry_already_completed`.
    pub async fn reject_from_waitlist(&self, ctx: &Ctx, id: &str) -> Result<WaitlistEntry> {
        let mut tx = self.store.write().await?;
        let mut entry = self.waitlist_entry(ctx, &mut tx, id).await?;
        entry.expect(&[WaitlistStatus::Pending, WaitlistStatus::Invited])?;
        if let Some(invitation) = entry.invitation_id.take() {
            tx.invitations().settle(ctx.instance(), &invitation, InvitationStatus::Revoked, ctx.now).await?;
        }
        entry.status = WaitlistStatus::Rejected;
        entry.updated_at = ctx.now;
        tx.waitlist_entries().update(ctx.instance(), &entry).await?;
        tx.commit().await?;
        Ok(entry)
    }

    /// Takes somebody who waits off the list.
    ///
    /// # Errors
    /// `resource_not_found`, `waitlist_entry_already_invited`, `_rejected` or `_completed`.
    pub async fn delete_waitlist_entry(&self, ctx: &Ctx, id: &str) -> Result<WaitlistEntryId> {
        let mut tx = self.store.write().await?;
        let entry = self.waitlist_entry(ctx, &mut tx, id).await?;
        entry.expect(&[WaitlistStatus::Pending])?;
        tx.waitlist_entries().delete(ctx.instance(), &entry.id).await?;
        tx.commit().await?;
        Ok(entry.id)
    }

    async fn waitlist_entry(&self, ctx: &Ctx, tx: &mut WriteTx, id: &str) -> Result<WaitlistEntry> {
        let id: WaitlistEntryId = id.parse().map_err(|_| Code::ResourceNotFound)?;
        let found = tx.waitlist_entries().get_for_update(ctx.instance(), &id).await?;
        found.ok_or_else(|| Code::ResourceNotFound.into())
    }
}
