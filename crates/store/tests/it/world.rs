//! A database under test with two instances in it, and builders for what is put there.

use tempfile::TempDir;
use verger_model::client::Client;
use verger_model::identification::{Identification, IdentificationKind, IdentificationStatus};
use verger_model::instance::{Application, Environment, Instance};
use verger_model::session::{Activity, Session, SessionStatus};
use verger_model::settings::Settings;
use verger_model::user::User;
use verger_model::{InstanceId, Millis};
use verger_store::Store;
use verger_testkit::postgres::{Database, Locale};

pub(crate) const NOW: Millis = Millis(1_795_316_216_000);

/// Which database.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Memory,
    File,
    PostgresC,
    PostgresIcu,
}

/// A fresh database with two instances.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) a: InstanceId,
    pub(crate) b: InstanceId,
    // What must outlive the store.
    pub(crate) postgres: Option<Database>,
    pub(crate) home: Option<TempDir>,
}

impl World {
    pub(crate) async fn new(kind: Kind) -> Self {
        let (mut postgres, mut home) = (None, None);
        let store = match kind {
            Kind::Memory => Store::sqlite_in_memory().await.unwrap(),
            Kind::File => {
                let dir = TempDir::new().unwrap();
                let store = Store::sqlite(&dir.path().join("verger.db")).await.unwrap();
                home = Some(dir);
                store
            }
            Kind::PostgresC | Kind::PostgresIcu => {
                let locale = if matches!(kind, Kind::PostgresC) { Locale::C } else { Locale::Icu };
                let database = Database::fresh(locale);
                let store = Store::postgres(database.url()).await.unwrap();
                postgres = Some(database);
                store
            }
        };
        let mut tx = store.write().await.unwrap();
        let app = Application { id: "app_1".parse().unwrap(), name: "Shop".into(), created_at: NOW };
        tx.applications().insert(&app).await.unwrap();
        let (a, b) = (instance("ins_a", "a", true), instance("ins_b", "b", false));
        tx.instances().insert(&a).await.unwrap();
        tx.instances().insert(&b).await.unwrap();
        tx.commit().await.unwrap();
        Self { store, a: a.id, b: b.id, postgres, home }
    }
}

pub(crate) fn instance(id: &str, slug: &str, is_root: bool) -> Instance {
    Instance {
        id: id.parse().unwrap(),
        application_id: "app_1".parse().unwrap(),
        application_name: "Shop".into(),
        environment: Environment::Development,
        slug: slug.into(),
        is_root,
        domain: None,
        settings: Settings::default(),
        version: 1,
        created_at: NOW,
    }
}

pub(crate) fn user(id: &str) -> User {
    User::new(id.parse().unwrap(), NOW)
}

pub(crate) fn email(id: &str, user: &User, value: &str, status: IdentificationStatus) -> Identification {
    Identification {
        id: id.parse().unwrap(),
        user_id: user.id.clone(),
        kind: IdentificationKind::EmailAddress,
        value: value.into(),
        status,
        proof: None,
        verification_id: None,
        reserved_for_second_factor: false,
        default_second_factor: false,
        created_at: NOW,
        updated_at: NOW,
    }
}

pub(crate) fn client(id: &str) -> Client {
    Client {
        id: id.parse().unwrap(),
        rotating_token_hash: "hash".into(),
        previous_token_hash: None,
        rotated_at: NOW,
        sign_in_id: None,
        sign_up_id: None,
        last_active_session_id: None,
        last_authentication_strategy: None,
        created_at: NOW,
        updated_at: NOW,
        version: 1,
    }
}

pub(crate) fn session(id: &str, client: &Client, user: &User) -> Session {
    Session {
        id: id.parse().unwrap(),
        client_id: client.id.clone(),
        user_id: user.id.clone(),
        status: SessionStatus::Active,
        tasks: Vec::new(),
        expire_at: NOW + Millis::from_days(7),
        abandon_at: NOW + Millis::from_days(30),
        last_active_at: NOW,
        actor: None,
        origin: Some("http://localhost:3000".into()),
        activity: Activity::default(),
        first_factor_at: Some(NOW),
        second_factor_at: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

/// Runs each law on every database: `laws! { name: function; }` makes `name::memory`, `name::file`, `name::postgres_c` and
/// `name::postgres_icu`.
macro_rules! laws {
    ($($name:ident;)*) => {$(
        mod $name {
            use crate::world::{Kind, World};

            #[tokio::test]
            async fn memory() {
                super::checks::$name(World::new(Kind::Memory).await).await;
            }

            #[tokio::test]
            async fn file() {
                super::checks::$name(World::new(Kind::File).await).await;
            }

            #[tokio::test]
            async fn postgres_c() {
                super::checks::$name(World::new(Kind::PostgresC).await).await;
            }

            #[tokio::test]
            async fn postgres_icu() {
                super::checks::$name(World::new(Kind::PostgresIcu).await).await;
            }
        }
    )*};
}
pub(crate) use laws;
