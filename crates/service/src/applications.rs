//! Applications, instances and secret keys: what an operator makes on the command line.

use crate::error::{Error, Result};
use crate::service::Service;
use crate::tenants::{Tenant, place};
use std::sync::Arc;
use verger_crypto::token::{secret_key, token_hash};
use verger_model::instance::{Application, Environment, Instance, SecretKey};
use verger_model::settings::Settings;
use verger_model::{ApplicationId, Code, InstanceId, Millis, Refusal, Secret, SecretKeyId};
use verger_store::StoreError;

/// What the first application of a server is called.
const FIRST_APPLICATION: &str = "My application";

/// An application to make.
#[derive(Clone, Debug, Default)]
pub struct NewApplication {
    /// Its name; the slug in addresses is made of it.
    pub name: String,
    /// The settings of both instances.
    pub settings: Option<Settings>,
    /// The domain of the production instance.
    pub domain: Option<String>,
}

/// The keys by which an app reaches an instance.
#[derive(Debug)]
pub struct Credentials {
    /// The instance.
    pub tenant: Arc<Tenant>,
    /// A secret key. `None` for a production instance whose key was shown before.
    pub secret_key: Option<Secret<String>>,
}

/// A new application.
#[derive(Debug)]
pub struct CreatedApplication {
    /// Its development instance.
    pub development: Credentials,
    /// Its production instance.
    pub production: Credentials,
}

struct Draft {
    instance: Instance,
    secret_key: Secret<String>,
    keys: crate::tenants::NewKeys,
    key: SecretKey,
    sealed: Option<String>,
}

impl Service {
    /// The first start: one application with both instances. Does nothing when there are instances.
    ///
    /// # Errors
    /// A fault when the database cannot be written.
    pub async fn bootstrap(self: &Arc<Self>) -> Result<()> {
        self.refresh_tenants().await?;
        if !self.tenants().is_empty() {
            return Ok(());
        }
        let first = NewApplication { name: FIRST_APPLICATION.to_owned(), ..NewApplication::default() };
        match self.create(first, true).await {
            // Another process was first: its application is as good as ours.
            Err(Error::Refused(refusal)) if refusal.code() == Code::FormIdentifierExists => {
                self.refresh_tenants().await
            }
            other => other.map(drop),
        }
    }

    /// Makes an application with a development and a production instance.
    ///
    /// # Errors
    /// `form_param_value_invalid` for an unusable name or domain, `form_identifier_exists` for a taken one.
    pub async fn create_application(self: &Arc<Self>, new: NewApplication) -> Result<CreatedApplication> {
        self.create(new, false).await
    }

    async fn create(self: &Arc<Self>, new: NewApplication, is_root: bool) -> Result<CreatedApplication> {
        let slug = slug_of(&new.name).ok_or_else(|| Refusal::param(Code::FormParamValueInvalid, "name"))?;
        let domain = new.domain.as_deref().map(check_domain).transpose()?;
        let now = self.now();
        let application =
            Application { id: ApplicationId::generate(now, self.entropy()), name: new.name.clone(), created_at: now };
        let instance = |environment: Environment| Instance {
            id: InstanceId::generate(now, self.entropy()),
            application_id: application.id.clone(),
            application_name: application.name.clone(),
            environment,
            slug: if environment == Environment::Development { slug.clone() } else { format!("{slug}-live") },
            is_root: is_root && environment == Environment::Development,
            domain: domain.clone().filter(|_| environment == Environment::Production),
            settings: new.settings.clone().unwrap_or_default(),
            version: 1,
            created_at: now,
        };
        let instances = [instance(Environment::Development), instance(Environment::Production)];
        let drafts = self.draft(instances, now).await?;

        let mut tx = self.store.write().await?;
        tx.applications().insert(&application).await?;
        for draft in &drafts {
            tx.instances().insert(&draft.instance).await.map_err(taken)?;
            draft.keys.insert(&mut tx, &draft.instance.id, now).await?;
            let sealed = draft.sealed.as_deref().map(str::as_bytes);
            tx.secret_keys().insert(&draft.key, &token_hash(draft.secret_key.expose()), sealed).await?;
        }
        tx.commit().await?;
        self.refresh_tenants().await?;

        let [development, production] = drafts.map(|draft| (draft.instance.id, draft.secret_key));
        Ok(CreatedApplication { development: self.shown(development)?, production: self.shown(production)? })
    }

    async fn draft(self: &Arc<Self>, instances: [Instance; 2], now: Millis) -> Result<[Draft; 2]> {
        let service = self.clone();
        let work = move || -> Result<[Draft; 2]> {
            let [a, b] = instances.map(|instance| -> Result<Draft> {
                let keys = service.make_keys(&instance.id, now)?;
                let (key, secret_key) = service.make_secret_key(&instance, "default", now);
                let sealed = (instance.environment == Environment::Development).then(|| {
                    let at = place(&instance.id, "secret_keys", "sealed", key.id.as_str());
                    keys.data_key().seal(&at, secret_key.expose().as_bytes(), service.entropy())
                });
                Ok(Draft { instance, secret_key, keys, key, sealed })
            });
            Ok([a?, b?])
        };
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }

    fn make_secret_key(&self, instance: &Instance, name: &str, now: Millis) -> (SecretKey, Secret<String>) {
        let key = SecretKey {
            id: SecretKeyId::generate(now, self.entropy()),
            instance_id: instance.id.clone(),
            name: name.to_owned(),
            created_at: now,
            revoked_at: None,
        };
        (key, secret_key(instance.environment, self.entropy()))
    }

    fn shown(&self, (id, secret_key): (InstanceId, Secret<String>)) -> Result<Credentials> {
        Ok(Credentials { tenant: self.known_tenant(&id)?, secret_key: Some(secret_key) })
    }

    fn known_tenant(&self, id: &InstanceId) -> Result<Arc<Tenant>> {
        self.tenant(id).ok_or_else(|| Code::ResourceNotFound.into())
    }

    /// The keys of an instance. The secret key is that of a development instance; production keys are shown once.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown instance.
    pub async fn credentials(&self, id: &InstanceId) -> Result<Credentials> {
        let tenant = self.known_tenant(id)?;
        let mut reader = self.store.read().await?;
        for key in reader.secret_keys().list(id).await?.iter().filter(|key| key.revoked_at.is_none()) {
            let Some(sealed) = reader.secret_keys().sealed(id, &key.id).await? else { continue };
            let at = place(id, "secret_keys", "sealed", key.id.as_str());
            let sealed = String::from_utf8(sealed).map_err(Error::internal)?;
            let open = tenant.data_key.open(&at, &sealed).map_err(Error::internal)?;
            let text = std::str::from_utf8(open.expose()).map_err(Error::internal)?;
            return Ok(Credentials { secret_key: Some(text.into()), tenant: tenant.clone() });
        }
        Ok(Credentials { tenant, secret_key: None })
    }

    /// Every application with its instances, oldest first; of its instances the development one.
    ///
    /// # Errors
    /// A fault when the database cannot be read.
    pub async fn list_applications(&self) -> Result<Vec<(Application, Vec<Arc<Tenant>>)>> {
        self.refresh_tenants().await?;
        let tenants = self.tenants();
        let applications = self.store.read().await?.applications().list().await?;
        let of = |app: &Application| {
            let mut own: Vec<_> = tenants.iter().filter(|t| t.instance.application_id == app.id).cloned().collect();
            own.sort_by_key(|tenant| !tenant.instance.is_development());
            own
        };
        Ok(applications.into_iter().map(|app| (app.clone(), of(&app))).collect())
    }

    /// Puts a production instance on a domain, or takes it off.
    ///
    /// # Errors
    /// `request_invalid_for_environment` for a development instance, `form_param_value_invalid` for a text that is no domain,
    /// `form_identifier_exists` for a domain that another instance has.
    pub async fn set_domain(&self, id: &InstanceId, domain: Option<&str>) -> Result<Arc<Tenant>> {
        let domain = domain.map(check_domain).transpose()?;
        let mut instance = self.known_tenant(id)?.instance.clone();
        if instance.is_development() {
            return Err(Code::RequestInvalidForEnvironment.into());
        }
        instance.domain = domain;
        self.change(&instance).await
    }

    /// Replaces the settings of an instance.
    ///
    /// # Errors
    /// `form_param_value_invalid` when they break a rule.
    pub async fn update_settings(&self, id: &InstanceId, mut settings: Settings) -> Result<Arc<Tenant>> {
        settings.check().map_err(|err| Refusal::param(Code::FormParamValueInvalid, "settings").saying(err.0))?;
        let tenant = self.known_tenant(id)?;
        self.seal_client_secrets(&tenant, &mut settings);
        self.seal_captcha_secrets(&tenant, &mut settings);
        let mut instance = tenant.instance.clone();
        instance.settings = settings;
        self.change(&instance).await
    }

    async fn change(&self, instance: &Instance) -> Result<Arc<Tenant>> {
        let mut tx = self.store.write().await?;
        tx.instances().update(instance).await.map_err(taken)?;
        tx.commit().await?;
        self.refresh_tenants().await?;
        self.known_tenant(&instance.id)
    }

    /// The secret keys of an instance, without the keys.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown instance.
    pub async fn list_secret_keys(&self, id: &InstanceId) -> Result<Vec<SecretKey>> {
        self.known_tenant(id)?;
        Ok(self.store.read().await?.secret_keys().list(id).await?)
    }

    /// Makes another secret key. A production key can be read only here.
    ///
    /// # Errors
    /// `resource_not_found` for an unknown instance.
    pub async fn create_secret_key(&self, id: &InstanceId, name: &str) -> Result<(SecretKey, Secret<String>)> {
        let tenant = self.known_tenant(id)?;
        let (key, secret) = self.make_secret_key(&tenant.instance, name, self.now());
        let sealed = tenant.instance.is_development().then(|| {
            let at = place(id, "secret_keys", "sealed", key.id.as_str());
            tenant.data_key.seal(&at, secret.expose().as_bytes(), self.entropy())
        });
        let mut tx = self.store.write().await?;
        tx.secret_keys().insert(&key, &token_hash(secret.expose()), sealed.as_deref().map(str::as_bytes)).await?;
        tx.commit().await?;
        Ok((key, secret))
    }

    /// Takes a secret key back. `false` when there was none to take.
    ///
    /// # Errors
    /// A fault when the database cannot be written.
    pub async fn revoke_secret_key(&self, id: &InstanceId, key: &SecretKeyId) -> Result<bool> {
        let mut tx = self.store.write().await?;
        let revoked = tx.secret_keys().revoke(id, key, self.now()).await?;
        tx.commit().await?;
        self.distrust_secret_keys();
        Ok(revoked)
    }
}

#[track_caller]
fn taken(err: StoreError) -> Error {
    match err {
        StoreError::Conflict { .. } => Refusal::param(Code::FormIdentifierExists, "name").into(),
        other => other.into(),
    }
}

/// `My Shop!` becomes `my-shop`. `None` when nothing is left or too much is.
fn slug_of(name: &str) -> Option<String> {
    let dashed: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let slug = dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    (!slug.is_empty() && slug.len() <= 48).then_some(slug)
}

fn check_domain(domain: &str) -> Result<String> {
    let domain = domain.to_ascii_lowercase();
    let labels = domain.split('.').filter(|label| {
        !label.is_empty() && label.len() <= 63 && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    if domain.contains('.') && domain.len() <= 253 && labels.count() == domain.split('.').count() {
        return Ok(domain);
    }
    Err(Refusal::param(Code::FormParamValueInvalid, "domain").saying("A domain is written like example.com.").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_made_of_the_name() {
        assert_eq!(slug_of("My Shop! (EU)"), Some("my-shop-eu".into()));
        assert_eq!(slug_of("!!"), None);
    }

    #[test]
    fn a_domain_is_a_domain() {
        assert!(check_domain("Example.com").is_ok_and(|domain| domain == "example.com"));
        for text in ["localhost", "https://example.com", "example.com/x", "a..b", "example.com:443"] {
            assert!(check_domain(text).is_err(), "{text}");
        }
    }
}
