//! Requests and answers as bytes. Only what this server sends is understood: HTTP/1.1 with `Content-Length`.

use serde_json::Value;

/// A request that can be sent again and again.
#[derive(Clone, Debug)]
pub struct Request {
    head: String,
    body: Vec<u8>,
}

impl Request {
    /// A request with `Host` and no other header.
    pub fn new(method: &str, target: &str, host: &str) -> Self {
        Self { head: format!("{method} {target} HTTP/1.1\r\nhost: {host}\r\n"), body: Vec::new() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.head.extend([name, ": ", value, "\r\n"]);
        self
    }

    /// The same with a body.
    #[must_use]
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self { body: body.clone(), ..self }
            .header("content-type", content_type)
            .header("content-length", &body.len().to_string())
    }

    /// Method and path, as they are sent.
    pub fn target(&self) -> (&str, &str) {
        let mut words = self.head.split(' ');
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }

    /// The bytes on the wire.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.head.as_bytes(), b"\r\n", &self.body].concat()
    }
}

/// An answer, read whole.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Answer {
    pub(crate) fn new(head: &[u8], body: &[u8]) -> Option<Self> {
        Some(Self { status: status(head)?, head: String::from_utf8_lossy(head).into_owned(), body: body.to_vec() })
    }

    /// All values of a header, in their order.
    pub fn headers<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.head.lines().filter_map(move |line| {
            let (named, value) = line.split_once(':')?;
            named.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// A header's text; empty if it is not there.
    pub fn header<'a>(&'a self, name: &'a str) -> &'a str {
        self.headers(name).next().unwrap_or_default()
    }

    /// A place in the JSON of the body by its pointer; `null` if it is not there.
    pub fn at(&self, pointer: &str) -> Value {
        let json: Value = serde_json::from_slice(&self.body).unwrap_or_default();
        json.pointer(pointer).cloned().unwrap_or_default()
    }

    /// A text in the JSON of the body by its pointer; empty if it is not there.
    pub fn text(&self, pointer: &str) -> String {
        self.at(pointer).as_str().unwrap_or_default().to_owned()
    }

    /// The body as text, for messages.
    pub fn shown(&self) -> String {
        format!("{} {}", self.status, String::from_utf8_lossy(&self.body))
    }

    /// The answer, if it went well.
    ///
    /// # Errors
    /// When the status is not 200; the message has the body.
    pub fn ok(self) -> anyhow::Result<Self> {
        anyhow::ensure!(self.status == 200, "answered {}", self.shown());
        Ok(self)
    }
}

/// The status in a head.
pub(crate) fn status(head: &[u8]) -> Option<u16> {
    let digits = head.strip_prefix(b"HTTP/1.1 ")?.get(..3)?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// How long the body behind a head is; `None` when the head does not say.
pub(crate) fn content_length(head: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let line = head
        .split(|byte| *byte == b'\n')
        .find(|line| line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)))?;
    std::str::from_utf8(&line[NAME.len()..]).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_written_with_its_length() {
        let request = Request::new("POST", "/v1/x", "localhost:1").header("a", "b").body("text/plain", "hello");
        let expected = "POST /v1/x HTTP/1.1\r\nhost: localhost:1\r\na: b\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello";
        assert_eq!(String::from_utf8(request.to_bytes()).unwrap(), expected);
        assert_eq!(request.target(), ("POST", "/v1/x"));
    }

    #[test]
    fn an_answer_is_read() {
        let head =
            b"HTTP/1.1 422 Unprocessable Entity\r\nSet-Cookie: a=1\r\nContent-Length: 9\r\nset-cookie: b=2\r\n\r\n";
        assert_eq!(content_length(head), Some(9));
        let answer = Answer::new(head, br#"{"a":"b"}"#).unwrap();
        assert_eq!(answer.status, 422);
        assert_eq!(answer.headers("set-cookie").collect::<Vec<_>>(), ["a=1", "b=2"]);
        assert_eq!(answer.text("/a"), "b");
        assert!(answer.ok().is_err());
    }
}
