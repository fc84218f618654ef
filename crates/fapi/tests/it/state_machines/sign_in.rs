//! Signing in.

use super::{Checked, Codes, MOST_CALLS, Proof, block_on, proof, runner};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;
use std::collections::HashMap;
use verger_model::Millis;
use verger_testkit::{Answer, Browser, PASSWORD, TestServer, totp_code};

const JANE: &str = "jane@example.com";
const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const BACKUP_CODES: [&str; 3] = ["aaaa1111", "bbbb2222", "cccc3333"];

#[derive(Clone, Copy, Debug)]
enum Way {
    Password,
    EmailCode,
    Reset,
}

impl Way {
    const fn strategy(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::EmailCode => "email_code",
            Self::Reset => "reset_password_email_code",
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Second {
    Totp,
    BackupCode,
}

/// Calls name an attempt by how long ago it was begun.
#[derive(Clone, Copy, Debug)]
enum Call {
    Begin { named: bool },
    BeginWithPassword(Proof),
    Prepare(usize, Way),
    Answer(usize, Way, Proof),
    NewPassword(usize),
    AnswerSecond(usize, Second, Proof),
    Wait,
    SignOut,
}

fn call() -> impl Strategy<Value = Call> {
    let attempt = || prop_oneof![6 => Just(0usize), 1 => Just(1usize)];
    let way = || prop_oneof![Just(Way::Password), Just(Way::EmailCode), Just(Way::Reset)];
    let second = prop_oneof![2 => Just(Second::Totp), 1 => Just(Second::BackupCode)];
    prop_oneof![
        2 => any::<bool>().prop_map(|named| Call::Begin { named }),
        4 => proof().prop_map(Call::BeginWithPassword),
        3 => (attempt(), way()).prop_map(|(at, way)| Call::Prepare(at, way)),
        5 => (attempt(), way(), proof()).prop_map(|(at, way, proof)| Call::Answer(at, way, proof)),
        2 => attempt().prop_map(Call::NewPassword),
        6 => (attempt(), second, proof()).prop_map(|(at, second, proof)| Call::AnswerSecond(at, second, proof)),
        2 => Just(Call::Wait),
        2 => Just(Call::SignOut),
    ]
}

/// What was shown for one attempt.
#[derive(Clone, Debug, Default)]
struct Shown {
    reset_code: bool,
    first: bool,
    second: bool,
}

struct Case {
    server: TestServer,
    browser: Browser,
    second_factor: bool,
    password: String,
    passwords: usize,
    attempts: Vec<String>,
    shown: HashMap<String, Shown>,
    codes: Codes,
    used_backup_codes: usize,
    signed_in: bool,
}

impl Case {
    async fn start(second_factor: bool) -> Self {
        let server = TestServer::start().await;
        server
            .settings(&server.development(), |settings| {
                settings.multi_factor.authenticator_app = true;
                settings.multi_factor.backup_codes = true;
            })
            .await;
        let mut user = json!({"email_address": [JANE], "password": PASSWORD});
        if second_factor {
            user["totp_secret"] = json!(SECRET);
            user["backup_codes"] = json!(BACKUP_CODES);
        }
        server.backend().await.post("/v1/users", user).await.ok();
        Self {
            browser: server.browser().open().await,
            server,
            second_factor,
            password: PASSWORD.into(),
            passwords: 0,
            attempts: Vec::new(),
            shown: HashMap::new(),
            codes: Codes::default(),
            used_backup_codes: 0,
            signed_in: false,
        }
    }

    fn attempt(&self, ago: usize) -> Option<String> {
        self.attempts.iter().rev().nth(ago).cloned()
    }

    async fn make(&mut self, call: Call) -> Checked {
        match call {
            Call::Begin { named } => {
                let fields: &[_] = if named { &[("identifier", JANE)] } else { &[] };
                let answer = self.browser.post("/v1/client/sign_ins", fields).await;
                self.began(&answer, false)
            }
            Call::BeginWithPassword(proof) => {
                let password = self.password_of(proof);
                let answer = self.browser.sign_in(JANE, &password).await;
                self.began(&answer, password == self.password)
            }
            Call::Prepare(ago, way) => self.prepare(ago, way).await,
            Call::Answer(ago, way, proof) => self.answer(ago, way, proof).await,
            Call::NewPassword(ago) => self.new_password(ago).await,
            Call::AnswerSecond(ago, second, proof) => self.answer_second(ago, second, proof).await,
            Call::Wait => {
                self.server.clock.advance(Millis::from_secs(31));
                Ok(())
            }
            Call::SignOut => {
                self.browser.sign_out().await;
                self.signed_in = false;
                Ok(())
            }
        }
    }

    fn password_of(&self, proof: Proof) -> String {
        match proof {
            Proof::Own => self.password.clone(),
            // One that was right before it was changed.
            Proof::Foreign if self.passwords > 0 => PASSWORD.into(),
            Proof::Foreign | Proof::Guess => "never anybody's password 1".into(),
        }
    }

    fn began(&mut self, answer: &Answer, first: bool) -> Checked {
        if answer.status == 200 {
            let id = answer.text("/response/id");
            self.attempts.push(id.clone());
            self.shown.insert(id.clone(), Shown { first, ..Shown::default() });
            return self.hold(&id, answer);
        }
        self.refused(answer)
    }

    async fn prepare(&mut self, ago: usize, way: Way) -> Checked {
        let Some(id) = self.attempt(ago) else { return Ok(()) };
        let known = self.browser.get(&format!("/v1/client/sign_ins/{id}")).await;
        let factors = if known.status == 200 { known.at("/response/supported_first_factors") } else { json!([]) };
        let with_address = |it: &&serde_json::Value| it["email_address_id"].is_string();
        let address =
            factors.as_array().into_iter().flatten().find(with_address).map(|it| it["email_address_id"].clone());
        let address = address.as_ref().and_then(|it| it.as_str()).unwrap_or("idn_none").to_owned();
        self.server.clock.advance(Millis(1));
        let fields = [("strategy", way.strategy()), ("email_address_id", address.as_str())];
        let answer = self.browser.sign_in_step(&id, "prepare_first_factor", &fields).await;
        if answer.status != 200 {
            return self.refused(&answer);
        }
        let code = self.server.code(&self.server.development(), JANE).await;
        self.codes.note(&id, way.strategy(), &code);
        self.hold(&id, &answer)
    }

    async fn answer(&mut self, ago: usize, way: Way, proof: Proof) -> Checked {
        let Some(id) = self.attempt(ago) else { return Ok(()) };
        let (field, value, right) = match way {
            Way::Password => {
                let password = self.password_of(proof);
                ("password", password.clone(), password == self.password)
            }
            Way::EmailCode | Way::Reset => {
                let code = self.codes.pick(proof, &id, way.strategy());
                let right = self.codes.own(&id, way.strategy()) == Some(code.as_str());
                ("code", code, right)
            }
        };
        let fields = [("strategy", way.strategy()), (field, value.as_str())];
        let answer = self.browser.sign_in_step(&id, "attempt_first_factor", &fields).await;
        if answer.status != 200 {
            return self.refused(&answer);
        }
        prop_assert!(right, "a wrong answer was taken: {}", answer.json());
        let shown = self.shown.entry(id.clone()).or_default();
        match way {
            Way::Password | Way::EmailCode => shown.first = true,
            Way::Reset => shown.reset_code = true,
        }
        self.hold(&id, &answer)
    }

    async fn new_password(&mut self, ago: usize) -> Checked {
        let Some(id) = self.attempt(ago) else { return Ok(()) };
        let password = format!("an orchard full of pears {}", self.passwords + 1);
        let fields = [("password", password.as_str())];
        let answer = self.browser.sign_in_step(&id, "reset_password", &fields).await;
        if answer.status != 200 {
            return self.refused(&answer);
        }
        self.passwords += 1;
        self.password = password;
        let shown = self.shown.entry(id.clone()).or_default();
        prop_assert!(shown.reset_code, "a password was changed without a code: {}", answer.json());
        shown.first = true;
        self.hold(&id, &answer)
    }

    async fn answer_second(&mut self, ago: usize, second: Second, proof: Proof) -> Checked {
        let Some(id) = self.attempt(ago) else { return Ok(()) };
        let (strategy, code) = match second {
            Second::Totp => ("totp", totp_code(SECRET, self.server.service.now())),
            Second::BackupCode => ("backup_code", BACKUP_CODES[self.used_backup_codes % BACKUP_CODES.len()].to_owned()),
        };
        let right = matches!(proof, Proof::Own) && self.second_factor && self.used_backup_codes < BACKUP_CODES.len();
        let code = if right { code } else { self.codes.guess() };
        let fields = [("strategy", strategy), ("code", code.as_str())];
        let answer = self.browser.sign_in_step(&id, "attempt_second_factor", &fields).await;
        if answer.status != 200 {
            return self.refused(&answer);
        }
        prop_assert!(right, "a wrong second factor was taken: {}", answer.json());
        if matches!(second, Second::BackupCode) {
            self.used_backup_codes += 1;
        }
        self.shown.entry(id.clone()).or_default().second = true;
        self.hold(&id, &answer)
    }

    /// Holds an answer against the book.
    fn hold(&mut self, id: &str, answer: &Answer) -> Checked {
        let shown = self.shown.get(id).cloned().unwrap_or_default();
        if answer.text("/response/status") == "complete" {
            prop_assert!(shown.first, "complete without a first factor: {}", answer.json());
            prop_assert!(shown.second || !self.second_factor, "complete without the second factor: {}", answer.json());
            self.signed_in = true;
        }
        let sessions = answer.at("/client/sessions").as_array().map_or(0, Vec::len);
        prop_assert!(sessions == 0 || self.signed_in, "a session out of nothing: {}", answer.json());
        Ok(())
    }

    /// A refusal is the user's fault, and signs nobody in either.
    fn refused(&self, answer: &Answer) -> Checked {
        prop_assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.json());
        Ok(())
    }
}

#[test]
fn no_sequence_of_calls_signs_in_without_the_factors() {
    let calls = vec(call(), 1..=MOST_CALLS);
    let completed = std::cell::Cell::new([0, 0]);
    let case = |(second_factor, calls): (bool, Vec<Call>)| {
        block_on(async {
            let mut case = Case::start(second_factor).await;
            let mut complete = false;
            for call in calls {
                case.make(call).await?;
                complete |= case.signed_in;
            }
            let mut counts = completed.get();
            counts[usize::from(second_factor)] += u32::from(complete);
            completed.set(counts);
            Ok(())
        })
    };
    runner().run(&(any::<bool>(), calls), case).unwrap();
    // The law would hold of a server that signs nobody in, too.
    assert!(completed.get().iter().all(|count| *count >= 3), "{:?}", completed.get());
}
