//! The web addresses in a mail.

/// Those of the text, then those of the HTML's `href`s that the text does not have.
pub(super) fn links_in(text: &str, html: &str) -> Vec<String> {
    let in_text = text.split(|c: char| c.is_whitespace() || "<>\"()".contains(c));
    let in_text = in_text.map(|word| word.trim_end_matches(['.', ',', ';', '!', '?', ':']).to_owned());
    let in_html = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let in_html = in_html.map(|link| link.replace("&amp;", "&"));
    let mut links: Vec<String> = Vec::new();
    for link in in_text.chain(in_html).filter(|link| is_link(link)) {
        if !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

fn is_link(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_link_is_found_once() {
        let text = "Go to https://a.test/x?a=1&b=2. Or (http://b.test/), not ftp://c.test or https://";
        let html =
            r#"<a href="https://a.test/x?a=1&amp;b=2">go</a> <a href="https://d.test/">d</a> <a href="javascript:x">"#;
        assert_eq!(links_in(text, html), ["https://a.test/x?a=1&b=2", "http://b.test/", "https://d.test/"]);
    }
}
