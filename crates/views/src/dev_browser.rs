//! Development browsers.

use crate::{Lens, word};
use verger_model::dev_browser::DevBrowser;
use verger_wire as wire;

/// A development browser with its token, which stands in the place of the id: that is the field clerk-js keeps.
pub fn dev_browser(lens: Lens<'_>, browser: &DevBrowser, token: &str) -> wire::DevBrowser {
    wire::DevBrowser {
        object: word("dev_browser"),
        id: token.to_owned(),
        instance_id: lens.instance.id.to_string(),
        token: token.to_owned(),
        home_origin: browser.home_origin.clone(),
        created_at: browser.created_at.0,
        updated_at: browser.updated_at.0,
    }
}
