//! Where a session is held, read from what its browser told about itself.

use crate::word;
use verger_model::session::Session;
use verger_wire as wire;
use woothee::parser::Parser;
use woothee::woothee::VALUE_UNKNOWN;

/// The device and browser of a session. City and country are not known: nothing here looks addresses up.
pub(crate) fn activity(session: &Session) -> wire::SessionActivity {
    let agent = session.activity.user_agent.as_deref().and_then(|agent| Parser::new().parse(agent));
    let suffix = session.id.as_str().trim_start_matches("sess_");
    let known = |text: &str| (text != VALUE_UNKNOWN && !text.is_empty()).then(|| text.to_owned());
    wire::SessionActivity {
        object: word("session_activity"),
        id: format!("sess_activity_{suffix}"),
        device_type: agent.as_ref().and_then(|agent| known(agent.os)).map(device),
        is_mobile: agent.as_ref().is_some_and(|agent| matches!(agent.category, "smartphone" | "mobilephone")),
        browser_name: agent.as_ref().and_then(|agent| known(agent.name)),
        browser_version: agent.as_ref().and_then(|agent| known(agent.version)),
        ip_address: session.activity.ip_address.clone(),
        city: None,
        country: None,
    }
}

/// A system's name as the list of devices says it: the machine for Apple's, no version for Microsoft's.
fn device(os: String) -> String {
    match os.as_str() {
        "Mac OSX" => "Macintosh".to_owned(),
        windows if windows.starts_with("Windows") && !windows.contains("Phone") => "Windows".to_owned(),
        _ => os,
    }
}
