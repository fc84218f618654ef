//! Signing up.

use super::{Checked, Codes, MOST_CALLS, Proof, block_on, proof, runner};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::{HashMap, HashSet};
use verger_model::Millis;
use verger_model::settings::{Attribute, PhoneAttribute, Settings};
use verger_testkit::{Answer, Browser, PASSWORD, TestServer};

const EMAILS: [&str; 2] = ["jane@example.com", "joe@example.com"];
const NUMBERS: [&str; 2] = ["+442079460123", "+442079460124"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Contact {
    Email,
    Phone,
}

impl Contact {
    const fn strategy(self) -> &'static str {
        match self {
            Self::Email => "email_code",
            Self::Phone => "phone_code",
        }
    }

    const fn field(self) -> &'static str {
        match self {
            Self::Email => "email_address",
            Self::Phone => "phone_number",
        }
    }
}

/// Which fields a call gives.
#[derive(Clone, Debug, Default)]
struct Given {
    /// Also those that the instance has not.
    unasked: bool,
    email: Option<usize>,
    phone: Option<usize>,
    username: bool,
    password: bool,
    first_name: bool,
    legal: bool,
}

impl Given {
    fn fields(&self, settings: &Settings) -> Vec<(&'static str, &'static str)> {
        let a = &settings.attributes;
        let has = |attribute: Attribute| self.unasked || attribute.enabled;
        let optional = |given: bool, field| given.then_some(field);
        let email = self.email.filter(|_| has(a.email_address)).map(|at| ("email_address", EMAILS[at]));
        let phone = self.phone.filter(|_| has(a.phone_number.attribute())).map(|at| ("phone_number", NUMBERS[at]));
        let others = [
            optional(self.username && has(a.username), ("username", "jane_of_the_orchard")),
            optional(self.password && has(a.password), ("password", PASSWORD)),
            optional(self.first_name && has(a.first_name), ("first_name", "Jane")),
            optional(self.legal, ("legal_accepted", "true")),
        ];
        [email, phone].into_iter().chain(others).flatten().collect()
    }
}

#[derive(Clone, Debug)]
enum Call {
    Create(Given),
    Update(usize, Given),
    Prepare(usize, Contact),
    Answer(usize, Contact, Proof),
    /// Both at once, rightly.
    Prove(usize, Contact),
    Wait,
}

fn given(often: f64) -> impl Strategy<Value = Given> {
    let flag = || proptest::bool::weighted(often);
    let contact = || option::weighted(often, 0..2usize);
    (proptest::bool::weighted(0.1), contact(), contact(), flag(), flag(), flag(), flag()).prop_map(
        |(unasked, email, phone, username, password, first_name, legal)| Given {
            unasked,
            email,
            phone,
            username,
            password,
            first_name,
            legal,
        },
    )
}

fn call() -> impl Strategy<Value = Call> {
    let attempt = || prop_oneof![8 => Just(0usize), 1 => Just(1usize)];
    let contact = || prop_oneof![Just(Contact::Email), Just(Contact::Phone)];
    prop_oneof![
        2 => given(0.8).prop_map(Call::Create),
        4 => (attempt(), given(0.4)).prop_map(|(at, given)| Call::Update(at, given)),
        4 => (attempt(), contact()).prop_map(|(at, contact)| Call::Prepare(at, contact)),
        6 => (attempt(), contact(), proof()).prop_map(|(at, contact, proof)| Call::Answer(at, contact, proof)),
        4 => (attempt(), contact()).prop_map(|(at, contact)| Call::Prove(at, contact)),
        1 => Just(Call::Wait),
    ]
}

/// Off, optional, required.
fn attribute() -> impl Strategy<Value = Attribute> {
    prop_oneof![
        Just(Attribute { enabled: false, required: false }),
        Just(Attribute { enabled: true, required: false }),
        Just(Attribute { enabled: true, required: true }),
    ]
}

fn settings() -> impl Strategy<Value = Settings> {
    let attributes = (attribute(), attribute(), attribute(), attribute(), attribute());
    (attributes, any::<bool>()).prop_map(|((email, phone, username, password, first_name), legal)| {
        let mut settings = Settings::default();
        settings.attributes.email_address = email;
        settings.attributes.phone_number =
            PhoneAttribute { enabled: phone.enabled, required: phone.required, verify_at_sign_up: true };
        settings.attributes.username = username;
        settings.attributes.password = password;
        settings.attributes.first_name = first_name;
        settings.sign_up.legal_consent = legal;
        settings
    })
}

/// What was given and proved for one attempt.
#[derive(Debug, Default)]
struct Shown {
    fields: HashSet<&'static str>,
    /// The newest value of each contact, and whether it was proved since.
    contacts: HashMap<&'static str, (&'static str, bool)>,
}

impl Shown {
    fn take(&mut self, fields: &[(&'static str, &'static str)]) {
        for &(field, value) in fields {
            self.fields.insert(field);
            let known = self.contacts.get(field).is_some_and(|(old, _)| *old == value);
            if matches!(field, "email_address" | "phone_number") && !known {
                self.contacts.insert(field, (value, false));
            }
        }
    }
}

struct Case {
    server: TestServer,
    browser: Browser,
    settings: Settings,
    attempts: Vec<String>,
    shown: HashMap<String, Shown>,
    codes: Codes,
    complete: bool,
}

impl Case {
    async fn start(settings: Settings) -> Self {
        let server = TestServer::start().await;
        server.settings(&server.development(), |it| it.clone_from(&settings)).await;
        Self {
            browser: server.browser().open().await,
            server,
            settings,
            attempts: Vec::new(),
            shown: HashMap::new(),
            codes: Codes::default(),
            complete: false,
        }
    }

    fn attempt(&self, ago: usize) -> Option<String> {
        self.attempts.iter().rev().nth(ago).cloned()
    }

    async fn make(&mut self, call: Call) -> Checked {
        match call {
            Call::Create(given) => {
                let fields = given.fields(&self.settings);
                let answer = self.browser.post("/v1/client/sign_ups", &fields).await;
                if answer.status != 200 {
                    return refused(&answer);
                }
                let id = answer.text("/response/id");
                self.attempts.push(id.clone());
                self.shown.entry(id.clone()).or_default().take(&fields);
                self.hold(&id, &answer).await
            }
            Call::Update(ago, given) => {
                let Some(id) = self.attempt(ago) else { return Ok(()) };
                let fields = given.fields(&self.settings);
                let answer = self.browser.patch(&format!("/v1/client/sign_ups/{id}"), &fields).await;
                if answer.status != 200 {
                    return refused(&answer);
                }
                self.shown.entry(id.clone()).or_default().take(&fields);
                self.hold(&id, &answer).await
            }
            Call::Prepare(ago, contact) => self.prepare(ago, contact).await,
            Call::Answer(ago, contact, proof) => self.answer(ago, contact, proof).await,
            Call::Prove(ago, contact) => {
                self.prepare(ago, contact).await?;
                self.answer(ago, contact, Proof::Own).await
            }
            Call::Wait => {
                self.server.clock.advance(Millis::from_secs(31));
                Ok(())
            }
        }
    }

    async fn prepare(&mut self, ago: usize, contact: Contact) -> Checked {
        let Some(id) = self.attempt(ago) else { return Ok(()) };
        self.server.clock.advance(Millis(1));
        let path = format!("/v1/client/sign_ups/{id}/prepare_verification");
        let answer = self.browser.post(&path, &[("strategy", contact.strategy())]).await;
        if answer.status != 200 {
            return refused(&answer);
        }
        let contacts = &self.shown.entry(id.clone()).or_default().contacts;
        let Some((to, _)) = contacts.get(contact.field()).copied() else {
            return Err(TestCaseError::fail(format!("a code to nowhere: {}", answer.json())));
        };
        let tenant = self.server.development();
        let code = match contact {
            Contact::Email => self.server.code(&tenant, to).await,
            Contact::Phone => self.server.sms_code(&tenant, to).await,
        };
        self.codes.note(&id, to, &code);
        self.hold(&id, &answer).await
    }

    async fn answer(&mut self, ago: usize, contact: Contact, proof: Proof) -> Checked {
        let Some(id) = self.attempt(ago) else { return Ok(()) };
        let to = self.shown.entry(id.clone()).or_default().contacts.get(contact.field()).map_or("nobody", |it| it.0);
        let code = self.codes.pick(proof, &id, to);
        let right = self.codes.own(&id, to) == Some(code.as_str());
        let path = format!("/v1/client/sign_ups/{id}/attempt_verification");
        let answer = self.browser.post(&path, &[("strategy", contact.strategy()), ("code", &code)]).await;
        if answer.status != 200 {
            return refused(&answer);
        }
        prop_assert!(right, "a wrong code was taken: {}", answer.json());
        let shown = self.shown.entry(id.clone()).or_default();
        shown.contacts.entry(contact.field()).and_modify(|it| it.1 = true);
        self.hold(&id, &answer).await
    }

    /// Holds an answer against the book.
    async fn hold(&mut self, id: &str, answer: &Answer) -> Checked {
        let sessions = answer.at("/client/sessions").as_array().map_or(0, Vec::len);
        if answer.text("/response/status") != "complete" {
            prop_assert_eq!(sessions, 0, "a session out of nothing: {}", answer.json());
            return Ok(());
        }
        let shown = &self.shown[id];
        let a = &self.settings.attributes;
        let demanded = [
            ("email_address", a.email_address),
            ("phone_number", a.phone_number.attribute()),
            ("username", a.username),
            ("first_name", a.first_name),
            ("password", a.password),
            ("legal_accepted", Attribute { enabled: true, required: self.settings.sign_up.legal_consent }),
        ];
        for (field, attribute) in demanded {
            let missing = attribute.enabled && attribute.required && !shown.fields.contains(field);
            prop_assert!(!missing, "complete without {field}: {}", answer.json());
        }
        for (field, (value, proved)) in &shown.contacts {
            prop_assert!(*proved, "complete with {field} {value} unproved: {}", answer.json());
        }
        let names = ["email_address", "phone_number", "username"];
        prop_assert!(names.iter().any(|it| shown.fields.contains(it)), "an account nobody can name: {}", answer.json());
        self.complete = true;
        self.browser.sign_out().await;
        Ok(())
    }
}

/// A refusal is the user's fault.
fn refused(answer: &Answer) -> Checked {
    prop_assert!((400..500).contains(&answer.status), "{} {}", answer.status, answer.json());
    Ok(())
}

#[test]
fn no_sequence_of_calls_makes_an_account_without_what_is_demanded() {
    let completed = std::cell::Cell::new(0);
    let case = |(settings, calls): (Settings, Vec<Call>)| {
        prop_assume!(settings.check().is_ok());
        block_on(async {
            let mut case = Case::start(settings).await;
            for call in calls {
                case.make(call).await?;
            }
            completed.set(completed.get() + u32::from(case.complete));
            Ok(())
        })
    };
    runner().run(&(settings(), vec(call(), 1..=MOST_CALLS)), case).unwrap();
    // The law would hold of a server that takes nobody, too.
    assert!(completed.get() >= 5, "{}", completed.get());
}
