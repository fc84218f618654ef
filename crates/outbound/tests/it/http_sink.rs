//! An HTTP server of a few lines: keeps what one request sent, and answers what the test says.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

/// What a request sent.
#[derive(Debug)]
pub(crate) struct Sent {
    /// Request line and headers.
    pub(crate) head: String,
    pub(crate) body: String,
}

/// Where it listens, and what comes.
pub(crate) struct HttpSink {
    pub(crate) url: Url,
    sent: JoinHandle<Sent>,
}

impl HttpSink {
    /// Takes one request and gives this answer to it, written out in full.
    pub(crate) async fn start(answer: String) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let url = format!("http://127.0.0.1:{port}/hook?of=sms").parse().expect("a URL");
        let sent = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut bytes = Vec::new();
            let (head, body) = loop {
                stream.read_buf(&mut bytes).await.expect("a request");
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.to_ascii_lowercase();
                let length = length.split("content-length: ").nth(1).and_then(|it| it.lines().next()?.parse().ok());
                if body.len() >= length.unwrap_or(0_usize) {
                    break (head.to_owned(), body.to_owned());
                }
            };
            // Who asks may have hung up already.
            let _ = stream.write_all(answer.as_bytes()).await;
            Sent { head, body }
        });
        Self { url, sent }
    }

    /// What was sent.
    pub(crate) async fn sent(self) -> Sent {
        self.sent.await.expect("the sink runs")
    }
}
