//! A keep-alive connection: one request at a time, so light that the server and not its caller is measured.

use crate::message::{self, Answer};
use std::io::{Error, ErrorKind, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const END_OF_HEAD: &[u8] = b"\r\n\r\n";
const READ_BYTES: usize = 16 * 1024;

/// An open connection to a port of this machine.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// When nobody listens.
    pub async fn open(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(READ_BYTES) })
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Errors
    /// When the connection breaks before the answer has ended.
    pub async fn exchange(&mut self, request: &[u8]) -> Result<Answer> {
        self.send(request).await?;
        self.receive().await
    }

    /// Reads the whole answer to a request that was sent.
    ///
    /// # Errors
    /// When the connection breaks before the answer has ended.
    pub async fn receive(&mut self) -> Result<Answer> {
        let (head, end) = self.read_whole().await?;
        Answer::new(&self.buffer[..head], &self.buffer[head..end]).ok_or_else(malformed)
    }

    /// Sends a request, reads the whole answer and keeps only its status.
    ///
    /// # Errors
    /// When the connection breaks before the answer has ended.
    pub async fn exchange_for_status(&mut self, request: &[u8]) -> Result<u16> {
        self.send(request).await?;
        let (head, _) = self.read_whole().await?;
        message::status(&self.buffer[..head]).ok_or_else(malformed)
    }

    /// Sends bytes and waits for nothing: the beginning of a request that is never finished, or one whose answer nobody reads.
    ///
    /// # Errors
    /// When the connection is broken.
    pub async fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes).await
    }

    /// Where the head and where the body end in the buffer.
    async fn read_whole(&mut self) -> Result<(usize, usize)> {
        self.buffer.clear();
        let head = loop {
            self.read_more().await?;
            if let Some(at) = self.buffer.windows(END_OF_HEAD.len()).position(|bytes| bytes == END_OF_HEAD) {
                break at + END_OF_HEAD.len();
            }
        };
        let end = head + message::content_length(&self.buffer[..head]).ok_or_else(malformed)?;
        while self.buffer.len() < end {
            self.read_more().await?;
        }
        Ok((head, end))
    }

    async fn read_more(&mut self) -> Result<()> {
        self.buffer.reserve(READ_BYTES);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

fn malformed() -> Error {
    Error::new(ErrorKind::InvalidData, "not an answer with a known length")
}
