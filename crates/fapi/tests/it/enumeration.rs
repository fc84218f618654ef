//! Strict enumeration protection: whoever is named, the answer is the same to the byte once ids and times are masked, and so is
//! the work: hashes, statements, mails. And what the bulk mode tells.

use serde_json::json;
use std::sync::Arc;
use verger_model::Millis;
use verger_model::settings::{EnumerationProtection, Settings};
use verger_service::{HashWork, Tenant};
use verger_testkit::{Answer, Browser, PASSWORD, TestServer};

const KNOWN: &str = "known@example.com";
const UNKNOWN: &str = "nobody@example.com";
const PEOPLE: [&str; 5] = [KNOWN, UNKNOWN, "locked@example.com", "banned@example.com", "bare@example.com"];
const WRONG: &str = "not the password";

/// A strict instance with somebody of each kind.
async fn strict(change: impl FnOnce(&mut Settings)) -> (TestServer, Arc<Tenant>) {
    let server = TestServer::start().await;
    let backend = server.backend().await;
    for email in PEOPLE.into_iter().filter(|email| *email != UNKNOWN) {
        let user = match email {
            "bare@example.com" => json!({ "email_address": [email], "skip_password_requirement": true }),
            _ => json!({ "email_address": [email], "password": PASSWORD, "first_name": "Jane" }),
        };
        let id = backend.post("/v1/users", user).await.ok().text("/id");
        for (step, whom) in [("lock", "locked@example.com"), ("ban", "banned@example.com")] {
            if email == whom {
                backend.post(&format!("/v1/users/{id}/{step}"), json!({})).await.ok();
            }
        }
    }
    let tenant = server
        .settings(&server.development(), |it| {
            it.attack_protection.enumeration_protection = Some(EnumerationProtection::Strict);
            change(it);
        })
        .await;
    (server, tenant)
}

/// What a request looked like from outside, and what it cost inside.
#[derive(Debug, PartialEq)]
struct Seen {
    status: u16,
    body: String,
    headers: Vec<String>,
    hashes: (u64, u64, u64),
    statements: u64,
    mails: usize,
}

/// Ids, trace, times and the identifier itself out of a text.
fn masked(text: &str, identifier: &str) -> String {
    let text = text.replace(identifier, "<identifier>");
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars().chain(Some(' ')) {
        if c.is_ascii_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        let id = word.rsplit_once('_').filter(|(_, rest)| rest.len() == 27);
        let is_number = word.len() >= 10 && word.bytes().all(|b| b.is_ascii_digit());
        let is_trace = word.len() == 32 && word.bytes().all(|b| b.is_ascii_hexdigit());
        match id {
            Some((prefix, _)) => out.push_str(prefix),
            None if is_number || is_trace => out.push('#'),
            None => out.push_str(&word),
        }
        word.clear();
        out.push(c);
    }
    out
}

/// Takes one step and looks at it from all sides.
async fn see(server: &TestServer, identifier: &str, step: impl Future<Output = Answer>) -> (Seen, Answer) {
    server.settle().await;
    let (hashes, statements) = (server.service.hash_work(), server.service.store().statements());
    let answer = step.await;
    let HashWork { calls, argon2_digests, argon2_kib } = server.service.hash_work();
    let spent = server.service.store().statements() - statements;
    let mut mails = 0;
    loop {
        match server.service.run_due_jobs().await.expect("the outbox runs") {
            0 => break,
            some => mails += some,
        }
    }
    let shape = |(name, value): (&axum::http::HeaderName, &axum::http::HeaderValue)| {
        let text = value.to_str().unwrap_or_default();
        let text = if name == "set-cookie" {
            text.split('=').next().unwrap_or_default().to_owned()
        } else {
            masked(text, identifier)
        };
        if name == "x-clerk-trace-id" { name.to_string() } else { format!("{name}: {text}") }
    };
    let seen = Seen {
        status: answer.status,
        body: masked(&String::from_utf8_lossy(&answer.body), identifier),
        // The length follows from the body, which is compared itself.
        headers: answer.headers.iter().filter(|(name, _)| *name != "content-length").map(shape).collect(),
        hashes: (calls - hashes.calls, argon2_digests - hashes.argon2_digests, argon2_kib - hashes.argon2_kib),
        statements: spent,
        mails,
    };
    (seen, answer)
}

/// Each step of a way, seen for one of the people.
async fn walk(server: &TestServer, tenant: &Arc<Tenant>, who: &str, way: &[(&str, Vec<(&str, &str)>)]) -> Vec<Seen> {
    let mut browser: Browser = server.browser_of(tenant);
    let mut id = String::new();
    let mut all = Vec::new();
    for (path, fields) in way {
        let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, if *v == "<who>" { who } else { *v })).collect();
        let (seen, answer) = see(server, who, browser.post(&path.replace("<id>", &id), &fields)).await;
        if id.is_empty() {
            id = answer.text("/response/id");
        }
        all.push(seen);
    }
    all
}

/// Everybody is answered alike on this way; the first one's answers.
async fn alike(server: &TestServer, tenant: &Arc<Tenant>, way: &[(&str, Vec<(&str, &str)>)]) -> Vec<Seen> {
    let known = walk(server, tenant, PEOPLE[0], way).await;
    for who in &PEOPLE[1..] {
        for (step, (seen, known)) in walk(server, tenant, who, way).await.iter().zip(&known).enumerate() {
            assert_eq!(seen, known, "{who} at step {step}");
        }
    }
    known
}

const SIGN_INS: &str = "/v1/client/sign_ins";
const PREPARE: &str = "/v1/client/sign_ins/<id>/prepare_first_factor";
const ATTEMPT: &str = "/v1/client/sign_ins/<id>/attempt_first_factor";

#[tokio::test]
async fn naming_somebody_tells_nothing() {
    let (server, tenant) = strict(|_| {}).await;
    let seen = alike(&server, &tenant, &[(SIGN_INS, vec![("identifier", "<who>")])]).await;
    assert_eq!(seen[0].status, 200);
    assert!(seen[0].body.contains(r#""status":"needs_first_factor""#), "{}", seen[0].body);
    assert!(seen[0].body.contains(r#""user_data":null"#), "{}", seen[0].body);
}

#[tokio::test]
async fn a_wrong_password_tells_nothing() {
    let (server, tenant) = strict(|_| {}).await;
    let password = vec![("strategy", "password"), ("password", WRONG)];
    let at_once = vec![("identifier", "<who>"), ("strategy", "password"), ("password", WRONG)];
    let way = [(SIGN_INS, vec![("identifier", "<who>")]), (ATTEMPT, password.clone()), (ATTEMPT, password)];
    let mut seen = alike(&server, &tenant, &way).await;
    seen.extend(alike(&server, &tenant, &[(SIGN_INS, at_once)]).await);
    for seen in &seen[1..] {
        assert_eq!(seen.status, 422);
        assert!(seen.body.contains(r#""code":"form_password_or_identifier_incorrect""#), "{}", seen.body);
        assert_eq!(seen.hashes, (1, 1, 2 * 19_456));
    }
}

#[tokio::test]
async fn the_right_password_of_somebody_who_may_not_sign_in_tells_nothing() {
    let (server, tenant) = strict(|_| {}).await;
    let way = [(SIGN_INS, vec![("identifier", "<who>"), ("strategy", "password"), ("password", PASSWORD)])];
    let unknown = walk(&server, &tenant, UNKNOWN, &way).await;
    for who in ["locked@example.com", "banned@example.com", "bare@example.com"] {
        assert_eq!(walk(&server, &tenant, who, &way).await, unknown, "{who}");
    }
    assert_eq!(walk(&server, &tenant, KNOWN, &way).await[0].status, 200);
}

#[tokio::test]
async fn a_lock_tells_nothing() {
    let (server, tenant) = strict(|_| {}).await;
    let wrong = || vec![("identifier", "<who>"), ("strategy", "password"), ("password", WRONG)];
    let way: Vec<_> = (0..11).map(|_| (SIGN_INS, wrong())).collect();
    let unknown = walk(&server, &tenant, UNKNOWN, &way).await;
    assert_eq!(walk(&server, &tenant, KNOWN, &way).await, unknown);
    let users = server.backend().await.get("/v1/users?query=known").await.ok();
    assert_eq!(users.at("/0/locked"), json!(true));
    let right = [("identifier", KNOWN), ("strategy", "password"), ("password", PASSWORD)];
    let answer = server.browser_of(&tenant).post(SIGN_INS, &right).await;
    assert_eq!(answer.refusal(), (422, "form_password_or_identifier_incorrect".into()));
}

#[tokio::test]
async fn a_code_tells_nothing_but_to_its_owner() {
    for strategy in ["email_code", "reset_password_email_code"] {
        let (server, tenant) = strict(|_| {}).await;
        let code = || vec![("strategy", strategy), ("code", "x")];
        let way = [
            (SIGN_INS, vec![("identifier", "<who>")]),
            (PREPARE, vec![("strategy", strategy)]),
            (PREPARE, vec![("strategy", strategy)]),
            (ATTEMPT, code()),
            (ATTEMPT, code()),
            (ATTEMPT, code()),
            (ATTEMPT, code()),
            (ATTEMPT, code()),
            (ATTEMPT, code()),
        ];
        let seen = alike(&server, &tenant, &way).await;
        assert_eq!((seen[1].status, seen[1].mails, seen[2].mails), (200, 1, 0), "{strategy}");
        assert!(seen[3].body.contains("form_code_incorrect"), "{}", seen[3].body);
        assert!(seen[8].body.contains("verification_failed"), "{}", seen[8].body);
        assert!(server.mails(&tenant, KNOWN).await[0].code.is_some());
        for who in &PEOPLE[1..4] {
            assert_eq!(server.mails(&tenant, who).await[0].code, None, "{who}");
        }
    }
}

#[tokio::test]
async fn a_link_tells_nothing() {
    let (server, tenant) = strict(|it| it.sign_in.email_link = true).await;
    let link = vec![("strategy", "email_link"), ("redirect_url", "http://localhost:3000/verify")];
    let way = [(SIGN_INS, vec![("identifier", "<who>")]), (PREPARE, link), (PREPARE, vec![("strategy", "email_link")])];
    let seen = alike(&server, &tenant, &way).await;
    assert_eq!((seen[1].status, seen[1].mails, seen[2].status), (200, 1, 422));
}

#[tokio::test]
async fn the_owner_gets_in_by_every_way() {
    let (server, tenant) = strict(|it| it.sign_in.email_link = true).await;
    let answer = server.browser_of(&tenant).sign_in(KNOWN, PASSWORD).await.ok();
    assert_eq!(answer.text("/response/status"), "complete");

    let mut browser = server.browser_of(&tenant);
    let started = browser.post(SIGN_INS, &[("identifier", KNOWN)]).await.ok();
    let (id, address) =
        (started.text("/response/id"), started.text("/response/supported_first_factors/1/email_address_id"));
    let fields = [("strategy", "email_code"), ("email_address_id", address.as_str())];
    browser.sign_in_step(&id, "prepare_first_factor", &fields).await.ok();
    let code = server.code(&tenant, KNOWN).await;
    let fields = [("strategy", "email_code"), ("code", code.as_str())];
    let answer = browser.sign_in_step(&id, "attempt_first_factor", &fields).await.ok();
    assert_eq!(answer.text("/response/status"), "complete");

    server.clock.advance(Millis::from_secs(60));
    let mut browser = server.browser_of(&tenant);
    let id = browser.identify(KNOWN).await;
    let fields = [("strategy", "reset_password_email_code")];
    browser.sign_in_step(&id, "prepare_first_factor", &fields).await.ok();
    let code = server.code(&tenant, KNOWN).await;
    let fields =
        [("strategy", "reset_password_email_code"), ("code", code.as_str()), ("password", "another good one 7")];
    let answer = browser.sign_in_step(&id, "attempt_first_factor", &fields).await.ok();
    assert_eq!(answer.text("/response/status"), "complete");

    server.clock.advance(Millis::from_secs(60));
    let mut browser = server.browser_of(&tenant);
    let id = browser.identify(KNOWN).await;
    let fields = [("strategy", "email_link"), ("redirect_url", "http://localhost:3000/verify")];
    browser.sign_in_step(&id, "prepare_first_factor", &fields).await.ok();
    let mail = server.mails(&tenant, KNOWN).await.remove(0);
    let link = mail.text.split_whitespace().find(|word| word.contains("/v1/verify")).unwrap().to_owned();
    let answer = browser.navigate(&link[link.find("/v1/").unwrap()..]).await;
    assert!(answer.location().contains("__clerk_status=verified"), "{}", answer.location());
    let client = browser.get("/v1/client").await.ok();
    assert_eq!(client.at("/response/sessions").as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn another_address_id_than_the_shown_one_is_refused_for_everybody() {
    let (server, tenant) = strict(|_| {}).await;
    let other = vec![("strategy", "email_code"), ("email_address_id", "idn_2b6fcd92dvf96q05x8e4a8xvt6a")];
    let way = [(SIGN_INS, vec![("identifier", "<who>")]), (PREPARE, other)];
    assert_eq!(alike(&server, &tenant, &way).await[1].status, 422);
}

#[tokio::test]
async fn signing_up_with_a_taken_address_tells_nothing_but_to_its_owner() {
    let (server, tenant) = strict(|_| {}).await;
    let way = [
        ("/v1/client/sign_ups", vec![("email_address", "<who>"), ("password", PASSWORD)]),
        ("/v1/client/sign_ups/<id>/prepare_verification", vec![("strategy", "email_code")]),
        ("/v1/client/sign_ups/<id>/attempt_verification", vec![("strategy", "email_code"), ("code", "x")]),
    ];
    let seen = alike(&server, &tenant, &way).await;
    assert_eq!(seen.iter().map(|it| (it.status, it.mails)).collect::<Vec<_>>(), [(200, 0), (200, 1), (422, 0)]);
    assert_eq!(server.mails(&tenant, KNOWN).await[0].slug, "sign_up_attempted");
    assert!(server.mails(&tenant, UNKNOWN).await[0].code.is_some());
}

#[tokio::test]
async fn adding_a_taken_address_tells_nothing() {
    let (server, tenant) = strict(|_| {}).await;
    let mut browser = server.browser_of(&tenant);
    browser.sign_in(KNOWN, PASSWORD).await.ok();
    let mut shapes = Vec::new();
    for email in ["banned@example.com", "free@example.com"] {
        let added = browser.post("/v1/me/email_addresses", &[("email_address", email)]).await.ok();
        let path = format!("/v1/me/email_addresses/{}", added.text("/response/id"));
        let asked = browser.post(&format!("{path}/prepare_verification"), &[("strategy", "email_code")]).await.ok();
        let fields = [("code", "000000")];
        let answer = browser.post(&format!("{path}/attempt_verification"), &fields).await;
        assert_eq!(answer.refusal(), (422, "form_code_incorrect".into()));
        let shape = |answer: &Answer| masked(&answer.at("/response").to_string(), email);
        shapes.push((shape(&added), shape(&asked)));
    }
    assert_eq!(shapes[0], shapes[1]);
    assert!(server.mails(&tenant, "banned@example.com").await.is_empty());
    assert_eq!(server.mails(&tenant, "free@example.com").await.len(), 1);
}

#[tokio::test]
async fn without_protection_the_unknown_and_the_taken_are_told() {
    let server = TestServer::start().await;
    server.browser().sign_up(KNOWN).await;
    let answer = server.browser().post(SIGN_INS, &[("identifier", UNKNOWN)]).await;
    assert_eq!(answer.refusal(), (422, "form_identifier_not_found".into()));
    let answer = server.browser().post("/v1/client/sign_ups", &[("email_address", KNOWN)]).await;
    assert_eq!(answer.refusal(), (422, "form_identifier_exists".into()));
}

#[tokio::test]
async fn who_asks_for_too_many_is_told_no_more_in_bulk_mode() {
    let (server, tenant) =
        strict(|it| it.attack_protection.enumeration_protection = Some(EnumerationProtection::Bulk)).await;
    let ask =
        async |ip: &str, who: &str| server.browser_of(&tenant).from(ip).post(SIGN_INS, &[("identifier", who)]).await;
    for n in 0..100 {
        assert_eq!(ask("203.0.113.9", &format!("nobody{n}@example.com")).await.status, 422);
    }
    for who in [UNKNOWN, KNOWN] {
        let answer = ask("203.0.113.9", who).await.ok();
        assert_eq!(answer.at("/response/user_data"), json!(null), "{who}");
    }
    assert_eq!(ask("203.0.113.10", UNKNOWN).await.status, 422);
    let answer = server.browser_of(&tenant).from("203.0.113.9").sign_in(KNOWN, PASSWORD).await.ok();
    assert_eq!(answer.text("/response/status"), "complete");
    server.clock.advance(Millis::from_mins(60));
    assert_eq!(ask("203.0.113.9", UNKNOWN).await.status, 422);
}

#[tokio::test]
async fn the_environment_says_whether_accounts_are_secret() {
    let (server, tenant) = strict(|_| {}).await;
    let pointer = "/user_settings/attack_protection/enumeration_protection/enabled";
    assert_eq!(server.browser_of(&tenant).get("/v1/environment").await.ok().at(pointer), json!(true));
    let live = server.production().await.production.tenant;
    assert_eq!(server.browser_of(&live).get("/v1/environment").await.ok().at(pointer), json!(false));
}

#[tokio::test]
async fn a_phone_number_tells_nothing_either() {
    let (server, tenant) = strict(|it| it.attributes.phone_number.enabled = true).await;
    let user =
        json!({ "email_address": ["phone@example.com"], "phone_number": ["+12025550147"], "password": PASSWORD });
    server.backend().await.post("/v1/users", user).await.ok();
    let code = || vec![("strategy", "phone_code"), ("code", "x")];
    let signing_in = [
        (SIGN_INS, vec![("identifier", "<who>")]),
        (PREPARE, vec![("strategy", "phone_code")]),
        (ATTEMPT, code()),
        (ATTEMPT, vec![("strategy", "password"), ("password", WRONG)]),
    ];
    let signing_up = [
        ("/v1/client/sign_ups", vec![("email_address", "new@example.com"), ("phone_number", "<who>")]),
        ("/v1/client/sign_ups/<id>/prepare_verification", vec![("strategy", "phone_code")]),
        ("/v1/client/sign_ups/<id>/attempt_verification", code()),
    ];
    for way in [&signing_in[..], &signing_up[..]] {
        let known = walk(&server, &tenant, "+12025550147", way).await;
        let unknown = walk(&server, &tenant, "+12025550148", way).await;
        assert_eq!(known.iter().map(|it| it.status).collect::<Vec<_>>()[..3], [200, 200, 422]);
        for (step, (known, unknown)) in known.iter().zip(&unknown).enumerate() {
            assert_eq!(known, unknown, "step {step}");
        }
        server.clock.advance(Millis::from_secs(60));
    }
}

#[tokio::test]
async fn a_passkey_is_asked_of_anybody() {
    let (server, tenant) = strict(|it| it.passkeys.enabled = true).await;
    let way = [(SIGN_INS, vec![("identifier", "<who>")]), (PREPARE, vec![("strategy", "passkey")])];
    let mut seen = Vec::new();
    for who in [KNOWN, UNKNOWN] {
        seen.push(walk(&server, &tenant, who, &way).await.remove(1));
    }
    assert_eq!((seen[0].status, seen[0].statements), (200, seen[1].statements));
}
