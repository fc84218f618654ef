//! The service itself: what it is made of and what it keeps in memory.

use crate::error::{Error, FaultKind, Result};
use crate::oauth::EndpointCache;
use crate::passwords::{HashPool, HashWork};
use crate::rate_limits::RateLimits;
use crate::tenants::Registry;
use arc_swap::ArcSwap;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::{Notify, OnceCell, watch};
use verger_crypto::seal::MasterKey;
use verger_jose::SigningKey;
use verger_model::address::PublicBase;
use verger_model::{Clock, Entropy, InstanceId, Millis, SessionId};
use verger_outbound::http::HttpClient;
use verger_outbound::{Mailer, SmsSender};
use verger_store::Store;

/// What a service is made of.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The key that wraps the data keys of all tenants.
    pub master_key: MasterKey,
    /// Where the server lives.
    pub base: PublicBase,
    /// Who carries the mail of production instances; without one it waits in the outbox.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// Who carries the messages of production instances to phones; without one they wait in the outbox.
    pub sms: Option<Arc<dyn SmsSender>>,
    /// How many passwords are hashed at once.
    pub hash_threads: usize,
}

/// Every use case, over one database.
pub struct Service {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) master_key: MasterKey,
    pub(crate) base: PublicBase,
    pub(crate) mailer: Option<Arc<dyn Mailer>>,
    pub(crate) sms: Option<Arc<dyn SmsSender>>,
    pub(crate) http: HttpClient,
    pub(crate) oauth_endpoints: EndpointCache,
    pub(crate) test_key: OnceCell<SigningKey>,
    pub(crate) hashes: HashPool,
    pub(crate) rate_limits: RateLimits,
    pub(crate) registry: ArcSwap<Registry>,
    /// Held while the registry is read anew: what was read first must not be put in place last.
    pub(crate) registry_refresh: tokio::sync::Mutex<()>,
    pub(crate) secret_keys: Mutex<HashMap<String, (InstanceId, Millis)>>,
    pub(crate) last_active: Mutex<HashMap<SessionId, (InstanceId, Millis)>>,
    pub(crate) jobs_waiting: Notify,
    pub(crate) inbox: watch::Sender<u64>,
}

impl Service {
    /// Puts the parts together and loads the tenants. Makes nothing: see [`Service::bootstrap`].
    ///
    /// # Errors
    /// A fault when the database cannot be read, the system gives no threads, or a tenant's keys do not open under this master key.
    pub async fn start(parts: Parts) -> Result<Arc<Self>> {
        let service = Self {
            store: parts.store,
            clock: parts.clock,
            entropy: parts.entropy,
            master_key: parts.master_key,
            base: parts.base,
            mailer: parts.mailer,
            sms: parts.sms,
            http: HttpClient::default(),
            oauth_endpoints: EndpointCache::default(),
            test_key: OnceCell::new(),
            hashes: HashPool::start(parts.hash_threads)?,
            rate_limits: RateLimits::default(),
            registry: ArcSwap::from_pointee(Registry::default()),
            registry_refresh: tokio::sync::Mutex::new(()),
            secret_keys: Mutex::new(HashMap::new()),
            last_active: Mutex::new(HashMap::new()),
            jobs_waiting: Notify::new(),
            inbox: watch::Sender::new(0),
        };
        service.refresh_tenants().await?;
        Ok(Arc::new(service))
    }

    /// The database.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Where the server lives.
    pub const fn base(&self) -> &PublicBase {
        &self.base
    }

    /// The current time.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// The source of randomness.
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.entropy
    }

    /// How much work passwords have cost so far.
    pub fn hash_work(&self) -> HashWork {
        self.hashes.work()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// A fault when it does not.
    pub async fn ping(&self) -> Result<()> {
        self.store.ping().await.map_err(|err| Error::fault(FaultKind::Unavailable, err))
    }
}
