//! A mail server of a few lines: takes every mail, or answers one command with what the test says.

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// What one connection sent.
#[derive(Debug, Default)]
pub(crate) struct Delivery {
    /// Commands, in order, without their line ends.
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

impl SmtpSink {
    pub(crate) async fn start(quirk: Option<Quirk>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (sender, deliveries) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let delivery = converse(stream, quirk).await.unwrap_or_default();
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

async fn converse(stream: TcpStream, quirk: Option<Quirk>) -> std::io::Result<Delivery> {
    let mut stream = BufReader::new(stream);
    let mut delivery = Delivery::default();
    stream.write_all(b"220 sink\r\n").await?;
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let command = line.trim_end().to_owned();
        line.clear();
        let word = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        delivery.commands.push(command);
        let answer = match (quirk, word.as_str()) {
            (Some((quirky, answer)), word) if word == quirky => answer,
            (_, "EHLO") => "250-sink\r\n250 AUTH PLAIN",
            (_, "AUTH") => "235 welcome",
            (_, "DATA") => "354 go on",
            (_, "QUIT") => "221 bye",
            _ => "250 ok",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        if answer.starts_with("354") {
            delivery.data = read_data(&mut stream).await?;
            stream.write_all(b"250 taken\r\n").await?;
        }
        if word == "QUIT" {
            break;
        }
    }
    Ok(delivery)
}

async fn read_data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut data = String::new();
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 && line != ".\r\n" {
        data.push_str(&line);
        line.clear();
    }
    Ok(data)
}
