//! `verger.toml` and the environment of `verger serve`: defaults, then the file, then `VERGER__*`. Only what must be known before
//! the database is open; what an instance's owner decides is a setting of the instance.

mod lenient;
mod sms;
mod smtp;

pub(crate) use smtp::Smtp;

use crate::data_dir::read_master_key;
use crate::outcome::{Outcome, Stop};
use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::Deserialize;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use verger_crypto::seal::MasterKey;
use verger_http::{Access, Network};
use verger_model::Secret;
use verger_model::address::{PublicBase, is_loopback_origin, origin_of};
use verger_outbound::SmsSender;

/// What the file and the environment say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Where browsers reach instances without a domain, such as `https://auth.example.com`.
    #[serde(default = "default_public_url")]
    public_url: String,
    /// Where backends reach instances without a domain.
    backend_url: Option<String>,
    /// The port in the addresses of instances with a domain, where it is not 443.
    #[serde(default, deserialize_with = "lenient::option")]
    domain_port: Option<u16>,
    /// A `postgres://` address, or the path of an SQLite file.
    database: Option<String>,
    database_file: Option<PathBuf>,
    #[serde(default, deserialize_with = "lenient::secret")]
    master_key: Option<Secret<String>>,
    master_key_file: Option<PathBuf>,
    /// The one listener that serves every host name.
    #[serde(default = "default_listen")]
    pub(crate) listen: SocketAddr,
    /// A second listener for the Backend API alone.
    pub(crate) listen_backend: Option<SocketAddr>,
    /// Addresses or ranges of proxies whose `X-Forwarded-*` headers are believed.
    #[serde(default, deserialize_with = "lenient::list")]
    trusted_proxies: Vec<String>,
    /// Whether everybody who reaches the server may read the mails of development instances. Left out: only when it is
    /// reached on the loopback.
    #[serde(default, deserialize_with = "lenient::option")]
    development_inbox: Option<bool>,
    /// What to log.
    #[serde(default = "default_log")]
    pub(crate) log: String,
    smtp: Option<Smtp>,
    sms: Option<sms::Sms>,
    /// Where relative paths start.
    #[serde(skip)]
    directory: PathBuf,
}

/// Where the data is.
pub(crate) enum Database {
    /// A file in a directory that one process owns.
    Sqlite(PathBuf),
    /// A server that several processes share.
    Postgres(Secret<String>),
}

fn default_public_url() -> String {
    "http://localhost:4000".to_owned()
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 4000))
}

fn default_log() -> String {
    "info".to_owned()
}

impl Config {
    /// Reads the file and the environment and checks them as a whole.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        if !path.is_file() {
            return Err(Stop::bad_start(format!(
                "there is no configuration file {}: name it with --config",
                path.display()
            )));
        }
        let mut figment = Figment::from(Toml::file_exact(path));
        // Values of the environment are text: a password of digits must not become a number.
        for (key, value) in Env::prefixed("VERGER__").split("__").iter() {
            figment = figment.merge((key.as_str().to_ascii_lowercase(), value));
        }
        let config: Self =
            figment.extract().map_err(|err| Stop::bad_start(format!("configuration: {}", first(err))))?;
        let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let config = Self { directory: directory.to_owned(), ..config };
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Outcome {
        for (name, url) in [("public_url", Some(&self.public_url)), ("backend_url", self.backend_url.as_ref())] {
            if url.is_some_and(|url| origin_of(url).as_ref() != Some(url)) {
                return Err(invalid(name, "write scheme://host[:port] without a slash at the end"));
            }
        }
        self.networks()?;
        Ok(())
    }

    /// Where the server lives.
    pub(crate) fn base(&self) -> PublicBase {
        let backend = || match self.listen_backend {
            Some(address) => format!("http://localhost:{}", address.port()),
            None => self.public_url.clone(),
        };
        PublicBase {
            frontend: self.public_url.clone(),
            backend: self.backend_url.clone().unwrap_or_else(backend),
            domain_port: self.domain_port,
        }
    }

    /// Whom the listeners believe.
    pub(crate) fn access(&self) -> Outcome<Access> {
        Ok(Access { trusted_proxies: self.networks()?, loopback_hosts: is_loopback_origin(&self.public_url) })
    }

    fn networks(&self) -> Outcome<Vec<Network>> {
        let parse = |text: &String| text.parse().map_err(|err| invalid("trusted_proxies", &format!("{text}: {err}")));
        self.trusted_proxies.iter().map(parse).collect()
    }

    /// Whether mails of development instances can be read at `/inbox`.
    pub(crate) fn inbox_is_open(&self) -> bool {
        self.development_inbox.unwrap_or_else(|| is_loopback_origin(&self.public_url))
    }

    /// Where the data is.
    pub(crate) fn database(&self) -> Outcome<Database> {
        let text = self.one_of("database", self.database.clone().map(Secret::new), self.database_file.as_deref())?;
        let text = text.ok_or_else(|| {
            invalid("database", "say where the data is: a postgres:// address or the path of an SQLite file")
        })?;
        if text.expose().starts_with("postgres://") || text.expose().starts_with("postgresql://") {
            return Ok(Database::Postgres(text));
        }
        if text.expose().contains("://") {
            return Err(invalid("database", "only postgres:// addresses and paths of SQLite files are known"));
        }
        Ok(Database::Sqlite(self.directory.join(text.expose())))
    }

    /// The key under which the database's secrets are sealed.
    pub(crate) fn master_key(&self) -> Outcome<MasterKey> {
        if let (None, Some(file)) = (&self.master_key, &self.master_key_file) {
            return read_master_key(&self.directory.join(file));
        }
        let text = self.one_of("master_key", self.master_key.clone(), self.master_key_file.as_deref())?;
        let text = text.ok_or_else(|| {
            invalid(
                "master_key",
                "missing: set master_key_file or VERGER__MASTER_KEY (a new one: head -c 32 /dev/urandom | base64)",
            )
        })?;
        MasterKey::parse(text.expose()).map_err(|err| invalid("master_key", &err.to_string()))
    }

    /// The mail server, if there is one.
    pub(crate) fn smtp(&self) -> Outcome<Option<verger_outbound::SmtpConfig>> {
        let Some(smtp) = &self.smtp else { return Ok(None) };
        let password = self.one_of("smtp.password", smtp.password.clone(), smtp.password_file.as_deref())?;
        let authority = smtp.ca_file.as_deref().map(|file| self.content("smtp.ca_file", file)).transpose()?;
        smtp.config(password, authority).map(Some)
    }

    /// Who takes messages to phones, if anybody.
    pub(crate) fn sms(&self) -> Outcome<Option<Arc<dyn SmsSender>>> {
        let Some(sms) = &self.sms else { return Ok(None) };
        let token = self.one_of("sms.token", sms.token.clone(), sms.token_file.as_deref())?;
        sms.sender(token).map(Some)
    }

    /// A secret given as it is or as the name of a file that holds it.
    fn one_of(
        &self,
        name: &str,
        value: Option<Secret<String>>,
        file: Option<&Path>,
    ) -> Outcome<Option<Secret<String>>> {
        match (value, file) {
            (Some(_), Some(_)) => Err(invalid(name, &format!("give either {name} or {name}_file, not both"))),
            (value, None) => Ok(value),
            (None, Some(file)) => {
                let text = self.content(&format!("{name}_file"), file)?;
                Ok(Some(Secret::new(text.trim().to_owned())))
            }
        }
    }

    /// What is in a file that the configuration names under this key.
    fn content(&self, name: &str, file: &Path) -> Outcome<String> {
        let path = self.directory.join(file);
        fs::read_to_string(&path).map_err(|err| invalid(name, &format!("{}: {err}", path.display())))
    }
}

fn first(err: figment::Error) -> String {
    err.into_iter().next().map_or_else(|| "it cannot be read".to_owned(), |err| err.to_string())
}

fn invalid(name: &str, why: &str) -> Stop {
    Stop::bad_start(format!("configuration: {name}: {why}"))
}
