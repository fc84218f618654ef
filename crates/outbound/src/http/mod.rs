//! The one HTTP client by which the server asks others. Guarded: a time-out over everything, a limit on what is read, no redirects,
//! no proxy of the environment, and no address inside the owner's network unless the caller says so. The address that was
//! judged is the one that is connected to.

mod address;

pub use address::is_public;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};
use url::Url;
use verger_model::Secret;

/// Longest time for a whole exchange, where the caller names none.
const PATIENCE: Duration = Duration::from_secs(10);
/// Most bytes of an answer.
const BODY_MAX: usize = 1024 * 1024;

/// Whom a request may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Hosts of the public internet, by https.
    Public,
    /// Any host, by http too: development.
    Anywhere,
}

/// What to ask.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    /// Where.
    pub url: String,
    /// What to post; without it the request is a GET.
    pub body: Option<HttpBody>,
    /// The value of `Authorization`.
    pub authorization: Option<Secret<String>>,
}

impl HttpRequest {
    /// A plain GET.
    pub const fn get(url: String) -> Self {
        Self { url, body: None, authorization: None }
    }
}

/// What is posted.
#[derive(Clone, Debug)]
pub struct HttpBody {
    content_type: &'static str,
    text: Secret<String>,
}

impl HttpBody {
    /// An encoded form.
    pub const fn form(text: String) -> Self {
        Self { content_type: "application/x-www-form-urlencoded", text: Secret::new(text) }
    }

    /// A JSON document.
    pub const fn json(text: String) -> Self {
        Self { content_type: "application/json", text: Secret::new(text) }
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct HttpReply {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The address is none, or one that may not be asked.
    #[error("the address may not be asked: {0}")]
    Address(&'static str),
    /// No answer, or one that breaks off or is too long.
    #[error("no answer: {0}")]
    Exchange(String),
}

/// Headers beside those that every request has.
type Headers = &'static [(&'static str, &'static str)];

fn broken(err: impl std::fmt::Display) -> HttpError {
    HttpError::Exchange(err.to_string())
}

/// The client.
#[derive(Clone)]
pub struct HttpClient {
    tls: TlsConnector,
    patience: Duration,
}

impl Default for HttpClient {
    fn default() -> Self {
        let roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider knows TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { tls: TlsConnector::from(Arc::new(config)), patience: PATIENCE }
    }
}

impl HttpClient {
    /// The same client, with another longest time for a whole exchange.
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Asks once.
    ///
    /// # Errors
    /// [`HttpError`]; a status of any kind is an answer.
    pub async fn send(&self, request: &HttpRequest, reach: Reach) -> Result<HttpReply, HttpError> {
        self.send_with(request, &[], reach).await
    }

    /// Asks once, with more headers: names in lower case, and values.
    ///
    /// # Errors
    /// As [`HttpClient::send`].
    pub async fn send_with(&self, request: &HttpRequest, more: Headers, reach: Reach) -> Result<HttpReply, HttpError> {
        match tokio::time::timeout(self.patience, self.exchange(request, more, reach)).await {
            Ok(reply) => reply,
            Err(_) => Err(broken("out of time")),
        }
    }

    async fn exchange(&self, request: &HttpRequest, more: Headers, reach: Reach) -> Result<HttpReply, HttpError> {
        let url = Url::parse(&request.url).map_err(|_| HttpError::Address("not a URL"))?;
        let secure = match url.scheme() {
            "https" => true,
            "http" if reach == Reach::Anywhere => false,
            _ => return Err(HttpError::Address("not https")),
        };
        let host = url.host_str().ok_or(HttpError::Address("no host"))?;
        let stream = TcpStream::connect(&*resolve(&url, host, reach).await?).await.map_err(broken)?;
        let mut outgoing = outgoing(request, &url, host)?;
        for (name, value) in more {
            outgoing.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        if !secure {
            return converse(stream, outgoing).await;
        }
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(broken)?;
        converse(self.tls.connect(name, stream).await.map_err(broken)?, outgoing).await
    }
}

/// The addresses of a host, all of them judged.
async fn resolve(url: &Url, host: &str, reach: Reach) -> Result<Vec<SocketAddr>, HttpError> {
    let port = url.port_or_known_default().ok_or(HttpError::Address("no port"))?;
    let found: Vec<_> = lookup_host((host.trim_matches(['[', ']']), port)).await.map_err(broken)?.collect();
    if reach == Reach::Public && !found.iter().all(|address| is_public(address.ip())) {
        return Err(HttpError::Address("inside the network"));
    }
    Ok(found)
}

fn outgoing(request: &HttpRequest, url: &Url, host: &str) -> Result<Request<Full<Bytes>>, HttpError> {
    let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut builder = Request::builder()
        .method(if request.body.is_some() { Method::POST } else { Method::GET })
        .uri(target)
        .header(HOST, authority)
        .header(USER_AGENT, "Verger")
        .header(ACCEPT, "application/json");
    if let Some(authorization) = &request.authorization {
        let mut value = HeaderValue::from_str(authorization.expose()).map_err(broken)?;
        value.set_sensitive(true);
        builder = builder.header(AUTHORIZATION, value);
    }
    let body = match &request.body {
        Some(body) => {
            builder = builder.header(CONTENT_TYPE, body.content_type);
            Bytes::from(body.text.expose().clone())
        }
        None => Bytes::new(),
    };
    builder.body(Full::new(body)).map_err(broken)
}

async fn converse<S>(stream: S, request: Request<Full<Bytes>>) -> Result<HttpReply, HttpError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let talk = async move {
        let response = sender.send_request(request).await.map_err(broken)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), BODY_MAX).collect().await.map_err(broken)?;
        Ok(HttpReply { status, body: body.to_bytes().to_vec() })
    };
    let mut connection = std::pin::pin!(connection);
    let mut talk = std::pin::pin!(talk);
    // The connection does the reading and writing: it runs beside the talk, and ends with it.
    tokio::select! {
        reply = &mut talk => reply,
        ended = &mut connection => {
            ended.map_err(broken)?;
            talk.await
        }
    }
}
