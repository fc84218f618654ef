//! The laws of verification: a table of tampered tokens, a property over all of them, and another library as the oracle.

use super::*;
use crate::signing_key::fixture;
use crate::{Header, SigningKey, mint};
use aws_lc_rs::hmac;
use proptest::prelude::*;
use serde_json::json;

const NOW: i64 = 1_700_000_000;
const HEADER: &str = r#"{"alg":"RS256","cat":"cl_B7d4PD111AAA","kid":"ins_1","typ":"JWT"}"#;

fn keys() -> KeySet {
    [("ins_1", fixture().public().clone())].into_iter().collect()
}

fn claims() -> Value {
    json!({"exp": NOW + 60, "iat": NOW, "nbf": NOW - 5, "sub": "user_1", "sid": "sess_1"})
}

fn session() -> Expect {
    Expect::new(Category::Session, NOW)
}

fn minted(cat: Option<Category>) -> String {
    mint(&Header { kid: "ins_1", cat, oiat: Some(NOW) }, &claims(), fixture()).unwrap()
}

/// A correctly signed token of any text.
fn signed(header: &str, payload: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let signature = fixture().sign(message.as_bytes()).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn outcome(token: &str) -> Result<Value, VerifyError> {
    verify(token, &keys(), &session())
}

fn with_claims(payload: &Value) -> Result<Value, VerifyError> {
    outcome(&signed(HEADER, &payload.to_string()))
}

#[test]
fn a_minted_token_is_taken() {
    assert_eq!(outcome(&minted(Some(Category::Session))), Ok(claims()));
    assert_eq!(outcome(&minted(None)), Ok(claims()));
    assert_eq!(outcome(&signed(r#"{"alg":"RS256","kid":"ins_1"}"#, &claims().to_string())), Ok(claims()));
}

#[test]
fn claims_come_in_the_shape_that_is_asked_for() {
    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Subject {
        sub: String,
    }
    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Other {
        rotating_token: String,
    }
    let token = minted(Some(Category::Session));
    assert_eq!(verify(&token, &keys(), &session()), Ok(Subject { sub: "user_1".into() }));
    assert_eq!(verify::<Other>(&token, &keys(), &session()), Err(VerifyError::Claims));
}

#[test]
fn each_forged_header_is_refused() {
    let table = [
        (r#"{"alg":"none","kid":"ins_1","typ":"JWT"}"#, VerifyError::Algorithm),
        (r#"{"alg":"None","kid":"ins_1"}"#, VerifyError::Algorithm),
        (r#"{"alg":"rs256","kid":"ins_1"}"#, VerifyError::Algorithm),
        (r#"{"alg":"RS512","kid":"ins_1"}"#, VerifyError::Algorithm),
        (r#"{"alg":"HS256","kid":"ins_1"}"#, VerifyError::Algorithm),
        (r#"{"alg":["RS256"],"kid":"ins_1"}"#, VerifyError::Algorithm),
        (r#"{"kid":"ins_1"}"#, VerifyError::Algorithm),
        (r#"{"alg":"RS256","kid":"ins_1","typ":"at+jwt"}"#, VerifyError::Type),
        (r#"{"alg":"RS256","kid":"ins_1","typ":"jwt"}"#, VerifyError::Type),
        (r#"{"alg":"RS256","kid":"ins_1","typ":null}"#, VerifyError::Type),
        (r#"{"alg":"RS256","kid":"ins_1","crit":["exp"]}"#, VerifyError::Critical),
        (r#"{"alg":"RS256","kid":"ins_2"}"#, VerifyError::Key),
        (r#"{"alg":"RS256","kid":""}"#, VerifyError::Key),
        (r#"{"alg":"RS256","kid":1}"#, VerifyError::Key),
        (r#"{"alg":"RS256"}"#, VerifyError::Key),
        (r#"{"alg":"RS256","kid":"ins_1","cat":"cl_B7d4PD222AAA"}"#, VerifyError::Category),
        (r#"{"alg":"RS256","kid":"ins_1","cat":""}"#, VerifyError::Category),
        (r#"{"alg":"RS256","kid":"ins_1","cat":null}"#, VerifyError::Category),
        (r#"{"alg":"RS256","kid":"ins_2","kid":"ins_1"}"#, VerifyError::Malformed),
        (r#"["RS256"]"#, VerifyError::Malformed),
        ("RS256", VerifyError::Malformed),
    ];
    for (header, error) in table {
        assert_eq!(outcome(&signed(header, &claims().to_string())), Err(error), "{header}");
    }
}

#[test]
fn a_token_signed_with_the_published_key_as_a_shared_secret_is_refused() {
    let secret = hmac::Key::new(hmac::HMAC_SHA256, fixture().public().to_pem().as_bytes());
    for alg in ["HS256", "RS256"] {
        let header = format!(r#"{{"alg":"{alg}","kid":"ins_1"}}"#);
        let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims().to_string()));
        let tag = hmac::sign(&secret, message.as_bytes());
        assert!(outcome(&format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))).is_err());
    }
}

#[test]
fn keys_named_by_the_token_itself_are_not_followed() {
    let stranger = SigningKey::generate().unwrap();
    let jwk = serde_json::to_value(stranger.public().to_jwk("ins_1")).unwrap();
    let header = json!({"alg": "RS256", "kid": "ins_1", "jwk": jwk, "jku": "https://evil.test/jwks.json"});
    let message =
        format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims().to_string()));
    let signature = stranger.sign(message.as_bytes()).unwrap();
    let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
    assert_eq!(outcome(&token), Err(VerifyError::Signature));
}

#[test]
fn a_known_id_in_another_set_is_another_key() {
    let other: KeySet = [("ins_1", SigningKey::generate().unwrap().public().clone())].into_iter().collect();
    let token = minted(Some(Category::Session));
    assert_eq!(verify::<Value>(&token, &other, &session()), Err(VerifyError::Signature));
    assert_eq!(verify::<Value>(&token, &KeySet::new(), &session()), Err(VerifyError::Key));
}

#[test]
fn a_text_of_another_form_is_refused() {
    let token = minted(Some(Category::Session));
    let [header, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else { panic!("three parts") };
    let texts = [
        String::new(),
        ".".into(),
        "..".into(),
        "...".into(),
        "a.b.c".into(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!(".{payload}.{signature}"),
        format!("{header}..{signature}"),
        format!("{token}."),
        format!(".{token}"),
        format!("{token}.{signature}"),
        format!("{header}.{payload}.{payload}.{signature}"),
        format!("{header}=.{payload}.{signature}"),
        format!("{header}.{payload}=.{signature}"),
        format!("{token}=="),
        format!(" {token}"),
        format!("{token}\n"),
        format!("{header}.{payload}.{signature}A"),
        format!("{header}.{payload}.{}", &signature[1..]),
        format!("{header}.{payload}.{}", signature.repeat(2)),
        token.replace(payload, &payload.replace('e', "+")),
        "a".repeat(MAX_TOKEN_BYTES + 1),
    ];
    for text in texts {
        assert!(
            matches!(outcome(&text), Err(VerifyError::Malformed | VerifyError::Signature)),
            "{text} gave {:?}",
            outcome(&text)
        );
    }
}

#[test]
fn bits_that_base64_leaves_over_must_be_zero() {
    // 256 bytes leave four bits over in the last of 342 digits: other digits would decode to the same signature.
    let token = minted(Some(Category::Session));
    let (rest, last) = token.split_at(token.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let taken: Vec<_> = alphabet.chars().filter(|digit| outcome(&format!("{rest}{digit}")).is_ok()).collect();
    assert_eq!(taken, last.chars().collect::<Vec<_>>());
}

#[test]
fn a_token_at_the_length_limit_is_read_and_one_beyond_is_not() {
    let sized = |pad: usize| {
        let mut payload = claims();
        payload["pad"] = json!("x".repeat(pad));
        signed(HEADER, &payload.to_string())
    };
    let pad = (MAX_TOKEN_BYTES - sized(0).len()) / 4 * 3;
    assert!(sized(pad).len() <= MAX_TOKEN_BYTES && outcome(&sized(pad)).is_ok());
    let long = sized(pad + 8);
    assert!(long.len() > MAX_TOKEN_BYTES);
    assert_eq!(outcome(&long), Err(VerifyError::Malformed));
}

#[test]
fn each_class_is_refused_where_another_is_expected() {
    use Category::{Client, Machine, Session, Template, Ticket};
    let all = [Session, Template, Machine, Client, Ticket];
    for found in all {
        for expected in all {
            let got = verify::<Value>(&minted(Some(found)), &keys(), &Expect::new(expected, NOW));
            assert_eq!(got.is_ok(), found == expected, "{found:?} as {expected:?}");
            assert!(got.is_ok() || got == Err(VerifyError::Category));
        }
    }
}

#[test]
fn times_are_judged_with_the_leeway_on_both_sides() {
    let at = |name: &str, value: i64| {
        let mut payload = claims();
        payload[name] = json!(value);
        with_claims(&payload).map(|_| ())
    };
    assert_eq!(at("exp", NOW - 4), Ok(()));
    assert_eq!(at("exp", NOW - 5), Err(VerifyError::Expired));
    assert_eq!(at("nbf", NOW + 5), Ok(()));
    assert_eq!(at("nbf", NOW + 6), Err(VerifyError::NotYetValid));
    assert_eq!(at("iat", NOW + 5), Ok(()));
    assert_eq!(at("iat", NOW + 6), Err(VerifyError::IssuedInTheFuture));
    assert_eq!(at("exp", i64::MIN), Err(VerifyError::Expired));
    assert_eq!(at("nbf", i64::MAX), Err(VerifyError::NotYetValid));
}

#[test]
fn times_must_be_numbers() {
    for name in ["exp", "nbf", "iat"] {
        for value in [json!("1700000060"), json!(null), json!([NOW]), json!(true), json!({})] {
            let mut payload = claims();
            payload[name] = value.clone();
            assert_eq!(with_claims(&payload), Err(VerifyError::Claims), "{name} {value}");
        }
    }
    let mut payload = claims();
    payload["exp"] = json!(NOW as f64 + 1.5);
    assert!(with_claims(&payload).is_ok());
    assert_eq!(outcome(&signed(HEADER, r#"{"exp":1e999}"#)), Err(VerifyError::Malformed));
}

#[test]
fn an_expiry_is_demanded_tolerated_or_ignored_as_asked() {
    let expired = signed(HEADER, &json!({"exp": NOW - 3600, "iat": NOW - 3660}).to_string());
    let endless = signed(HEADER, &json!({"iat": NOW}).to_string());
    let unborn = signed(HEADER, &json!({"iat": NOW, "nbf": NOW + 60}).to_string());
    let judge = |token: &str, expiry| verify::<Value>(token, &keys(), &session().with_expiry(expiry)).map(|_| ());
    assert_eq!(judge(&expired, Expiry::Required), Err(VerifyError::Expired));
    assert_eq!(judge(&expired, Expiry::IfPresent), Err(VerifyError::Expired));
    assert_eq!(judge(&expired, Expiry::Ignored), Ok(()));
    assert_eq!(judge(&endless, Expiry::Required), Err(VerifyError::Claims));
    assert_eq!(judge(&endless, Expiry::IfPresent), Ok(()));
    assert_eq!(judge(&endless, Expiry::Ignored), Ok(()));
    assert_eq!(judge(&unborn, Expiry::Ignored), Err(VerifyError::NotYetValid));
}

#[test]
fn another_library_reads_what_is_minted_and_writes_what_is_taken() {
    use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header as Other, Validation, decode, encode};
    let jwk = fixture().public().to_jwk("ins_1");
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_rsa_components(&jwk.n, &jwk.e).unwrap();
    // Without `oiat`: version 10 of that library cannot read a header with a number of its own.
    let ours = Header { kid: "ins_1", cat: Some(Category::Session), oiat: None };
    let read = decode::<Value>(&mint(&ours, &claims(), fixture()).unwrap(), &key, &validation).unwrap();
    assert_eq!(read.claims, claims());
    assert_eq!(read.header.kid.as_deref(), Some("ins_1"));

    let mut header = Other::new(Algorithm::RS256);
    header.kid = Some("ins_1".into());
    let pkcs8 = fixture().to_pkcs8().unwrap();
    // That library wants the inner PKCS#1 key: in a PKCS#8 document of this size it follows 26 bytes of wrapping.
    let written = encode(&header, &claims(), &EncodingKey::from_rsa_der(&pkcs8[26..])).unwrap();
    assert_eq!(outcome(&written), Ok(claims()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_changed_byte_is_refused(index: prop::sample::Index, byte: u8) {
        let token = minted(Some(Category::Session));
        let mut bytes = token.clone().into_bytes();
        let at = index.index(bytes.len());
        bytes[at] = byte;
        let changed = String::from_utf8_lossy(&bytes).into_owned();
        prop_assume!(changed != token);
        prop_assert!(outcome(&changed).is_err());
    }

    #[test]
    fn any_cut_is_refused(index: prop::sample::Index) {
        let token = minted(Some(Category::Session));
        let at = index.index(token.len());
        prop_assert!(outcome(&token[..at]).is_err());
        prop_assert!(outcome(&token[at..]).is_err() || at == 0);
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}", dots in "[A-Za-z0-9_=.-]{0,200}") {
        prop_assert!(outcome(&text).is_err());
        prop_assert!(outcome(&dots).is_err());
    }
}
