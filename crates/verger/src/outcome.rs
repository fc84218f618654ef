//! Why the program ends early, as one line and an exit code.

use std::fmt;
use verger_crypto::seal::SealError;
use verger_service::Error;
use verger_store::OpenError;

/// What commands return.
pub(crate) type Outcome<T = ()> = Result<T, Stop>;

/// An end before the work was done.
#[derive(Debug)]
pub(crate) struct Stop {
    code: u8,
    text: String,
}

impl Stop {
    /// The start was refused and nothing was changed: exit code 2. The text says what to do.
    pub(crate) fn bad_start(text: impl Into<String>) -> Self {
        Self { code: 2, text: one_line(&text.into()) }
    }

    /// The command was understood and did not succeed: exit code 1.
    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self { code: 1, text: one_line(&text.into()) }
    }

    pub(crate) const fn code(&self) -> u8 {
        self.code
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<OpenError> for Stop {
    fn from(err: OpenError) -> Self {
        Self::bad_start(err.to_string())
    }
}

/// What a use case said, for the person at the terminal.
pub(crate) fn explain(err: &Error) -> String {
    match err {
        Error::Refused(refusal) => {
            let said = refusal.items().map(|item| {
                let text = item.long_message.clone().unwrap_or_else(|| item.code.message().to_owned());
                let about =
                    item.meta.iter().find(|(key, _)| *key == "param_name").and_then(|(_, value)| value.as_str());
                about.map_or(text.clone(), |name| format!("{name}: {text}"))
            });
            said.collect::<Vec<_>>().join(" ")
        }
        Error::Fault(fault) if fault.source.downcast_ref::<SealError>() == Some(&SealError::OtherKey) => {
            "the database was written under another master key: start with that key".to_owned()
        }
        Error::Fault(fault) => fault.source.to_string(),
    }
}
