//! Email addresses that signed-in users give to themselves: added unproved, proved by mail, taken away again.

use crate::clients::{CookieChange, Outcome};
use crate::ctx::Ctx;
use crate::email_links::{Link, LinkProof, LinkPurpose, LinkRequest};
use crate::enumeration::{Decoy, DecoyReason};
use crate::error::{Error, Result};
use crate::service::Service;
use crate::verifications::{Answer, CodeRequest, PrepareVerification};
use crate::visitors::Visitor;
use crate::ways_in::{Going, has_another_way_in};
use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus, Proof};
use verger_model::rate_limit::RateLimit;
use verger_model::session::Session;
use verger_model::user::{Profile, User};
use verger_model::verification::Verification;
use verger_model::{Code, IdentificationId, Refusal, Strategy, email};
use verger_store::{StoreError, WriteTx};

/// How many unproved addresses a user can have: each is a mail that somebody else may get.
const UNVERIFIED_MAX: usize = 10;

impl Service {
    /// The signed-in user's addresses, oldest first.
    ///
    /// # Errors
    /// `signed_out`.
    pub async fn my_email_addresses(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
    ) -> Result<Vec<Identification>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let profile = self.get_user(ctx, session.user_id.as_str()).await?;
        Ok(profile.email_addresses().cloned().collect())
    }

    /// One address of the signed-in user.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found`.
    pub async fn my_email_address(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
    ) -> Result<Outcome<Identification>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let profile = self.get_user(ctx, session.user_id.as_str()).await?;
        let address = own(&profile, id)?.clone();
        self.about_my_address(ctx, &session, address).await
    }

    async fn about_my_address<T>(&self, ctx: &Ctx, session: &Session, value: T) -> Result<Outcome<T>> {
        let state = self.client_now(ctx, &session.client_id).await?;
        Ok(Outcome { value, state: Some(state), cookie: CookieChange::Keep })
    }

    /// Adds an address. It is worth nothing until it is proved.
    ///
    /// # Errors
    /// `signed_out`, `form_param_unknown` where users have no addresses, `form_param_format_invalid`, `form_identifier_exists`,
    /// `too_many_unverified_identifications`, `not_allowed_access`, `session_reverification_required`.
    pub async fn add_my_email_address(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        text: &str,
    ) -> Result<Outcome<Identification>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        if !ctx.tenant.instance.settings.attributes.email_address.enabled {
            return Err(Refusal::param(Code::FormParamUnknown, "email_address").into());
        }
        let value = email::normalize(text).ok_or_else(|| Refusal::param(Code::FormParamFormatInvalid, PARAM))?;
        let kind = IdentificationKind::EmailAddress;
        self.expect_fresh_session(ctx, &session).await?;
        let mut reader = self.store.read().await?;
        self.expect_let_in(ctx, &mut reader, kind, &value).await?;
        drop(reader);
        let mut tx = self.store.write().await?;
        let profile = locked_profile(ctx, &mut tx, &session).await?;
        let is_own = profile.email_addresses().any(|it| it.value == value);
        let is_taken = tx.identifications().claimed(ctx.instance(), kind, &value).await?.is_some();
        if is_own || (is_taken && !self.is_strict(ctx)) {
            return Err(Refusal::param(Code::FormIdentifierExists, PARAM).into());
        }
        if profile.email_addresses().filter(|it| !it.status.is_claimed()).count() >= UNVERIFIED_MAX {
            return Err(Code::TooManyUnverifiedIdentifications.into());
        }
        let address = Identification {
            id: IdentificationId::generate(ctx.now, self.entropy()),
            user_id: profile.user.id.clone(),
            kind,
            value,
            status: IdentificationStatus::Unverified,
            proof: None,
            verification_id: None,
            reserved_for_second_factor: false,
            default_second_factor: false,
            created_at: ctx.now,
            updated_at: ctx.now,
        };
        tx.identifications().insert(ctx.instance(), &address).await?;
        touch(ctx, &mut tx, profile.user).await?;
        tx.commit().await?;
        self.about_my_address(ctx, &session, address).await
    }

    /// Sends the challenge for an address.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found`, `form_param_value_invalid` for another strategy, `form_param_value_disabled`,
    /// `verification_already_verified`, the refusals of a link's `redirect_url`, `form_identifier_exists` when somebody else proved it meanwhile, `verification_code_too_many_requests`.
    pub async fn prepare_my_email_address(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
        prepare: PrepareVerification,
    ) -> Result<Outcome<Identification>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        let strategy = prepare.by_mail(ctx)?;
        let mut tx = self.store.write().await?;
        let profile = locked_profile(ctx, &mut tx, &session).await?;
        let mut address = own(&profile, id)?.clone();
        if address.status == IdentificationStatus::Verified {
            return Err(Code::VerificationAlreadyVerified.into());
        }
        let holder = tx.identifications().claimed(ctx.instance(), address.kind, &address.value).await?;
        let is_taken = holder.is_some_and(|it| it.id != address.id);
        if is_taken && !self.is_strict(ctx) {
            return Err(Refusal::param(Code::FormIdentifierExists, PARAM).into());
        }
        let verification = if is_taken {
            let (previous, redirect_url) =
                (address.verification_id.as_ref(), prepare.redirects.redirect_url.as_deref());
            let reason = DecoyReason::Unasked;
            self.send_decoy(
                ctx,
                &mut tx,
                Decoy {
                    strategy,
                    address: &address.value,
                    channel: None,
                    identification_id: Some(&address.id),
                    previous,
                    redirect_url,
                    reason,
                },
            )
            .await?
        } else if strategy == Strategy::EmailLink {
            let request = LinkRequest {
                purpose: LinkPurpose::EmailAddress(address.id.clone()),
                client: &session.client_id,
                redirect_url: prepare.redirects.redirect_url.as_deref(),
                address: &address.value,
                identification_id: Some(address.id.clone()),
                previous: address.verification_id.as_ref(),
            };
            self.send_link(ctx, &mut tx, request).await?
        } else {
            let request = CodeRequest {
                strategy,
                address: &address.value,
                channel: None,
                identification_id: Some(address.id.clone()),
                previous: address.verification_id.as_ref(),
            };
            self.send_code(ctx, &mut tx, request).await?
        };
        address.proof = Some(proof_of(&verification));
        address.verification_id = Some(verification.id);
        address.updated_at = ctx.now;
        tx.identifications().update(ctx.instance(), &address).await?;
        touch(ctx, &mut tx, profile.user).await?;
        tx.commit().await?;
        self.jobs_waiting.notify_one();
        self.about_my_address(ctx, &session, address).await
    }

    /// Takes the code for an address. A user without a primary address gets this one.
    ///
    /// # Errors
    /// `too_many_requests`, `signed_out`, `resource_not_found`, `form_code_incorrect`, the `verification_*` refusals, `identification_claimed` when
    /// somebody else proved it meanwhile.
    pub async fn attempt_my_email_address(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
        code: &str,
    ) -> Result<Outcome<Identification>> {
        self.admit_address(ctx, RateLimit::VerificationAttempt)?;
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.admit(ctx, RateLimit::VerificationAttempt, session.user_id.as_str())?;
        let mut tx = self.store.write().await?;
        let profile = locked_profile(ctx, &mut tx, &session).await?;
        let mut address = own(&profile, id)?.clone();
        if address.status == IdentificationStatus::Verified {
            return Err(Code::VerificationAlreadyVerified.into());
        }
        let asked = match &address.verification_id {
            Some(id) => tx.verifications().get(ctx.instance(), id).await?,
            None => None,
        };
        let asked = asked.ok_or(Code::VerificationMissing)?;
        if asked.strategy != Strategy::EmailCode {
            return Err(Code::VerificationStrategyInvalid.into());
        }
        let answer = self.answer_code(ctx, &mut tx, &asked, code).await?;
        let taken = Verification { attempts: asked.attempts + 1, ..asked };
        address.proof = Some(proof_of(&taken));
        match answer {
            Answer::Wrong(refusal) => {
                address.updated_at = ctx.now;
                tx.identifications().update(ctx.instance(), &address).await?;
                tx.commit().await?;
                Err(refusal.into())
            }
            Answer::Right => {
                let address = self.verify_address(ctx, &mut tx, profile, address).await?;
                tx.commit().await?;
                self.jobs_waiting.notify_one();
                self.about_my_address(ctx, &session, address).await
            }
        }
    }

    /// Proves an address by the link that was sent to it.
    ///
    /// # Errors
    /// `verification_link_token_stale`, `verification_already_verified`, `identification_claimed`.
    pub(crate) async fn verify_address_by_link(
        &self,
        ctx: &Ctx,
        link: &Link,
        id: &IdentificationId,
    ) -> Result<LinkProof> {
        let mut tx = self.store.write().await?;
        let stale = || Code::VerificationLinkTokenStale;
        let known = tx.identifications().get(ctx.instance(), id).await?.ok_or_else(stale)?;
        let user = tx.users().get_for_update(ctx.instance(), &known.user_id).await?.ok_or_else(stale)?;
        let identifications = tx.identifications().of_user(ctx.instance(), &user.id).await?;
        let external_accounts = tx.external_accounts().of_user(ctx.instance(), &user.id).await?;
        let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
        let profile = Profile { user, identifications, external_accounts, passkeys };
        let mut address = own(&profile, id.as_str()).map_err(|_| stale())?.clone();
        let asked = self.use_link(ctx, &mut tx, link, address.verification_id.as_ref()).await?;
        if address.status == IdentificationStatus::Verified {
            return Err(Code::VerificationAlreadyVerified.into());
        }
        address.proof = Some(proof_of(&asked));
        self.verify_address(ctx, &mut tx, profile, address).await?;
        tx.commit().await?;
        Ok(LinkProof::default())
    }

    /// Writes an address that was just proved.
    async fn verify_address(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        profile: Profile,
        mut address: Identification,
    ) -> Result<Identification> {
        address.status = IdentificationStatus::Verified;
        address.updated_at = ctx.now;
        tx.identifications().update(ctx.instance(), &address).await.map_err(claimed)?;
        let Profile { mut user, identifications, .. } = profile;
        match user.primary_email_address_id.clone() {
            None => user.primary_email_address_id = Some(address.id.clone()),
            Some(primary) => {
                if let Some(primary) = identifications.iter().find(|it| it.id == primary) {
                    self.enqueue_address_added_mail(ctx, tx, &primary.value, &address.value).await?;
                }
            }
        }
        touch(ctx, tx, user).await?;
        Ok(address)
    }

    /// Takes an address away. The oldest proved one left becomes primary.
    ///
    /// # Errors
    /// `signed_out`, `resource_not_found`, `last_required_identification_deletion_failed` for the last proved address where one
    /// is required, `identification_deletion_failed` when nothing would be left to sign in with,
    /// `session_reverification_required`.
    pub async fn delete_my_email_address(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        acting: Option<&str>,
        id: &str,
    ) -> Result<Outcome<IdentificationId>> {
        let session = self.acting_session(ctx, &visitor, acting).await?;
        self.expect_fresh_session(ctx, &session).await?;
        let mut tx = self.store.write().await?;
        let profile = locked_profile(ctx, &mut tx, &session).await?;
        let address = own(&profile, id)?.clone();
        expect_dispensable(ctx, &profile, &address)?;
        let next = profile
            .email_addresses()
            .find(|it| it.id != address.id && it.status == IdentificationStatus::Verified)
            .map(|it| it.id.clone());
        let mut user = profile.user;
        if user.primary_email_address_id.as_ref() == Some(&address.id) {
            user.primary_email_address_id = next;
        }
        touch(ctx, &mut tx, user).await?;
        tx.identifications().delete(ctx.instance(), &address.id).await?;
        tx.commit().await?;
        self.about_my_address(ctx, &session, address.id).await
    }
}

const PARAM: &str = "email_address";

/// The signed-in user, whom nobody else changes before this write ends.
async fn locked_profile(ctx: &Ctx, tx: &mut WriteTx, session: &Session) -> Result<Profile> {
    let user = tx.users().get_for_update(ctx.instance(), &session.user_id).await?.ok_or(Code::SignedOut)?;
    let identifications = tx.identifications().of_user(ctx.instance(), &user.id).await?;
    let external_accounts = tx.external_accounts().of_user(ctx.instance(), &user.id).await?;
    let passkeys = tx.passkeys().of_user(ctx.instance(), &user).await?;
    Ok(Profile { user, identifications, external_accounts, passkeys })
}

/// The user's own address with this id.
fn own<'a>(profile: &'a Profile, id: &str) -> Result<&'a Identification, Refusal> {
    profile.email_addresses().find(|it| it.id.as_str() == id).ok_or_else(|| Code::ResourceNotFound.into())
}

async fn touch(ctx: &Ctx, tx: &mut WriteTx, mut user: User) -> Result<()> {
    user.updated_at = ctx.now;
    Ok(tx.users().update(ctx.instance(), &user).await?)
}

/// What is shown beside the address about a challenge.
fn proof_of(verification: &Verification) -> Proof {
    Proof { strategy: verification.strategy, attempts: Some(verification.attempts), expire_at: verification.expire_at }
}

/// Refuses to take away the last address where one is required, and the last way in.
fn expect_dispensable(ctx: &Ctx, profile: &Profile, address: &Identification) -> Result<(), Refusal> {
    if !address.status.is_claimed() {
        return Ok(());
    }
    let a = &ctx.tenant.instance.settings.attributes;
    let has_address = profile.email_addresses().any(|it| it.id != address.id && it.status.is_claimed());
    if a.email_address.required && !has_address {
        return Err(Code::LastRequiredIdentificationDeletionFailed.into());
    }
    if !has_another_way_in(ctx, profile, Going::Identification(&address.id)) {
        return Err(Code::IdentificationDeletionFailed.into());
    }
    Ok(())
}

/// Somebody else was faster between the challenge and its answer.
#[track_caller]
fn claimed(err: StoreError) -> Error {
    match err {
        StoreError::Conflict { .. } => Code::IdentificationClaimed.into(),
        other => other.into(),
    }
}
