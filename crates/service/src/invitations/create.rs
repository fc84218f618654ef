//! Inviting people.

use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use verger_model::identification::IdentificationKind;
use verger_model::invitation::{Invitation, InvitationStatus};
use verger_model::metadata::{Metadata, check_size};
use verger_model::rate_limit::RateLimit;
use verger_model::{Code, InvitationId, Millis, Refusal, email};
use verger_store::WriteTx;

/// How long an invitation can be accepted unless said otherwise, in days.
const DEFAULT_DAYS: i64 = 30;

/// An invitation to make.
#[derive(Clone, Debug, Default)]
pub struct NewInvitation {
    /// Whom to invite.
    pub email_address: String,
    /// Becomes the user's `public_metadata`.
    pub public_metadata: Option<Metadata>,
    /// Where the link leads, if not to the instance's own pages.
    pub redirect_url: Option<String>,
    /// Whether no mail is sent.
    pub is_silent: bool,
    /// Invite whoever has a pending invitation or an account already.
    pub ignore_existing: bool,
    /// For how many days it can be accepted.
    pub expires_in_days: Option<i64>,
}

impl Service {
    /// Makes invitations, all of them or none, and mails each.
    ///
    /// # Errors
    /// `too_many_requests`, `form_param_format_invalid`, `form_identifier_exists` for an address with an account, `duplicate_record` for one with a
    /// pending invitation, `form_param_exceeds_allowed_size`, the refusals of a redirect address.
    pub async fn create_invitations(&self, ctx: &Ctx, new: Vec<NewInvitation>) -> Result<Vec<Invitation>> {
        let limit = if new.len() == 1 { RateLimit::InvitationCreate } else { RateLimit::InvitationBulk };
        self.admit(ctx, limit, "")?;
        let mut tx = self.store.write().await?;
        let mut made = Vec::with_capacity(new.len());
        for new in new {
            made.push(self.create_invitation(ctx, &mut tx, new).await?);
        }
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        Ok(made)
    }

    /// One invitation, inside a write.
    ///
    /// # Errors
    /// As [`Service::create_invitations`].
    pub(crate) async fn create_invitation(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        new: NewInvitation,
    ) -> Result<Invitation> {
        let address = email::normalize(&new.email_address)
            .ok_or_else(|| Refusal::param(Code::FormParamFormatInvalid, "email_address"))?;
        let public_metadata = new.public_metadata.unwrap_or_default();
        check_size(&public_metadata, "public_metadata")?;
        if let Some(url) = &new.redirect_url {
            self.check_redirect(ctx, url)?;
        }
        if !new.ignore_existing {
            let kind = IdentificationKind::EmailAddress;
            if tx.identifications().claimed(ctx.instance(), kind, &address).await?.is_some() {
                return Err(Refusal::param(Code::FormIdentifierExists, "email_address").into());
            }
            if tx.invitations().pending_of(ctx.instance(), &address, ctx.now).await?.is_some() {
                return Err(Refusal::param(Code::DuplicateRecord, "email_address").into());
            }
        }
        let invitation = Invitation {
            id: InvitationId::generate(ctx.now, self.entropy()),
            email_address: address,
            public_metadata,
            status: InvitationStatus::Pending,
            redirect_url: new.redirect_url,
            expire_at: ctx.now + Millis::from_days(new.expires_in_days.unwrap_or(DEFAULT_DAYS)),
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        tx.invitations().insert(ctx.instance(), &invitation).await?;
        if !new.is_silent {
            let url = self.invitation_url(ctx, &invitation)?;
            self.enqueue_invitation_mail(ctx, tx, &invitation.email_address, &url).await?;
        }
        Ok(invitation)
    }
}
