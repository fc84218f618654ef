//! A signed-in browser, and the proof that a process takes it for one.

use crate::site::Running;
use verger_jose::{Category, Expect, Jwks, KeySet, verify};
use verger_torture::{Visitor, unix_seconds};

/// Somebody signed up and in.
pub(crate) struct SignedIn {
    pub(crate) visitor: Visitor,
    pub(crate) session: String,
    pub(crate) user: String,
}

impl SignedIn {
    /// A new user in a new browser.
    pub(crate) async fn at(running: &Running, email: &str) -> Self {
        let mut visitor = running.visitor().await;
        let answer = visitor.sign_up(email).await.unwrap().ok().unwrap();
        assert_eq!(answer.text("/response/status"), "complete", "{}", answer.shown());
        let (session, user) = (answer.text("/response/created_session_id"), answer.text("/response/created_user_id"));
        Self { visitor, session, user }
    }

    /// Goes to a process and does there what clerk-js and an app's server do for somebody who is signed in: shows the client,
    /// refreshes the token, and passes the handshake, whose payload the app's server fetches from `backend`.
    pub(crate) async fn is_at_home(&mut self, frontend: &Running, backend: &Running) {
        self.visitor.turn_to(&frontend.frontend);
        let client = self.visitor.get("/v1/client").await.unwrap().ok().unwrap();
        let session = client.at("/response/sessions/0");
        assert_eq!(session["id"], self.session, "{}", client.shown());
        assert_eq!(session["status"], "active");
        let touch = format!("/v1/client/sessions/{}/touch", self.session);
        self.visitor.post(&touch, &[("active_organization_id", "")]).await.unwrap().ok().unwrap();
        let token = self.refresh().await;
        self.is_mine(&token, backend).await;
        let token = self.handshake(backend).await;
        self.is_mine(&token, frontend).await;
    }

    /// A new token of the session.
    pub(crate) async fn refresh(&mut self) -> String {
        let tokens = format!("/v1/client/sessions/{}/tokens", self.session);
        self.visitor.post(&tokens, &[("organization_id", "")]).await.unwrap().ok().unwrap().text("/jwt")
    }

    /// The token that a handshake hands to the app's server.
    async fn handshake(&mut self, backend: &Running) -> String {
        let handshake = "/v1/client/handshake?redirect_url=http%3A%2F%2Flocalhost%3A3000%2F&format=nonce\
                         &suffixed_cookies=false&__clerk_hs_reason=session-token-expired";
        let redirect = self.visitor.get(handshake).await.unwrap();
        assert_eq!(redirect.status, 307, "{}", redirect.shown());
        let location = redirect.header("location");
        let (_, nonce) = location.split_once("__clerk_handshake_nonce=").unwrap_or_else(|| panic!("{location}"));
        let nonce = nonce.split('&').next().unwrap();
        let payload = format!("/v1/clients/handshake_payload?nonce={nonce}");
        let payload = backend.backend.get(&payload).await.unwrap().ok().unwrap();
        let directives = payload.at("/directives");
        let directives = directives.as_array().unwrap().iter().filter_map(|line| line.as_str());
        let token = directives.filter_map(|line| line.strip_prefix("__session=")).next_back();
        token.and_then(|line| line.split(';').next()).unwrap_or_else(|| panic!("{}", payload.shown())).to_owned()
    }

    /// A token names this session and this user, and is signed by a key that the process publishes.
    async fn is_mine(&self, token: &str, published_by: &Running) {
        let jwks = published_by.backend.get("/v1/jwks").await.unwrap().ok().unwrap();
        let jwks: Jwks = serde_json::from_slice(&jwks.body).unwrap();
        let expect = Expect::new(Category::Session, unix_seconds());
        let claims: serde_json::Value = verify(token, &KeySet::from_jwks(&jwks).unwrap(), &expect).unwrap();
        assert_eq!(claims["sid"], self.session);
        assert_eq!(claims["sub"], self.user);
    }
}
