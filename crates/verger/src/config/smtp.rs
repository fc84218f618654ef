//! The `[smtp]` section: who takes the mail of production instances.

use super::{invalid, lenient};
use crate::outcome::Outcome;
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;
use verger_model::Secret;
use verger_outbound::{SmtpConfig, SmtpTls};

/// The section as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Smtp {
    host: String,
    /// Left out: 587 with STARTTLS, 465 with TLS, 25 without.
    #[serde(default, deserialize_with = "lenient::option")]
    port: Option<u16>,
    #[serde(default)]
    tls: Security,
    /// Certificates in PEM that vouch for the server instead of the public authorities.
    pub(super) ca_file: Option<PathBuf>,
    username: Option<String>,
    #[serde(default, deserialize_with = "lenient::secret")]
    pub(super) password: Option<Secret<String>>,
    pub(super) password_file: Option<PathBuf>,
    /// The sender's address of instances that have none of their own.
    from: String,
    #[serde(default, deserialize_with = "lenient::option")]
    timeout_seconds: Option<u64>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Security {
    None,
    #[default]
    StartTls,
    Tls,
}

const DEFAULT_TIMEOUT: u64 = 20;

impl Smtp {
    /// The section with the password and the authority that were found for it.
    pub(super) fn config(&self, password: Option<Secret<String>>, authority: Option<String>) -> Outcome<SmtpConfig> {
        let tls = match self.tls {
            Security::None => SmtpTls::None,
            Security::StartTls => SmtpTls::StartTls,
            Security::Tls => SmtpTls::Tls,
        };
        if authority.is_some() && matches!(tls, SmtpTls::None) {
            return Err(invalid("smtp.ca_file", "nothing is verified with tls = \"none\""));
        }
        let login = match (self.username.clone(), password) {
            (Some(username), Some(password)) => Some((username, password)),
            (None, None) => None,
            _ => return Err(invalid("smtp", "username and password go together")),
        };
        Ok(SmtpConfig {
            host: self.host.clone(),
            port: self.port.unwrap_or(tls.default_port()),
            tls,
            authority,
            login,
            timeout: Duration::from_secs(self.timeout_seconds.unwrap_or(DEFAULT_TIMEOUT).clamp(1, 120)),
            from_address: self.from.clone(),
        })
    }
}
