//! Where people may be sent: only to the instance's own origins.

use crate::ctx::Ctx;
use crate::service::Service;
use url::Url;
use verger_model::address::OriginTrust;
use verger_model::{Code, Refusal};

/// The longest address that is taken, in bytes.
const MAX_BYTES: usize = 2048;

impl Service {
    /// Judges an address that somebody wants to be sent to; gives back the parsed address.
    ///
    /// # Errors
    /// `redirect_url_too_long`, `invalid_redirect_url`, `prohibited_redirect_url` for another scheme than http(s) or
    /// credentials in it, `redirect_url_not_associated_with_instance` for a stranger's origin.
    pub fn check_redirect(&self, ctx: &Ctx, url: &str) -> Result<Url, Refusal> {
        if url.len() > MAX_BYTES {
            return Err(Code::RedirectUrlTooLong.into());
        }
        let odd = url.bytes().any(|b| b.is_ascii_control() || b == b'\\');
        let parsed = Url::parse(url).ok().filter(|_| !odd).ok_or(Code::InvalidRedirectUrl)?;
        if !matches!(parsed.scheme(), "http" | "https") || !parsed.username().is_empty() || parsed.password().is_some()
        {
            return Err(Code::ProhibitedRedirectUrl.into());
        }
        let origin = parsed.origin().ascii_serialization();
        match ctx.tenant.instance.origin_trust(&origin, &ctx.tenant.addresses) {
            OriginTrust::Own => Ok(parsed),
            OriginTrust::DevelopmentOnly | OriginTrust::Unlisted | OriginTrust::Foreign => {
                Err(Refusal::param(Code::RedirectUrlNotAssociatedWithInstance, "redirect_url"))
            }
        }
    }
}
