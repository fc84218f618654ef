//! What can be ordered.

use super::answer::{Answer, ApplicationRow, CreatedAnswer, InstanceRow, KeyRow, ProductionKeys};
use crate::outcome::explain;
use crate::ready::{Ready, block, words};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use verger_model::InstanceId;
use verger_model::settings::Settings;
use verger_portal::env_block::Framework;
use verger_service::{NewApplication, Service, Tenant};

/// One order. `instance` is a slug or an id; left out, it is the instance at the root.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Order {
    /// The environment block of an instance.
    Env {
        framework: String,
        instance: Option<String>,
    },
    CreateApplication {
        name: String,
        settings: Option<Box<Settings>>,
        domain: Option<String>,
    },
    ListApplications,
    SetDomain {
        instance: String,
        domain: Option<String>,
    },
    ListKeys {
        instance: Option<String>,
    },
    CreateKey {
        instance: Option<String>,
        name: String,
    },
    RevokeKey {
        instance: Option<String>,
        id: String,
    },
    Jwks {
        instance: Option<String>,
        pem: bool,
    },
}

/// What did not work, as one sentence.
pub(crate) type Carried = Result<Answer, String>;

impl Order {
    /// Carries the order out.
    pub(crate) async fn carry_out(self, service: &Arc<Service>) -> Carried {
        // Another process on the same database may have made what this order is about.
        service.refresh_tenants().await.map_err(|err| explain(&err))?;
        match self {
            Self::Env { framework, instance } => env(service, &framework, instance.as_deref()).await,
            Self::CreateApplication { name, settings, domain } => {
                create_application(service, NewApplication { name, settings: settings.map(|it| *it), domain }).await
            }
            Self::ListApplications => list_applications(service).await,
            Self::SetDomain { instance, domain } => set_domain(service, &instance, domain.as_deref()).await,
            Self::ListKeys { instance } => list_keys(service, instance.as_deref()).await,
            Self::CreateKey { instance, name } => create_key(service, instance.as_deref(), &name).await,
            Self::RevokeKey { instance, id } => revoke_key(service, instance.as_deref(), &id).await,
            Self::Jwks { instance, pem } => jwks(service, instance.as_deref(), pem),
        }
    }
}

fn named(service: &Service, instance: Option<&str>) -> Result<Arc<Tenant>, String> {
    let Some(name) = instance else {
        return service.root_tenant().ok_or_else(|| "no instance is at the root: name one with --instance".to_owned());
    };
    let by_id = name.parse::<InstanceId>().ok().and_then(|id| service.tenant(&id));
    by_id
        .or_else(|| service.tenant_by_slug(name))
        .ok_or_else(|| format!("there is no instance {name}: see verger apps list"))
}

async fn env(service: &Service, framework: &str, instance: Option<&str>) -> Carried {
    let framework: Framework = framework.parse().map_err(|()| format!("there is no framework {framework} here"))?;
    let tenant = named(service, instance)?;
    let credentials = service.credentials(&tenant.instance.id).await.map_err(|err| explain(&err))?;
    Ok(Answer::Text(block(framework, &credentials, service.base()).to_string()))
}

async fn create_application(service: &Arc<Service>, new: NewApplication) -> Carried {
    let created = service.create_application(new).await.map_err(|err| explain(&err))?;
    let production = &created.production;
    Ok(Answer::Created(Box::new(CreatedAnswer {
        ready: Ready::new(&created.development, service.base()),
        instance_id: created.development.tenant.instance.id.as_str().to_owned(),
        slug: created.development.tenant.instance.slug.clone(),
        production: ProductionKeys {
            instance_id: production.tenant.instance.id.as_str().to_owned(),
            slug: production.tenant.instance.slug.clone(),
            frontend_api_url: production.tenant.addresses.frontend_api.clone(),
            publishable_key: production.tenant.publishable_key.clone(),
            secret_key: production.secret_key.as_ref().map(|key| key.expose().clone()),
        },
        words: words(&created.development, service.base()),
    })))
}

async fn list_applications(service: &Service) -> Carried {
    let applications = service.list_applications().await.map_err(|err| explain(&err))?;
    let row = |tenant: &Arc<Tenant>| InstanceRow {
        id: tenant.instance.id.as_str().to_owned(),
        environment: tenant.instance.environment.as_str().to_owned(),
        slug: tenant.instance.slug.clone(),
        domain: tenant.instance.domain.clone(),
        frontend_api_url: tenant.addresses.frontend_api.clone(),
        publishable_key: tenant.publishable_key.clone(),
    };
    let rows = applications.iter().map(|(application, tenants)| ApplicationRow {
        id: application.id.as_str().to_owned(),
        name: application.name.clone(),
        instances: tenants.iter().map(row).collect(),
    });
    Ok(Answer::Applications(rows.collect()))
}

async fn set_domain(service: &Service, instance: &str, domain: Option<&str>) -> Carried {
    let tenant = named(service, Some(instance))?;
    if tenant.instance.is_development() {
        return Err(format!("{instance} is a development instance: domains are for production instances"));
    }
    let tenant = service.set_domain(&tenant.instance.id, domain).await.map_err(|err| explain(&err))?;
    let Tenant { addresses, publishable_key, .. } = &*tenant;
    Ok(Answer::Text(format!(
        "Frontend API    {}\nAccount Portal  {}\nBackend API     {}\nPublishable key {publishable_key}\n",
        addresses.frontend_api, addresses.portal, addresses.backend_api
    )))
}

async fn list_keys(service: &Service, instance: Option<&str>) -> Carried {
    let tenant = named(service, instance)?;
    let keys = service.list_secret_keys(&tenant.instance.id).await.map_err(|err| explain(&err))?;
    let row = |key: verger_model::instance::SecretKey| KeyRow {
        id: key.id.into(),
        name: key.name,
        created_at: key.created_at.0,
        revoked_at: key.revoked_at.map(|at| at.0),
    };
    Ok(Answer::Keys(keys.into_iter().map(row).collect()))
}

async fn create_key(service: &Service, instance: Option<&str>, name: &str) -> Carried {
    let tenant = named(service, instance)?;
    let (_, key) = service.create_secret_key(&tenant.instance.id, name).await.map_err(|err| explain(&err))?;
    Ok(Answer::Text(format!("{}\n", key.expose())))
}

async fn revoke_key(service: &Service, instance: Option<&str>, id: &str) -> Carried {
    let tenant = named(service, instance)?;
    let key = id.parse().map_err(|_| format!("{id} is no id of a secret key: see verger keys list"))?;
    let revoked = service.revoke_secret_key(&tenant.instance.id, &key).await.map_err(|err| explain(&err))?;
    if revoked { Ok(Answer::Text(String::new())) } else { Err(format!("there is no secret key {id} to take back")) }
}

fn jwks(service: &Service, instance: Option<&str>, pem: bool) -> Carried {
    let tenant = named(service, instance)?;
    if pem {
        return Ok(Answer::Text(tenant.jwt_public_key_pem()));
    }
    let keys = serde_json::to_string_pretty(&tenant.jwks()).map_err(|err| err.to_string())?;
    Ok(Answer::Text(format!("{keys}\n")))
}
