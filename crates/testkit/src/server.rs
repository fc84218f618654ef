//! A whole server in memory: both doors over one database, with a clock that a test moves and randomness from a seed. Every
//! answer is held against Clerk's description of the API on its way to the test.

use crate::answer::Answer;
use crate::backend::Backend;
use crate::browser::Browser;
use crate::clock::FakeClock;
use crate::entropy::SeededEntropy;
use crate::mailer::RecordingMailer;
use crate::postgres::Database;
use crate::sms::RecordingSmsSender;
use crate::spec::{self, Api, SpecChecker};
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use std::sync::Arc;
use tower::ServiceExt;
use verger_crypto::seal::MasterKey;
use verger_http::{Access, AppState};
use verger_model::ApiVersion;
use verger_model::address::PublicBase;
use verger_model::mail::Email;
use verger_model::settings::Settings;
use verger_model::sms::SmsMessage;
use verger_service::{CreatedApplication, Ctx, NewApplication, Parts, RequestInfo, Service, Tenant};
use verger_store::Store;

/// The address of the app in the browser.
pub const APP: &str = "http://localhost:3000";
/// The domain of [`TestServer::production`].
pub const DOMAIN: &str = "a.test";

/// A server under test. Clones are the same server.
#[derive(Clone)]
pub struct TestServer {
    /// The use cases, for what no door offers.
    pub service: Arc<Service>,
    /// The time.
    pub clock: Arc<FakeClock>,
    /// What production instances sent.
    pub mailer: Arc<RecordingMailer>,
    /// What production instances sent to phones.
    pub sms: Arc<RecordingSmsSender>,
    /// The state of its doors.
    pub state: AppState,
    frontend: Router,
    backend: Router,
}

impl TestServer {
    /// A server after its first start, over a database in memory.
    pub async fn start() -> Self {
        Self::over(Store::sqlite_in_memory().await.expect("a database in memory opens")).await
    }

    /// The same over PostgreSQL.
    ///
    /// # Panics
    /// When it cannot start.
    pub async fn on_postgres(database: &Database) -> Self {
        Self::over(Store::postgres(database.url()).await.expect("the database opens")).await
    }

    /// The same over another database.
    ///
    /// # Panics
    /// When it cannot start.
    pub async fn over(store: Store) -> Self {
        let clock = Arc::new(FakeClock::new());
        let entropy = Arc::new(SeededEntropy::new(1));
        let mailer = Arc::new(RecordingMailer::default());
        let sms = Arc::new(RecordingSmsSender::default());
        let base = PublicBase {
            frontend: "http://localhost:4000".into(),
            backend: "http://localhost:4001".into(),
            domain_port: None,
        };
        let parts = Parts {
            store,
            clock: clock.clone(),
            master_key: MasterKey::generate(&*entropy),
            entropy,
            base,
            mailer: Some(mailer.clone()),
            sms: Some(sms.clone()),
            hash_threads: 2,
        };
        let service = Service::start(parts).await.expect("the service starts");
        service.bootstrap().await.expect("the first application is made");
        let state = AppState::new(service.clone(), Access { loopback_hosts: true, ..Access::default() });
        let (frontend, backend) = (verger_fapi::router(state.clone()), verger_bapi::router(state.clone()));
        Self { service, clock, mailer, sms, state, frontend, backend }
    }

    /// The instance at the root.
    pub fn development(&self) -> Arc<Tenant> {
        self.service.root_tenant().expect("the first start makes a root instance")
    }

    /// Another application: its development instance lives under `/i/<slug>`.
    ///
    /// # Panics
    /// When it is refused.
    pub async fn application(&self, new: NewApplication) -> CreatedApplication {
        self.service.create_application(new).await.expect("the application is made")
    }

    /// A production instance on [`DOMAIN`].
    pub async fn production(&self) -> CreatedApplication {
        let new = NewApplication { name: "Live".into(), domain: Some(DOMAIN.into()), ..NewApplication::default() };
        self.application(new).await
    }

    /// Changes the settings of an instance.
    ///
    /// # Panics
    /// When they are refused.
    pub async fn settings(&self, tenant: &Tenant, change: impl FnOnce(&mut Settings)) -> Arc<Tenant> {
        let mut settings = tenant.instance.settings.clone();
        change(&mut settings);
        self.service.update_settings(&tenant.instance.id, settings).await.expect("the settings are taken")
    }

    /// The circumstances of a request to the service itself.
    pub fn ctx(&self, tenant: &Arc<Tenant>) -> Ctx {
        let request = RequestInfo::default();
        Ctx { tenant: tenant.clone(), now: self.service.now(), api: ApiVersion::NEWEST, request }
    }

    /// A browser that visits the app of the root instance.
    pub fn browser(&self) -> Browser {
        self.browser_of(&self.development())
    }

    /// A browser that visits the app of an instance.
    pub fn browser_of(&self, tenant: &Arc<Tenant>) -> Browser {
        Browser::new(self.clone(), tenant.clone())
    }

    /// The backend of the root instance's app.
    ///
    /// # Panics
    /// When the instance has no secret key that can be shown.
    pub async fn backend(&self) -> Backend {
        let credentials = self.service.credentials(&self.development().instance.id).await.expect("the root instance");
        let key = credentials.secret_key.expect("development keys can be shown");
        Backend::new(self.clone(), key.expose())
    }

    /// Runs the outbox until nothing is due.
    ///
    /// # Panics
    /// When the database cannot be reached.
    pub async fn settle(&self) {
        while self.service.run_due_jobs().await.expect("the outbox runs") > 0 {}
    }

    /// The mails to an address, newest first.
    ///
    /// # Panics
    /// When the database cannot be reached.
    pub async fn mails(&self, tenant: &Tenant, to: &str) -> Vec<Email> {
        self.settle().await;
        if tenant.instance.is_development() {
            return self.service.list_inbox(&tenant.instance.id, Some(to)).await.expect("the inbox can be read");
        }
        self.mailer.sent().into_iter().rev().filter(|mail| mail.to == to).collect()
    }

    /// The code in the newest mail to an address.
    ///
    /// # Panics
    /// When there is none.
    pub async fn code(&self, tenant: &Tenant, to: &str) -> String {
        let mails = self.mails(tenant, to).await;
        mails.into_iter().find_map(|mail| mail.code).unwrap_or_else(|| panic!("no code was sent to {to}"))
    }

    /// The messages to a phone, newest first.
    ///
    /// # Panics
    /// When the database cannot be reached.
    pub async fn texts(&self, tenant: &Tenant, to: &str) -> Vec<SmsMessage> {
        self.settle().await;
        if tenant.instance.is_development() {
            return self.service.list_sms_inbox(&tenant.instance.id, Some(to)).await.expect("the inbox can be read");
        }
        self.sms.sent().into_iter().rev().filter(|sms| sms.to == to).collect()
    }

    /// The code in the newest message to a phone.
    ///
    /// # Panics
    /// When there is none.
    pub async fn sms_code(&self, tenant: &Tenant, to: &str) -> String {
        let texts = self.texts(tenant, to).await;
        texts.into_iter().find_map(|sms| sms.code).unwrap_or_else(|| panic!("no code was sent to {to}"))
    }

    /// Sends a request to the Frontend API, as it stands.
    pub async fn at_frontend(&self, request: Request<Body>) -> Answer {
        ask(Api::Fapi, &self.frontend, request).await
    }

    /// Sends a request to the Backend API, as it stands.
    pub async fn at_backend(&self, request: Request<Body>) -> Answer {
        ask(Api::Bapi, &self.backend, request).await
    }
}

async fn ask(api: Api, router: &Router, request: Request<Body>) -> Answer {
    let (method, path) = (request.method().as_str().to_owned(), request.uri().to_string());
    let response = router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
    let answer = Answer::read(response).await;
    if let Some(checker) = SpecChecker::load(api) {
        let told = spec::Answer {
            method: &method,
            path: &path,
            status: answer.status,
            content_type: answer.content_type(),
            body: &answer.body,
        };
        checker.check(&told).unwrap_or_else(|difference| panic!("{difference}"));
    }
    answer
}
