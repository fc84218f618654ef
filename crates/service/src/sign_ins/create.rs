//! Starting a sign-in. Always a new attempt in the place of the old one; it may go on to a factor in the same request.

use super::{FactorAnswer, PrepareFactor, parse_strategy};
use crate::clients::{CookieChange, Outcome, SignInState};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::oauth::OAuthRedirects;
use crate::service::Service;
use crate::visitors::Visitor;
use verger_model::client::CookieTrust;
use verger_model::identification::IdentificationKind;
use verger_model::rate_limit::RateLimit;
use verger_model::sign_in::SignIn;
use verger_model::user::Profile;
use verger_model::{Code, Refusal, Secret, SignInId, Strategy, UserId, email, phone, username};

/// What a request to start a sign-in may carry.
#[derive(Clone, Debug, Default)]
pub struct SignInInput {
    /// Email address, phone number or username.
    pub identifier: Option<String>,
    /// The strategy to go on with.
    pub strategy: Option<String>,
    /// A sign-in token.
    pub ticket: Option<String>,
    /// The address to send a code to; the typed one when left out.
    pub email_address_id: Option<String>,
    /// The phone number to send a code to; the typed one when left out.
    pub phone_number_id: Option<String>,
    /// How the code travels to a phone.
    pub channel: Option<String>,
    /// The browser's language, BCP 47.
    pub locale: Option<String>,
    /// The password.
    pub password: Option<Secret<String>>,
    /// Where to come back to from a provider.
    pub redirects: OAuthRedirects,
    /// Carry over what a sign-up proved.
    pub transfer: bool,
}

/// Whom a request names.
pub(super) enum Named {
    /// This user, by this identifier.
    User(String, Box<Profile>),
    /// Whoever goes by this identifier, if anybody does.
    Somebody(String),
}

impl Service {
    /// Starts a sign-in: names somebody, and goes on by password, code or ticket when the request says so.
    ///
    /// # Errors
    /// `too_many_requests`, `session_exists`, `form_identifier_not_found`, `form_param_format_invalid`, and whatever the next step refuses. When a
    /// password is wrong the attempt stays, so that another try needs no identifier.
    pub async fn create_sign_in(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        input: SignInInput,
    ) -> Result<Outcome<SignInState>> {
        self.admit_start(ctx, RateLimit::SignInCreate, &[input.identifier.as_ref()])?;
        if input.transfer {
            return self.transfer_to_sign_in(ctx, visitor).await;
        }
        let strategy = input.strategy.as_deref().map(parse_strategy).transpose()?;
        if strategy == Some(Strategy::Ticket) || input.ticket.is_some() {
            let ticket = input.ticket.ok_or_else(|| Refusal::param(Code::FormParamMissing, "ticket"))?;
            return self.sign_in_by_ticket(ctx, visitor, &ticket).await;
        }
        if strategy == Some(Strategy::Passkey) && input.identifier.is_none() {
            return self.start_passkey_sign_in(ctx, &visitor).await;
        }
        let elsewhere = matches!(strategy, Some(Strategy::OAuth(_)));
        let named = match input.identifier.as_deref() {
            // To a provider it is a hint whom to expect, and names nobody here.
            _ if elsewhere => None,
            Some(text) if self.keeps_accounts_secret(ctx) => Some(Named::Somebody(self.read_identifier(ctx, text)?)),
            Some(text) => match self.find_by_identifier(ctx, text).await? {
                Some((identifier, profile)) => Some(Named::User(identifier, Box::new(profile))),
                None => return Err(self.refuse_unknown(ctx, strategy, input.password).await?.into()),
            },
            None if strategy.is_some() || input.password.is_some() => {
                return Err(Refusal::param(Code::FormParamMissing, "identifier").into());
            }
            None => None,
        };
        let started = self.start_sign_in(ctx, &visitor, named).await?;
        let visitor = Visitor {
            client: started.state.as_ref().map(|state| state.client.clone()),
            trust: CookieTrust::Current,
            ..visitor
        };
        let next = self.go_on(ctx, visitor, &started, strategy, &input).await?;
        Ok(match next {
            Some(outcome) if outcome.cookie == CookieChange::Keep => Outcome { cookie: started.cookie, ..outcome },
            Some(outcome) => outcome,
            None => started,
        })
    }

    async fn go_on(
        &self,
        ctx: &Ctx,
        visitor: Visitor,
        started: &Outcome<SignInState>,
        strategy: Option<Strategy>,
        input: &SignInInput,
    ) -> Result<Option<Outcome<SignInState>>> {
        let id = started.value.sign_in.id.as_str();
        match (strategy, &input.password) {
            (Some(Strategy::Password) | None, Some(password)) => {
                let answer = FactorAnswer {
                    strategy: Strategy::Password.as_str().to_owned(),
                    password: Some(password.clone()),
                    ..FactorAnswer::default()
                };
                self.answer_first_factor(ctx, visitor, id, answer).await.map(Some)
            }
            (Some(Strategy::Password), None) => Err(Refusal::param(Code::FormParamMissing, "password").into()),
            (Some(strategy), _) => {
                let strategy = strategy.as_str().to_owned();
                let mut redirects = input.redirects.clone();
                redirects.oidc_login_hint = redirects.oidc_login_hint.or_else(|| input.identifier.clone());
                let prepare = PrepareFactor {
                    strategy,
                    email_address_id: input.email_address_id.clone(),
                    phone_number_id: input.phone_number_id.clone(),
                    channel: input.channel.clone(),
                    redirects,
                };
                self.prepare_first_factor(ctx, visitor, id, prepare).await.map(Some)
            }
            (None, None) => Ok(None),
        }
    }

    pub(super) async fn start_sign_in(
        &self,
        ctx: &Ctx,
        visitor: &Visitor,
        named: Option<Named>,
    ) -> Result<Outcome<SignInState>> {
        let mut tx = self.store.write().await?;
        let (mut client, token) = self.ensure_client(ctx, &mut tx, visitor).await?;
        self.expect_nobody_signed_in(ctx, &mut tx, &client).await?;
        let mut sign_in = SignIn::new(SignInId::generate(ctx.now, self.entropy()), client.id.clone(), ctx.now);
        match &named {
            Some(Named::User(identifier, profile)) => {
                self.expect_not_signed_in(ctx, &mut tx, &client, &profile.user.id).await?;
                sign_in = sign_in.identified(identifier.clone(), profile.user.id.clone());
            }
            Some(Named::Somebody(identifier)) => sign_in = sign_in.named(identifier.clone()),
            None => {}
        }
        tx.sign_ins().insert(ctx.instance(), &sign_in).await?;
        client.sign_in_id = Some(sign_in.id.clone());
        tx.clients().update(ctx.instance(), &client).await?;
        tx.commit().await?;
        let cookie = match token {
            Some(token) => CookieChange::Set(self.client_cookie(ctx, &client.id, &token)?),
            None => CookieChange::Keep,
        };
        let state = self.client_now(ctx, &client.id).await?;
        let profile = match named {
            Some(Named::User(_, profile)) => Some(*profile),
            Some(Named::Somebody(_)) | None => None,
        };
        let value = SignInState { sign_in, verification: None, second_verification: None, profile };
        Ok(Outcome { value, state: Some(state), cookie })
    }

    /// Refuses to sign in whoever is signed in on the client already, and names their session.
    pub(super) async fn expect_not_signed_in(
        &self,
        ctx: &Ctx,
        tx: &mut verger_store::WriteTx,
        client: &verger_model::client::Client,
        user: &UserId,
    ) -> Result<()> {
        let settings = &ctx.tenant.instance.settings.sessions;
        let sessions = tx.sessions().of_client(ctx.instance(), &client.id).await?;
        match sessions.iter().find(|it| it.user_id == *user && it.is_live(settings, ctx.now)) {
            Some(session) => {
                Err(Refusal::new(Code::IdentifierAlreadySignedIn).with("session_id", session.id.as_str()).into())
            }
            None => Ok(()),
        }
    }

    /// The refusal for an identifier that is nobody's, after the work that a wrong password would have been.
    async fn refuse_unknown(
        &self,
        ctx: &Ctx,
        strategy: Option<Strategy>,
        password: Option<Secret<String>>,
    ) -> Result<Refusal> {
        let takes_passwords = ctx.tenant.instance.settings.attributes.password.enabled;
        if let Some(password) = password.filter(|_| takes_passwords && goes_by_password(strategy)) {
            self.hashes.verify_nobody(password).await?;
        }
        Ok(Refusal::param(Code::FormIdentifierNotFound, "identifier"))
    }

    /// The user behind an identifier, with the identifier as it is stored. `None` if it is nobody's.
    async fn find_by_identifier(&self, ctx: &Ctx, text: &str) -> Result<Option<(String, Profile)>> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::param(Code::FormParamNil, "identifier").into());
        }
        let attributes = &ctx.tenant.instance.settings.attributes;
        let mut reader = self.store.read().await?;
        let found = if text.contains('@') && attributes.email_address.enabled {
            let address = email::normalize(text).ok_or_else(invalid_identifier)?;
            let id =
                reader.identifications().claimed(ctx.instance(), IdentificationKind::EmailAddress, &address).await?;
            id.map(|it| (address, it.user_id))
        } else if text.starts_with('+') && attributes.phone_number.enabled {
            let number = phone::normalize(text).ok_or_else(invalid_identifier)?;
            let id = reader.identifications().claimed(ctx.instance(), IdentificationKind::PhoneNumber, &number).await?;
            id.map(|it| (number, it.user_id))
        } else if attributes.username.enabled {
            let Ok(name) = username::normalize(text) else { return Ok(None) };
            let user = reader.users().by_username(ctx.instance(), &name).await?;
            user.map(|user| (name, user.id))
        } else {
            return Err(invalid_identifier().into());
        };
        let Some((identifier, user_id)) = found else { return Ok(None) };
        let profile = reader.users().profile(ctx.instance(), &user_id).await?;
        Ok(profile.map(|profile| (identifier, profile)))
    }
}

fn invalid_identifier() -> Refusal {
    Refusal::param(Code::FormParamFormatInvalid, "identifier")
}

/// Whether a password that comes with the identifier is the answer to the first factor.
fn goes_by_password(strategy: Option<Strategy>) -> bool {
    matches!(strategy, None | Some(Strategy::Password))
}
