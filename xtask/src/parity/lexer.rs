//! Cuts SQL into statements of tokens.

/// Lower-cased words, quoted names with their quotes, strings with theirs, and single signs.
pub(super) type Token = String;

/// The statements of `sql`, comments dropped.
pub(super) fn statements(sql: &str) -> Vec<Vec<Token>> {
    let tokens = tokens(sql);
    let statements = tokens.split(|token| token == ";").filter(|statement| !statement.is_empty());
    statements.map(<[Token]>::to_vec).collect()
}

fn tokens(sql: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            _ if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '\'' | '"' => quoted(rest, first),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        match first {
            _ if token.starts_with("--") || token.starts_with("/*") || first.is_whitespace() => {}
            '\'' | '"' => tokens.push(token.to_owned()),
            _ => tokens.push(token.to_lowercase()),
        }
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The length of the quoted text at the start; a doubled quote inside simply starts the next token.
fn quoted(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |at| at + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_dropped_and_quotes_kept_whole() {
        let sql = "CREATE -- no; statement\nTABLE /* nor; this */ t (a TEXT DEFAULT 'x;Y' COLLATE \"C\"); INSERT";
        let statements = statements(sql);
        let first = ["create", "table", "t", "(", "a", "text", "default", "'x;Y'", "collate", "\"C\"", ")"];
        assert_eq!(statements, [first.map(str::to_owned).to_vec(), vec!["insert".to_owned()]]);
    }
}
