//! A browser double that speaks like clerk-js: form-encoded bodies, the development browser's token in every address, cookies in
//! a jar. It may change over to another process at any time, as behind a load balancer.

use crate::connection::Connection;
use crate::message::{Answer, Request};
use crate::server::Door;
use anyhow::Result;
use std::collections::BTreeMap;
use url::form_urlencoded::Serializer;

/// A password that no rule refuses.
pub const PASSWORD: &str = "correct horse battery 9";
/// The code of every `+clerk_test` address.
pub const CODE: &str = "424242";
/// The page that the visitor is on.
const APP: &str = "http://localhost:3000";

/// A browser at the app of a development instance.
#[derive(Debug)]
pub struct Visitor {
    door: Door,
    connection: Option<Connection>,
    cookies: BTreeMap<String, String>,
    dev_browser: Option<String>,
    /// What goes before every path: nothing for the root instance.
    prefix: String,
}

impl Visitor {
    /// A browser without cookies.
    pub fn new(door: &Door) -> Self {
        let (cookies, prefix) = (BTreeMap::new(), String::new());
        Self { door: door.clone(), connection: None, cookies, dev_browser: None, prefix }
    }

    /// A browser with a development browser's token, as clerk-js makes one in a page without middleware.
    ///
    /// # Errors
    /// When the connection breaks or the server refuses.
    pub async fn open(door: &Door) -> Result<Self> {
        Self::open_at(door, "").await
    }

    /// The same at an instance that answers under a prefix, as `/i/shop`.
    ///
    /// # Errors
    /// As [`Visitor::open`].
    pub async fn open_at(door: &Door, prefix: &str) -> Result<Self> {
        let mut visitor = Self { prefix: prefix.to_owned(), ..Self::new(door) };
        visitor.dev_browser = Some(visitor.post("/v1/dev_browser", &[]).await?.ok()?.text("/id"));
        Ok(visitor)
    }

    /// Goes on at another process with everything that the browser has.
    pub fn turn_to(&mut self, door: &Door) {
        self.door = door.clone();
        self.connection = None;
    }

    /// GET
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn get(&mut self, path: &str) -> Result<Answer> {
        let request = self.request("GET", path);
        self.send(&request).await
    }

    /// POST
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let request = self.form(path, fields);
        self.send(&request).await
    }

    /// A request as the page would make it, not sent yet.
    pub fn request(&self, method: &str, path: &str) -> Request {
        let mut target = format!("{}{path}", self.prefix);
        if let Some(token) = &self.dev_browser {
            target.push(if path.contains('?') { '&' } else { '?' });
            target.push_str(&Serializer::new(String::new()).append_pair("__clerk_db_jwt", token).finish());
        }
        let request = Request::new(method, &target, &self.door.host).header("origin", APP);
        if self.cookies.is_empty() {
            return request;
        }
        let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.header("cookie", &pairs.join("; "))
    }

    /// A form as the page would post it, not sent yet.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Request {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        self.request("POST", path).body("application/x-www-form-urlencoded", form)
    }

    /// Sends a request and takes over the cookies of the answer.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn send(&mut self, request: &Request) -> Result<Answer> {
        // A connection that broke is gone: it is put back only after a whole answer.
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => Connection::open(self.door.port).await?,
        };
        let answer = self.door.exchange(&mut connection, request).await?;
        self.connection = Some(connection);
        for line in answer.headers("set-cookie") {
            self.take_over(line);
        }
        Ok(answer)
    }

    fn take_over(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let Some((name, value)) = pair.split_once('=') else { return };
        if attributes.split(';').any(|it| it.trim().eq_ignore_ascii_case("max-age=0")) {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Signs up with a `+clerk_test` address, [`PASSWORD`] and [`CODE`]. The answer to the last step.
    ///
    /// # Errors
    /// When the connection breaks or a step before the last is refused.
    pub async fn sign_up(&mut self, email: &str) -> Result<Answer> {
        let id = self.begin_sign_up(email).await?;
        let attempt = format!("/v1/client/sign_ups/{id}/attempt_verification");
        self.post(&attempt, &[("strategy", "email_code"), ("code", CODE)]).await
    }

    /// Signs up as far as the code. The id of the attempt.
    ///
    /// # Errors
    /// When the connection breaks or a step is refused.
    pub async fn begin_sign_up(&mut self, email: &str) -> Result<String> {
        let fields = [("email_address", email), ("password", PASSWORD)];
        let id = self.post("/v1/client/sign_ups", &fields).await?.ok()?.text("/response/id");
        let prepare = format!("/v1/client/sign_ups/{id}/prepare_verification");
        self.post(&prepare, &[("strategy", "email_code")]).await?.ok()?;
        Ok(id)
    }

    /// Signs in with an email address and [`PASSWORD`] in one request.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn sign_in(&mut self, email: &str) -> Result<Answer> {
        let fields = [("strategy", "password"), ("identifier", email), ("password", PASSWORD)];
        self.post("/v1/client/sign_ins", &fields).await
    }
}
