//! The `cat` header: which class a token belongs to. All classes are signed by the same key, so a verifier that does not look
//! at it would take one for another.

/// The class of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Category {
    /// Session tokens and handshake payloads.
    Session,
    /// Tokens made from a JWT template.
    Template,
    /// Machine-to-machine tokens.
    Machine,
    /// The `__client` cookie. Our own class: no SDK reads it, and one that is handed it refuses it as a session token.
    Client,
    /// Sign-in tokens and other tickets. Our own class, like [`Category::Client`].
    Ticket,
}

/// A value that verifiers of session tokens let pass, as the SDKs do.
const IGNORED: &str = "cl_I7d4PD111III";

impl Category {
    /// The value of the header.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Session => "cl_B7d4PD111AAA",
            Self::Template => "cl_B7d4PD222AAA",
            Self::Machine => "cl_B7d4PD333AAA",
            Self::Client => "verger_client",
            Self::Ticket => "verger_ticket",
        }
    }

    /// Whether a token with this header may stand where this class is expected. The SDKs take a session or machine token
    /// without the header; every other class must say its name.
    pub(crate) fn admits(self, header: Option<&str>) -> bool {
        match header {
            None => matches!(self, Self::Session | Self::Machine),
            Some(IGNORED) => self == Self::Session,
            Some(cat) => cat == self.as_str(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Category::{Client, Machine, Session, Template, Ticket};

    #[test]
    fn each_class_admits_itself_alone() {
        let all = [Session, Template, Machine, Client, Ticket];
        for expected in all {
            for found in all {
                assert_eq!(expected.admits(Some(found.as_str())), expected == found, "{expected:?} {found:?}");
            }
        }
    }

    #[test]
    fn only_session_and_machine_tokens_may_leave_the_header_out() {
        let tolerant: Vec<_> =
            [Session, Template, Machine, Client, Ticket].into_iter().filter(|c| c.admits(None)).collect();
        assert_eq!(tolerant, [Session, Machine]);
        assert!(Session.admits(Some(IGNORED)));
        assert!(!Machine.admits(Some(IGNORED)));
    }
}
