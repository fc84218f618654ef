//! A mail server of a few lines: takes every mail, or answers one command with what the test says; in the clear or inside TLS.

use std::io;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use verger_testkit::tls::Identity;

/// What one connection sent.
#[derive(Debug, Default)]
pub(crate) struct Delivery {
    /// Commands in the clear before TLS began.
    pub(crate) clear: Vec<String>,
    /// Commands, in order, without their line ends; inside TLS where there is TLS.
    pub(crate) commands: Vec<String>,
    /// The mail as it was sent.
    pub(crate) data: String,
}

/// Where it listens, and what came.
pub(crate) struct SmtpSink {
    pub(crate) port: u16,
    deliveries: mpsc::UnboundedReceiver<Delivery>,
}

/// Answers a command of this name with this line instead of the usual.
pub(crate) type Quirk = (&'static str, &'static str);

/// When TLS begins.
#[derive(Clone, Copy)]
pub(crate) enum Offer {
    /// With the connection.
    Tls,
    /// When the client asks for it.
    StartTls,
}

/// How the sink behaves.
#[derive(Clone, Default)]
struct Manner {
    quirks: &'static [Quirk],
    tls: Option<(Offer, TlsAcceptor)>,
}

impl SmtpSink {
    /// Without TLS.
    pub(crate) async fn plain() -> Self {
        Self::start(Manner::default()).await
    }

    /// Without TLS, and with answers of its own.
    pub(crate) async fn with(quirks: &'static [Quirk]) -> Self {
        Self::start(Manner { quirks, tls: None }).await
    }

    /// With TLS under this identity.
    pub(crate) async fn secured(identity: &Identity, offer: Offer) -> Self {
        let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).expect("a certificate");
        let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("a key");
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![certificate], key))
            .expect("a TLS configuration");
        Self::start(Manner { quirks: &[], tls: Some((offer, TlsAcceptor::from(Arc::new(config)))) }).await
    }

    async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (sender, deliveries) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut delivery = Delivery::default();
                // A connection that breaks off has sent what it has sent.
                receive(stream, &manner, &mut delivery).await.ok();
                if sender.send(delivery).is_err() {
                    return;
                }
            }
        });
        Self { port, deliveries }
    }

    /// The next connection, once it is closed.
    pub(crate) async fn delivery(&mut self) -> Delivery {
        self.deliveries.recv().await.expect("the sink runs")
    }
}

async fn receive(stream: TcpStream, manner: &Manner, delivery: &mut Delivery) -> io::Result<()> {
    match &manner.tls {
        None => greet(stream, manner.quirks, delivery).await.map(drop),
        Some((Offer::Tls, acceptor)) => greet(acceptor.accept(stream).await?, &[], delivery).await.map(drop),
        Some((Offer::StartTls, acceptor)) => {
            let stream = greet(stream, &[("EHLO", "250-sink\r\n250 STARTTLS")], delivery).await?;
            delivery.clear = std::mem::take(&mut delivery.commands);
            converse(acceptor.accept(stream).await?, &[], delivery).await.map(drop)
        }
    }
}

async fn greet<S>(mut stream: S, quirks: &[Quirk], delivery: &mut Delivery) -> io::Result<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(b"220 sink\r\n").await?;
    converse(stream, quirks, delivery).await
}

/// Until the client quits, or wants to go on inside TLS.
async fn converse<S>(stream: S, quirks: &[Quirk], delivery: &mut Delivery) -> io::Result<S>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let command = line.trim_end().to_owned();
        line.clear();
        let word = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = answer(&word, &command, quirks);
        delivery.commands.push(command);
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        stream.flush().await?;
        if answer.starts_with("354") {
            delivery.data = read_data(&mut stream).await?;
            stream.write_all(b"250 taken\r\n").await?;
            stream.flush().await?;
        }
        if word == "QUIT" || word == "STARTTLS" {
            break;
        }
    }
    Ok(stream.into_inner())
}

fn answer(word: &str, command: &str, quirks: &[Quirk]) -> &'static str {
    if let Some((_, answer)) = quirks.iter().find(|(quirky, _)| *quirky == word) {
        return answer;
    }
    match word {
        "EHLO" => "250-sink\r\n250 AUTH PLAIN",
        // The user's name and the password follow, each on a line of its own.
        "AUTH" if command == "AUTH LOGIN" => "334 VXNlcm5hbWU6",
        "C2HVCA==" => "334 UGFzc3dvcmQ6",
        "AUTH" | "AHVUDGVYMG==" => "235 welcome",
        "DATA" => "354 go on",
        "STARTTLS" => "220 go on",
        "QUIT" => "221 bye",
        _ => "250 ok",
    }
}

async fn read_data<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> io::Result<String> {
    let mut data = String::new();
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 && line != ".\r\n" {
        data.push_str(&line);
        line.clear();
    }
    Ok(data)
}
