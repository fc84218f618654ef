//! Asking a captcha service whether a browser's token is good: Turnstile's protocol, which others speak too.

use crate::http::{HttpBody, HttpClient, HttpError, HttpRequest, Reach};
use serde::Deserialize;
use url::form_urlencoded::Serializer;
use verger_model::Secret;

/// A token to judge.
#[derive(Clone, Copy, Debug)]
pub struct SiteVerify<'a> {
    /// Where to ask.
    pub url: &'a str,
    /// The secret key of the widget.
    pub secret: &'a Secret<String>,
    /// What the browser sent.
    pub token: &'a str,
    /// The browser's address.
    pub ip: Option<&'a str>,
    /// Whom the request may reach.
    pub reach: Reach,
}

#[derive(Deserialize)]
struct Verdict {
    success: bool,
}

impl SiteVerify<'_> {
    /// Whether the token is good. The service takes each token once.
    ///
    /// # Errors
    /// [`HttpError`] when there is no answer that can be read.
    pub async fn ask(&self, http: &HttpClient) -> Result<bool, HttpError> {
        let request = HttpRequest { url: self.url.to_owned(), body: Some(self.form()), authorization: None };
        let reply = http.send(&request, self.reach).await?;
        let verdict: Verdict = serde_json::from_slice(&reply.body)
            .map_err(|err| HttpError::Exchange(format!("status {}: {err}", reply.status)))?;
        Ok(verdict.success)
    }

    fn form(&self) -> HttpBody {
        let mut form = Serializer::new(String::new());
        form.append_pair("secret", self.secret.expose()).append_pair("response", self.token);
        if let Some(ip) = self.ip {
            form.append_pair("remoteip", ip);
        }
        HttpBody::form(form.finish())
    }
}
