//! What is printed about an instance: for machines a line of JSON whose keys are a contract, for people the same in words.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt::Write;
use verger_model::address::PublicBase;
use verger_portal::env_block::{EnvBlock, Framework, env_block};
use verger_service::{Credentials, Tenant};

/// The line of JSON. Keys are only ever added.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ready {
    event: String,
    pub(crate) frontend_api_url: String,
    pub(crate) backend_api_url: String,
    pub(crate) inbox_url: String,
    pub(crate) publishable_key: String,
    /// `None` where it was shown before: production keys are shown once.
    pub(crate) secret_key: Option<String>,
    /// Every variable of the Next.js block.
    pub(crate) env: Map<String, Value>,
}

/// What stands for a secret key that cannot be shown again.
pub(crate) const UNKNOWN_KEY: &str = "<the key that `verger keys create` printed>";

/// The environment block of an instance with its secret key.
pub(crate) fn block(framework: Framework, credentials: &Credentials, base: &PublicBase) -> EnvBlock {
    let secret = credentials.secret_key.as_ref().map_or(UNKNOWN_KEY, |key| key.expose().as_str());
    env_block(framework, &credentials.tenant, base, secret)
}

impl Ready {
    pub(crate) fn new(credentials: &Credentials, base: &PublicBase) -> Self {
        let tenant = &credentials.tenant;
        let block = block(Framework::Nextjs, credentials, base);
        Self {
            event: "ready".to_owned(),
            frontend_api_url: tenant.addresses.frontend_api.clone(),
            backend_api_url: tenant.addresses.backend_api.clone(),
            inbox_url: format!("{}/inbox", tenant.addresses.portal),
            publishable_key: tenant.publishable_key.clone(),
            secret_key: credentials.secret_key.as_ref().map(|key| key.expose().clone()),
            env: block.variables.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect(),
        }
    }
}

/// The same for people.
pub(crate) fn words(credentials: &Credentials, base: &PublicBase) -> String {
    let Tenant { instance, addresses, .. } = &*credentials.tenant;
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {label:<15} {value}");
    };
    line("Account Portal", &format!("{0}/sign-in  {0}/sign-up  {0}/user", addresses.portal));
    if instance.is_development() {
        line("Inbox", &format!("{}/inbox", addresses.portal));
    }
    line("Frontend API", &addresses.frontend_api);
    line("Backend API", &addresses.backend_api);
    let block = block(Framework::Nextjs, credentials, base);
    let _ = write!(text, "\nFor a Next.js app, in .env.local:\n\n{block}");
    text
}
