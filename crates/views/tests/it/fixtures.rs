//! One instance, one user, and everything that can happen to them. Times count from [`T0`].

use verger_model::address::{Addresses, PublicBase};
use verger_model::client::Client;
use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus, Proof};
use verger_model::instance::{Environment, Instance};
use verger_model::session::{Activity, Session, SessionStatus};
use verger_model::settings::Settings;
use verger_model::sign_in::SignIn;
use verger_model::sign_up::SignUp;
use verger_model::user::{Profile, User};
use verger_model::verification::{CODE_LIFETIME, Verification, VerificationStatus};
use verger_model::{ApiVersion, Millis, Strategy};
use verger_views::{Lens, SessionParts};

/// When everything began.
pub(crate) const T0: Millis = Millis(1_795_316_216_473);

/// An instance and its addresses.
pub(crate) struct World {
    pub(crate) instance: Instance,
    pub(crate) addresses: Addresses,
}

impl World {
    pub(crate) fn development() -> Self {
        Self::new(Environment::Development, None, Settings::default())
    }

    pub(crate) fn production() -> Self {
        Self::new(Environment::Production, Some("example.com".into()), Settings::default())
    }

    pub(crate) fn with(settings: &str) -> Self {
        Self::new(Environment::Development, None, Settings::from_json(settings).unwrap())
    }

    fn new(environment: Environment, domain: Option<String>, settings: Settings) -> Self {
        let instance = Instance {
            id: "ins_2abc".parse().unwrap(),
            application_id: "app_2abc".parse().unwrap(),
            application_name: "Shop".into(),
            environment,
            slug: "shop".into(),
            is_root: true,
            domain,
            settings,
            version: 1,
            created_at: T0,
        };
        let base = PublicBase {
            frontend: "http://localhost:4000".into(),
            backend: "http://localhost:4001".into(),
            domain_port: None,
        };
        Self { addresses: Addresses::of(&instance, &base), instance }
    }

    pub(crate) fn lens(&self, now: Millis) -> Lens<'_> {
        Lens { instance: &self.instance, addresses: &self.addresses, now, api: ApiVersion::NEWEST }
    }
}

/// A user with a password and one proved address.
pub(crate) fn jane() -> Profile {
    let mut user = User::new("user_1".parse().unwrap(), T0);
    user.first_name = Some("Jane".into());
    user.last_name = Some("Doe".into());
    user.primary_email_address_id = Some("idn_1".parse().unwrap());
    user.password_last_updated_at = Some(T0);
    user.last_sign_in_at = Some(T0);
    user.last_active_at = Some(T0);
    let identifications = vec![address("idn_1", "jane@example.com", IdentificationStatus::Verified)];
    Profile { user, identifications, external_accounts: Vec::new(), passkeys: Vec::new() }
}

/// An email address of [`jane`], proved by code if it is verified.
pub(crate) fn address(id: &str, value: &str, status: IdentificationStatus) -> Identification {
    let proof = Proof { strategy: Strategy::EmailCode, attempts: Some(1), expire_at: Some(T0 + CODE_LIFETIME) };
    Identification {
        id: id.parse().unwrap(),
        user_id: "user_1".parse().unwrap(),
        kind: IdentificationKind::EmailAddress,
        value: value.into(),
        status,
        proof: (status == IdentificationStatus::Verified).then_some(proof),
        verification_id: None,
        reserved_for_second_factor: false,
        default_second_factor: false,
        created_at: T0,
        updated_at: T0,
    }
}

pub(crate) fn client() -> Client {
    Client {
        id: "client_1".parse().unwrap(),
        rotating_token_hash: "hash of the token".into(),
        previous_token_hash: Some("hash of the last token".into()),
        rotated_at: T0,
        sign_in_id: None,
        sign_up_id: None,
        last_active_session_id: None,
        last_authentication_strategy: None,
        created_at: T0,
        updated_at: T0,
        version: 1,
    }
}

/// A session of [`jane`] on [`client`], in Chrome on a Mac.
pub(crate) fn session(id: &str) -> Session {
    let agent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/142.0.0.0 Safari/537.36";
    let (expire_at, abandon_at) = Session::ends(&Settings::default().sessions, T0);
    Session {
        tasks: Vec::new(),
        id: id.parse().unwrap(),
        client_id: "client_1".parse().unwrap(),
        user_id: "user_1".parse().unwrap(),
        status: SessionStatus::Active,
        expire_at,
        abandon_at,
        last_active_at: T0,
        actor: None,
        origin: Some("http://localhost:3000".into()),
        activity: Activity { user_agent: Some(agent.into()), ip_address: Some("127.0.0.1".into()) },
        first_factor_at: Some(T0),
        second_factor_at: None,
        created_at: T0,
        updated_at: T0,
    }
}

pub(crate) fn parts<'a>(session: &'a Session, profile: &'a Profile) -> SessionParts<'a> {
    SessionParts { session, profile, token: Some("head.claims.signature".into()) }
}

/// A sign-in attempt that names [`jane`] by her address.
pub(crate) fn named_sign_in() -> SignIn {
    SignIn::new("sia_1".parse().unwrap(), "client_1".parse().unwrap(), T0)
        .identified("jane@example.com".into(), "user_1".parse().unwrap())
}

/// A sign-up attempt with address and password, for which no code was asked yet.
pub(crate) fn filled_sign_up() -> SignUp {
    let mut attempt = SignUp::new("sua_1".parse().unwrap(), "client_1".parse().unwrap(), T0);
    attempt.set_email_address("jane@example.com".into());
    attempt.password_enabled = true;
    attempt
}

/// [`filled_sign_up`] with the code that was just sent.
pub(crate) fn prepared_sign_up() -> (SignUp, Verification) {
    let (mut attempt, code) = (filled_sign_up(), code(Strategy::EmailCode));
    attempt.email_verification_id = Some(code.id.clone());
    (attempt, code)
}

/// A code that was sent at [`T0`].
pub(crate) fn code(strategy: Strategy) -> Verification {
    Verification {
        id: "ver_1".parse().unwrap(),
        strategy,
        status: VerificationStatus::Unverified,
        attempts: 0,
        target: Some("jane@example.com".into()),
        identification_id: None,
        verified_at_client: None,
        channel: None,
        code_digest: Some("digest of the code".into()),
        external_redirect_url: None,
        error: None,
        nonce: None,
        expire_at: Some(T0 + CODE_LIFETIME),
        created_at: T0,
    }
}
