//! Data for a page's script, inside the page.

use serde::Serialize;
use serde_json::Value;

/// JSON that stays data inside `<script>`: nothing in it can end the element or a line of JavaScript.
pub(crate) fn island<T: Serialize>(data: &T) -> String {
    let text = serde_json::to_value(data).as_ref().map_or_else(|_| "null".to_owned(), Value::to_string);
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '/' | '\u{2028}' | '\u{2029}' => safe.push_str(&format!("\\u{:04x}", u32::from(c))),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_leave_its_element() {
        let text = island(&["</script><svg onload=alert(1)>", "\u{2028}", "a/b & c"]);
        assert!(!text.contains(['<', '>', '/', '&', '\u{2028}']), "{text}");
        let back: Vec<String> = serde_json::from_str(&text).unwrap();
        assert_eq!(back, ["</script><svg onload=alert(1)>", "\u{2028}", "a/b & c"]);
    }
}
