//! Where a portal page may send people afterwards. The components follow the address in the page's own query, so a query with an
//! address that is not allowed is answered by the same page without it.

use url::Url;
use url::form_urlencoded::{Serializer, parse};
use verger_http::AppState;
use verger_model::address::origin_of;
use verger_service::Ctx;

/// Names under which the components of any major read such an address, in lower case and without underscores.
const NAMES: [&str; 10] = [
    "redirecturl",
    "aftersigninurl",
    "aftersignupurl",
    "aftersignouturl",
    "returnurl",
    "returnbackurl",
    "signinforceredirecturl",
    "signinfallbackredirecturl",
    "signupforceredirecturl",
    "signupfallbackredirecturl",
];

/// What the query says about afterwards.
pub(super) struct Afterwards {
    /// Origins of the addresses in it, all of them allowed.
    pub(super) origins: Vec<String>,
    /// The query without addresses that are not allowed; `None` when there are none such.
    pub(super) cleaned: Option<String>,
}

/// Judges the addresses in a page's query. Relative ones are seen from the page.
pub(super) fn judge(state: &AppState, ctx: &Ctx, query: &str) -> Afterwards {
    let portal = Url::parse(&format!("{}/", ctx.tenant.addresses.portal)).ok();
    let (mut origins, mut kept, mut dropped) = (Vec::new(), Serializer::new(String::new()), false);
    for (name, value) in parse(query.as_bytes()) {
        if !NAMES.contains(&name.to_ascii_lowercase().replace('_', "").as_str()) {
            kept.append_pair(&name, &value);
            continue;
        }
        let target = portal.as_ref().and_then(|portal| portal.join(&value).ok());
        match target.filter(|url| state.service().check_redirect(ctx, url.as_str()).is_ok()) {
            Some(url) => {
                origins.extend(origin_of(url.as_str()));
                kept.append_pair(&name, &value);
            }
            None => dropped = true,
        }
    }
    Afterwards { origins, cleaned: dropped.then(|| kept.finish()) }
}
