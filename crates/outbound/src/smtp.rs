//! Mail over SMTP: one connection per mail, plain, STARTTLS or TLS, with or without a login.

use crate::{MailError, Mailer, Sending};
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::{Duration, UNIX_EPOCH};
use verger_model::Secret;
use verger_model::mail::Email;

const PEM_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";

/// How the connection is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// Not at all: for a relay on the same machine.
    None,
    /// Plain first, then upgraded; a server that does not offer it is refused.
    StartTls,
    /// From the first byte.
    Tls,
}

impl SmtpTls {
    /// The port that goes with it when none is named.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::None => 25,
            Self::StartTls => 587,
            Self::Tls => 465,
        }
    }
}

/// Where mails are handed over, and who they come from.
#[derive(Clone, Debug)]
pub struct SmtpConfig {
    /// Host name; also the name that the certificate must carry.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is secured.
    pub tls: SmtpTls,
    /// Who vouches for the server instead of the public authorities: certificates as PEM.
    pub authority: Option<String>,
    /// User and password, where the server wants a login.
    pub login: Option<(String, Secret<String>)>,
    /// The longest wait for the connection and for each answer.
    pub timeout: Duration,
    /// The sender's address of mails that name none.
    pub from_address: String,
}

/// Why an SMTP configuration cannot work.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSmtpConfig {
    /// `from_address` is no address.
    #[error("the sender address {0:?} is not an email address")]
    FromAddress(String),
    /// `authority` has no certificate in it.
    #[error("the authority of the mail server is no certificate in PEM")]
    Authority,
    /// The host name cannot be checked against a certificate.
    #[error("TLS cannot be set up for the mail server: {0}")]
    Tls(String),
}

/// A [`Mailer`] that speaks SMTP. Cheap until the first mail: it keeps no connection.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from_address: Address,
}

impl SmtpMailer {
    /// Checks the configuration; connects to nothing.
    ///
    /// # Errors
    /// When the sender's address, the authority or the host name is malformed.
    pub fn new(config: SmtpConfig) -> Result<Self, InvalidSmtpConfig> {
        let from_address =
            config.from_address.parse().map_err(|_| InvalidSmtpConfig::FromAddress(config.from_address.clone()))?;
        let tls = match config.tls {
            SmtpTls::None => Tls::None,
            SmtpTls::StartTls => Tls::Required(tls_parameters(&config)?),
            SmtpTls::Tls => Tls::Wrapper(tls_parameters(&config)?),
        };
        // The builder without defaults is the only one that takes all three ways; `tls` above says which one holds.
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
            .port(config.port)
            .tls(tls)
            .timeout(Some(config.timeout));
        if let Some((user, password)) = config.login {
            builder = builder.credentials(Credentials::new(user, password.expose().clone()));
        }
        Ok(Self { transport: builder.build(), from_address })
    }

    fn message(&self, mail: &Email) -> Result<Message, MailError> {
        let address = |text: &str| {
            text.parse::<Address>().map_err(|_| MailError::Permanent("an address is not an email address".into()))
        };
        let from = mail.from_address.as_deref().map_or_else(|| Ok(self.from_address.clone()), address)?;
        let message_id = format!("<{}@{}>", mail.id, from.domain());
        let written = Duration::from_millis(mail.created_at.0.try_into().unwrap_or_default());
        let mut message = Message::builder()
            .from(Mailbox::new(Some(one_line(&mail.from_name)), from))
            .to(Mailbox::new(None, address(&mail.to)?))
            .subject(one_line(&mail.subject))
            .message_id(Some(message_id))
            .date(UNIX_EPOCH + written)
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(|err| MailError::Permanent(err.to_string()))?;
        // Keeps out-of-office answers from coming back (RFC 3834).
        message.headers_mut().insert_raw(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
        Ok(message)
    }
}

impl Mailer for SmtpMailer {
    fn send<'a>(&'a self, mail: &'a Email) -> Sending<'a> {
        Box::pin(async move {
            let message = self.message(mail)?;
            self.transport.send(message).await.map(|_| ()).map_err(|err| mail_error(&err))
        })
    }
}

/// Whom the server must prove to be, and by whose word.
fn tls_parameters(config: &SmtpConfig) -> Result<TlsParameters, InvalidSmtpConfig> {
    let mut builder = TlsParameters::builder(config.host.clone());
    if let Some(pem) = &config.authority {
        // A text without any certificate is read as none, after which every server would be refused.
        let certificates = Certificate::from_pem(pem.as_bytes()).ok().filter(|_| pem.contains(PEM_CERTIFICATE));
        builder = builder
            .certificate_store(CertificateStore::None)
            .add_root_certificate(certificates.ok_or(InvalidSmtpConfig::Authority)?);
    }
    builder.build().map_err(|err| InvalidSmtpConfig::Tls(err.to_string()))
}

/// Names and subjects come from settings and users; a line end in them would start a header of its own.
fn one_line(text: &str) -> String {
    text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn mail_error(err: &smtp::Error) -> MailError {
    if err.is_permanent() { MailError::Permanent(err.to_string()) } else { MailError::Temporary(err.to_string()) }
}
