//! The circumstances of one request: which tenant, what time, which API version, and what the caller told about itself.

use crate::tenants::Tenant;
use std::sync::Arc;
use verger_model::session::Activity;
use verger_model::{ApiVersion, InstanceId, Millis};
use verger_views::Lens;

/// What the caller told about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestInfo {
    /// The caller's address, as far as trusted proxies say.
    pub ip: Option<String>,
    /// The User-Agent header.
    pub user_agent: Option<String>,
    /// The app's origin: the Origin header, or the origin of an authenticated proxy.
    pub origin: Option<String>,
}

/// The longest User-Agent that is kept, in bytes.
const USER_AGENT_MAX: usize = 512;

impl RequestInfo {
    /// What is kept of it beside a session.
    pub fn activity(&self) -> Activity {
        let user_agent = self.user_agent.as_ref().map(|ua| ua.chars().take(USER_AGENT_MAX).collect());
        Activity { user_agent, ip_address: self.ip.clone() }
    }
}

/// The circumstances of one request. `now` is read once.
#[derive(Clone)]
pub struct Ctx {
    /// Whose users.
    pub tenant: Arc<Tenant>,
    /// When.
    pub now: Millis,
    /// In which shape the caller wants answers.
    pub api: ApiVersion,
    /// What the caller told about itself.
    pub request: RequestInfo,
}

impl Ctx {
    /// The tenant key.
    pub fn instance(&self) -> &InstanceId {
        &self.tenant.instance.id
    }

    /// What views need to render for this request.
    pub fn lens(&self) -> Lens<'_> {
        Lens { instance: &self.tenant.instance, addresses: &self.tenant.addresses, now: self.now, api: self.api }
    }
}
