//! Pictures of providers: drawn here, so that a page asks no other host. Plain letters on the provider's colour.

/// Letters and colour.
fn look(provider: &str) -> (&'static str, &'static str) {
    match provider {
        "apple" => ("A", "#111111"),
        "discord" => ("D", "#5865f2"),
        "facebook" => ("f", "#1877f2"),
        "github" => ("GH", "#24292f"),
        "gitlab" => ("GL", "#e24329"),
        "google" => ("G", "#4285f4"),
        "linkedin" | "linkedin_oidc" => ("in", "#0a66c2"),
        "microsoft" => ("M", "#0067b8"),
        "slack" => ("S", "#4a154b"),
        "x" => ("X", "#000000"),
        "custom_vergertest" => ("V", "#0f766e"),
        _ => ("", "#475569"),
    }
}

/// An SVG for a provider's button. A provider that is not in the table gets a key.
pub fn provider_icon(provider: &str) -> String {
    let (letters, colour) = look(provider);
    let figure = if letters.is_empty() {
        r##"<g fill="none" stroke="#fff" stroke-width="2"><circle cx="9" cy="12" r="3"/><path d="M12 12h7v3m-3-3v2"/></g>"##
            .to_owned()
    } else {
        let size = if letters.len() > 1 { 10 } else { 14 };
        format!(
            r##"<text x="12" y="12" dy=".35em" text-anchor="middle" fill="#fff" font-family="system-ui,sans-serif" font-size="{size}" font-weight="700">{letters}</text>"##
        )
    };
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" role="img"><rect width="24" height="24" rx="5" fill="{colour}"/>{figure}</svg>"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use verger_model::provider::PROVIDERS;

    #[test]
    fn every_provider_of_the_table_has_its_own_picture() {
        for spec in PROVIDERS {
            assert_ne!(provider_icon(spec.name), provider_icon("custom_acme"), "{}", spec.name);
        }
    }
}
