//! A real OpenID Connect provider on loopback: discovery, keys, token and userinfo over HTTP, codes that are good once, PKCE
//! checked, ID tokens signed with RS256. What a browser would do at its login page is done by a call; a test can make it lie.

use crate::clock::FakeClock;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;
use url::form_urlencoded::Serializer;
use verger_crypto::digest::sha256;
use verger_jose::{Header, KeySet, SigningKey, mint};
use verger_model::Clock;
use verger_model::settings::{ClientSecret, Connection};

/// The client id that the provider knows.
const CLIENT: &str = "verger-client";
/// The secret that goes with it.
pub const CLIENT_SECRET: &str = "a secret of the provider's client";

type Lie = Box<dyn Fn(&mut Value) + Send>;

/// A provider under test. It ends with the test's runtime.
#[derive(Clone)]
pub struct OidcServer {
    /// Where it lives, and its `iss`.
    pub issuer: String,
    inner: Arc<Inner>,
}

struct Inner {
    clock: Arc<FakeClock>,
    key: SigningKey,
    strange_key: SigningKey,
    state: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    issued: u32,
    codes: HashMap<String, Grant>,
    people: HashMap<String, Value>,
    refreshable: HashMap<String, Value>,
    lie: Option<Lie>,
    strange_key: bool,
    lifetime: i64,
}

struct Grant {
    person: Value,
    nonce: Option<String>,
    challenge: String,
    redirect_uri: String,
}

impl OidcServer {
    /// Starts a provider whose clock is the test's.
    ///
    /// # Panics
    /// When loopback cannot be listened on.
    pub async fn start(clock: &Arc<FakeClock>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port on loopback");
        let issuer = format!("http://{}", listener.local_addr().expect("a bound socket has an address"));
        let key = || SigningKey::generate().expect("a key is made");
        let state = Mutex::new(Inside { lifetime: 3600, ..Inside::default() });
        let inner = Inner { clock: Arc::clone(clock), key: key(), strange_key: key(), state };
        let server = Self { issuer, inner: Arc::new(inner) };
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        server
    }

    /// The settings that connect an instance to it.
    pub fn connection(&self) -> Connection {
        Connection {
            client_id: CLIENT.to_owned(),
            client_secret: Some(ClientSecret(CLIENT_SECRET.to_owned())),
            name: Some("Acme".to_owned()),
            issuer: Some(self.issuer.clone()),
            ..Connection::default()
        }
    }

    /// Changes the claims of every ID token from now on, after the provider filled them in.
    pub fn lie(&self, lie: impl Fn(&mut Value) + Send + 'static) {
        self.inside().lie = Some(Box::new(lie));
    }

    /// From now on ID tokens are signed by a key that is not in the key set.
    pub fn use_strange_key(&self) {
        self.inside().strange_key = true;
    }

    /// Access tokens live so many seconds from now on.
    pub fn tokens_live(&self, secs: i64) {
        self.inside().lifetime = secs;
    }

    /// Somebody with these claims (`sub`, `email`, …) signs in at the address that Verger sent the browser to; where the provider
    /// sends the browser then, as path and query.
    ///
    /// # Panics
    /// When the address is not one of this provider's, or asks for something that the provider does not do.
    pub fn sign_in(&self, authorize_url: &str, person: &Value) -> String {
        let url = Url::parse(authorize_url).expect("an address");
        assert!(authorize_url.starts_with(&format!("{}/authorize?", self.issuer)), "{authorize_url}");
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], CLIENT);
        assert_eq!(query["code_challenge_method"], "S256");
        assert!(query["scope"].split(' ').any(|scope| scope == "openid"));
        assert!(query["state"].len() >= 22, "128 bits and more");
        let mut inside = self.inside();
        inside.issued += 1;
        let code = format!("code-{}", inside.issued);
        let grant = Grant {
            person: person.clone(),
            nonce: query.get("nonce").cloned(),
            challenge: query["code_challenge"].clone(),
            redirect_uri: query["redirect_uri"].clone(),
        };
        inside.codes.insert(code.clone(), grant);
        let back = Url::parse(&query["redirect_uri"]).expect("an address");
        let mut answer = Serializer::new(String::new());
        answer.append_pair("code", &code).append_pair("state", &query["state"]).append_pair("iss", &self.issuer);
        format!("{}?{}", back.path(), answer.finish())
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tokens(&self, person: &Value, nonce: Option<&String>) -> Value {
        let now = self.inner.clock.now().secs();
        let mut claims = json!({ "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 3600, "nonce": nonce });
        for (name, value) in person.as_object().into_iter().flatten() {
            claims[name] = value.clone();
        }
        let mut inside = self.inside();
        if let Some(lie) = &inside.lie {
            lie(&mut claims);
        }
        inside.issued += 1;
        let (access, refresh) = (format!("access-{}", inside.issued), format!("refresh-{}", inside.issued));
        inside.people.insert(access.clone(), person.clone());
        inside.refreshable.insert(refresh.clone(), person.clone());
        let key = if inside.strange_key { &self.inner.strange_key } else { &self.inner.key };
        let header = Header { kid: "acme-1", cat: None, oiat: None };
        json!({
            "access_token": access,
            "refresh_token": refresh,
            "token_type": "Bearer",
            "expires_in": inside.lifetime,
            "scope": "openid email profile",
            "id_token": mint(&header, &claims, key).expect("a token is minted"),
        })
    }
}

async fn discovery(State(server): State<OidcServer>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", server.issuer);
    Json(json!({
        "issuer": server.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"),
        "userinfo_endpoint": at("/userinfo"),
        "authorization_response_iss_parameter_supported": true,
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    }))
}

async fn jwks(State(server): State<OidcServer>) -> Json<Value> {
    let keys: KeySet = [("acme-1", server.inner.key.public().clone())].into_iter().collect();
    Json(serde_json::to_value(keys.to_jwks()).expect("keys are JSON"))
}

async fn token(State(server): State<OidcServer>, Form(form): Form<HashMap<String, String>>) -> Response {
    let refuse = |error: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": error }))).into_response();
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    if field("client_id") != CLIENT || field("client_secret") != CLIENT_SECRET {
        return refuse("invalid_client");
    }
    if field("grant_type") == "refresh_token" {
        let person = server.inside().refreshable.get(field("refresh_token")).cloned();
        return person.map_or_else(|| refuse("invalid_grant"), |it| Json(server.tokens(&it, None)).into_response());
    }
    let Some(grant) = server.inside().codes.remove(field("code")) else { return refuse("invalid_grant") };
    let challenge = URL_SAFE_NO_PAD.encode(sha256(field("code_verifier").as_bytes()));
    if grant.challenge != challenge || grant.redirect_uri != field("redirect_uri") {
        return refuse("invalid_grant");
    }
    Json(server.tokens(&grant.person, grant.nonce.as_ref())).into_response()
}

async fn userinfo(State(server): State<OidcServer>, headers: HeaderMap) -> Response {
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = bearer.trim_start_matches("Bearer ");
    let person = server.inside().people.get(token).cloned();
    person.map_or_else(|| StatusCode::UNAUTHORIZED.into_response(), |person| Json(person).into_response())
}
