//! Starting a sign-up and adding to it.

use super::SignUpInput;
use crate::clients::{CookieChange, Outcome, SignUpState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::service::Service;
use crate::sign_ins::parse_strategy;
use crate::verifications::PrepareVerification;
use crate::visitors::Visitor;
use crate::{actor_tokens, invitations, sign_in_tokens};
use verger_model::client::{Client, CookieTrust};
use verger_model::identification::IdentificationKind;
use verger_model::invitation::Invitation;
use verger_model::rate_limit::RateLimit;
use verger_model::settings::SignUpMode;
use verger_model::sign_up::{SignUp, SignUpStatus};
use verger_model::{Code, Refusal, Secret, SignUpId, Strategy, username};
use verger_store::{StoredPassword, WriteTx};

impl Service {
    /// Starts a sign-up in the place of the visitor's last one. With a strategy its challenge is sent at once.
    ///
    /// # Errors
    /// `too_many_requests`, `session_exists`, `form_identifier_exists`, the rules of the fields, `sign_up_mode_restricted`,
    /// `captcha_missing_token`, `captcha_invalid`.
    pub async fn create_sign_up(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        input: SignUpInput,
    ) -> Result<Outcome<SignUpState>> {
        self.admit_start(ctx, RateLimit::SignUpCreate, &input.identifiers())?;
        let invitation = self.invitation_of(ctx, &input).await?;
        self.expect_open(ctx, invitation.is_some())?;
        if input.transfer {
            return self.transfer_to_sign_up(ctx, visitor, input).await;
        }
        // A ticket or a password that is named proves itself, or is part of the fields: nothing is sent for it.
        let strategy = input.strategy.as_deref().map(parse_strategy).transpose()?;
        let strategy = strategy.filter(|it| !matches!(it, Strategy::Ticket | Strategy::Password));
        let names_nobody = input.identifiers().iter().all(Option::is_none);
        let is_exempt = names_nobody && self.is_vouched_for(ctx, strategy);
        if !is_exempt && invitation.is_none() {
            self.expect_browser(ctx, &input.captcha).await?;
        }
        let draft = SignUp::new(
            SignUpId::generate(ctx.now, self.entropy()),
            // Stands in until the client is known: the draft is judged before anything is written.
            verger_model::ClientId::generate(ctx.now, self.entropy()),
            ctx.now,
        );
        let (mut sign_up, digest) = self.judge(ctx, draft, &input, invitation.as_ref()).await?;

        let mut tx = self.store.write().await?;
        let (mut client, token) = self.ensure_client(ctx, &mut tx, &visitor).await?;
        self.expect_nobody_signed_in(ctx, &mut tx, &client).await?;
        sign_up.client_id = client.id.clone();
        if invitation.is_some() {
            let verification = self.proved(ctx, Strategy::Ticket);
            tx.verifications().insert(ctx.instance(), &verification).await?;
            sign_up.email_verification_id = Some(verification.id);
            sign_up.email_verified = true;
        }
        tx.sign_ups().insert(ctx.instance(), &sign_up).await?;
        if is_exempt {
            tx.captchas().exempt(ctx.instance(), &sign_up.id, sign_up.abandon_at).await?;
        }
        if let Some(invitation) = &invitation {
            tx.invitations().bind_sign_up(ctx.instance(), &sign_up.id, &invitation.id).await?;
        }
        client.sign_up_id = Some(sign_up.id.clone());
        let done = self.settle_sign_up(ctx, &mut tx, client, sign_up, digest, token).await?;
        tx.commit().await?;
        let outcome = self.answer_sign_up(ctx, &visitor, done).await?;
        match strategy {
            Some(strategy) if outcome.value.sign_up.status != SignUpStatus::Complete => {
                let id = outcome.value.sign_up.id.as_str().to_owned();
                let client = outcome.state.as_ref().map(|state| state.client.clone());
                let visitor = Visitor { client, trust: CookieTrust::Current, ..visitor };
                let strategy = strategy.as_str().to_owned();
                let prepare = PrepareVerification { strategy, channel: input.channel, redirects: input.redirects };
                let next = self.prepare_sign_up(ctx, visitor, &id, prepare).await?;
                Ok(Outcome { cookie: outcome.cookie, ..next })
            }
            _ => Ok(outcome),
        }
    }

    /// Adds to a sign-up. Another address than before must be proved anew.
    ///
    /// # Errors
    /// `resource_not_found`, `resource_forbidden`, `client_state_invalid` once it is complete, and the rules of the fields.
    pub async fn update_sign_up(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        id: &str,
        input: SignUpInput,
    ) -> Result<Outcome<SignUpState>> {
        if input.identifiers().iter().any(Option::is_some) {
            self.admit_start(ctx, RateLimit::SignUpCreate, &input.identifiers())?;
        }
        let known = self.get_sign_up(ctx, visitor.clone(), id).await?.value.sign_up;
        self.expect_vouched_for(ctx, &known, &input.captcha).await?;
        let invitation = self.store.read().await?.invitations().of_sign_up(ctx.instance(), &known.id).await?;
        self.expect_open(ctx, invitation.is_some())?;
        let (_, digest) = self.judge(ctx, known, &input, invitation.as_ref()).await?;

        let mut tx = self.store.write().await?;
        let (client, mut sign_up) = self.open_sign_up_attempt(ctx, &mut tx, &visitor, id).await?;
        if sign_up.status == SignUpStatus::Complete {
            return Err(Code::ClientStateInvalid.into());
        }
        input.apply(ctx, &mut sign_up)?;
        let done = self.settle_sign_up(ctx, &mut tx, client, sign_up, digest, None).await?;
        tx.commit().await?;
        let outcome = self.answer_sign_up(ctx, &visitor, done).await?;
        match input.strategy.as_deref().map(parse_strategy).transpose()? {
            Some(Strategy::OAuth(provider)) if outcome.value.sign_up.status != SignUpStatus::Complete => {
                let next = self.prepare_sign_up_oauth(ctx, visitor, id, (provider, &input.redirects)).await?;
                Ok(Outcome { cookie: outcome.cookie, ..next })
            }
            _ => Ok(outcome),
        }
    }

    /// Checks what is given against the rules and against what is taken, and hashes the password: everything slow, before the
    /// transaction.
    pub(crate) async fn judge(
        &self,
        ctx: &Ctx,
        mut sign_up: SignUp,
        input: &SignUpInput,
        invitation: Option<&Invitation>,
    ) -> Result<(SignUp, Option<StoredPassword>)> {
        // In a new attempt the invited address goes before whatever the form says, and a password is held against it.
        let invited = invitation.filter(|_| sign_up.email_address.is_none()).map(|it| it.email_address.clone());
        if let Some(address) = invited.clone() {
            sign_up.set_email_address(address);
        }
        input.apply(ctx, &mut sign_up)?;
        if let Some(address) = invited {
            sign_up.set_email_address(address);
        }
        let password = input.password.as_ref().filter(|password| !password.expose().is_empty());
        if let Some(password) = password {
            self.expect_hard_to_guess(ctx, password, "password").await?;
        }
        self.expect_untaken(ctx, &sign_up, invitation).await?;
        let digest = match password {
            Some(password) => Some(self.hashes.hash(password.clone(), self.entropy.clone()).await?),
            None => None,
        };
        Ok((sign_up, digest))
    }

    async fn expect_untaken(&self, ctx: &Ctx, sign_up: &SignUp, invitation: Option<&Invitation>) -> Result<()> {
        let is_secret = self.keeps_accounts_secret(ctx);
        let mut reader = self.store.read().await?;
        let mut refusals = Vec::new();
        let identifiers = [
            (IdentificationKind::EmailAddress, &sign_up.email_address),
            (IdentificationKind::PhoneNumber, &sign_up.phone_number),
        ];
        for (kind, value) in identifiers {
            let Some(value) = value else { continue };
            let is_invited = invitation.is_some_and(|it| it.email_address == *value);
            if !is_invited {
                self.expect_let_in(ctx, &mut reader, kind, value).await?;
            }
            if reader.identifications().claimed(ctx.instance(), kind, value).await?.is_some() {
                if is_invited {
                    return Err(Code::InvitationAccountExists.into());
                }
                if is_secret && is_to_be_proved(ctx, kind) {
                    // Its owner learns of it when it is to be proved, and nobody else does.
                    continue;
                }
                refusals.push(Refusal::param(Code::FormIdentifierExists, kind.as_str()));
            }
        }
        if let Some(Ok(name)) = sign_up.username.as_deref().map(username::normalize)
            && reader.users().by_username(ctx.instance(), &name).await?.is_some()
        {
            refusals.push(Refusal::param(Code::FormIdentifierExists, "username"));
        }
        Refusal::all(refusals).map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    /// Writes the attempt, and completes it if nothing is missing any more.
    pub(crate) async fn settle_sign_up(
        &self,
        ctx: &Ctx,
        tx: &mut WriteTx,
        mut client: Client,
        mut sign_up: SignUp,
        digest: Option<StoredPassword>,
        token: Option<Secret<String>>,
    ) -> Result<Settled> {
        sign_up.updated_at = ctx.now;
        if let Some(digest) = digest {
            tx.sign_ups().put_password(ctx.instance(), &sign_up.id, &digest).await?;
            sign_up.password_enabled = true;
        }
        let complete = sign_up.requirements(&ctx.tenant.instance.settings).are_met();
        let token =
            if complete { Some(self.complete_sign_up(ctx, tx, &mut client, &mut sign_up).await?) } else { token };
        tx.sign_ups().update(ctx.instance(), &sign_up).await?;
        tx.clients().update(ctx.instance(), &client).await?;
        Ok(Settled { client, sign_up, token })
    }

    /// The answer after a change to an attempt.
    pub(crate) async fn answer_sign_up(
        &self,
        ctx: &Ctx,
        visitor: &Visitor,
        done: Settled,
    ) -> Result<Outcome<SignUpState>> {
        self.jobs_waiting.notify_one();
        let cookie = match &done.token {
            Some(token) => CookieChange::Set(self.client_cookie(ctx, &done.client.id, token)?),
            None => CookieChange::Keep,
        };
        let trust = if done.token.is_some() { CookieTrust::Current } else { visitor.trust };
        let visitor = Visitor { trust, ..visitor.clone() };
        let outcome = self.sign_up_outcome(ctx, done.client, &visitor, done.sign_up).await?;
        Ok(Outcome { cookie, ..outcome })
    }
}

/// An attempt as it was written.
pub(crate) struct Settled {
    pub(super) client: Client,
    pub(super) sign_up: SignUp,
    /// The client's new token, if it has one.
    pub(super) token: Option<Secret<String>>,
}

impl Service {
    /// The invitation that a request comes with.
    async fn invitation_of(&self, ctx: &Ctx, input: &SignUpInput) -> Result<Option<Invitation>> {
        let Some(ticket) = &input.ticket else {
            if input.strategy.as_deref() == Some(Strategy::Ticket.as_str()) {
                return Err(Refusal::param(Code::FormParamMissing, "ticket").into());
            }
            return Ok(None);
        };
        let claims = self.read_ticket(ctx, ticket, false)?;
        match claims.st.as_str() {
            invitations::KIND => self.open_invitation(ctx, &claims.sid).await.map(Some),
            sign_in_tokens::KIND => {
                self.open_sign_in_token(ctx, &claims.sid).await?;
                Err(Code::SignInTokenNotInSignIn.into())
            }
            actor_tokens::KIND => {
                self.open_actor_token(ctx, &claims.sid).await?;
                Err(Code::ActorTokenNotInSignIn.into())
            }
            _ => Err(Code::TicketInvalid.into()),
        }
    }

    /// Refuses what the instance takes no sign-ups for.
    fn expect_open(&self, ctx: &Ctx, is_invited: bool) -> Result<()> {
        match ctx.tenant.instance.settings.sign_up.mode {
            _ if is_invited => Ok(()),
            SignUpMode::Public => Ok(()),
            SignUpMode::Restricted => Err(Code::SignUpModeRestricted.into()),
            SignUpMode::Waitlist => Err(Code::SignUpRestrictedWaitlist.into()),
        }
    }
}

/// Whether a sign-up must prove what it gives of this kind.
fn is_to_be_proved(ctx: &Ctx, kind: IdentificationKind) -> bool {
    match kind {
        IdentificationKind::EmailAddress => true,
        IdentificationKind::PhoneNumber => ctx.tenant.instance.settings.attributes.phone_number.verify_at_sign_up,
    }
}
