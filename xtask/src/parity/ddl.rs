//! Reads the part of DDL that our migrations are written in: tables, indexes, added columns.

use std::collections::{BTreeMap, BTreeSet};

use super::lexer::{self, Token};

/// What a folder of migrations amounts to.
#[derive(Debug, Default)]
pub(super) struct Schema {
    pub(super) tables: BTreeMap<String, Table>,
}

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) strict: bool,
    pub(super) columns: BTreeMap<String, Column>,
    /// As `(a, b)`, with ` where ...` for partial ones. A primary key is one of them.
    pub(super) unique: BTreeSet<String>,
    /// As `(a) -> table (b)`.
    pub(super) references: BTreeSet<String>,
    /// Columns that some key or index names.
    pub(super) keyed: BTreeSet<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) kind: Kind,
    pub(super) nullable: bool,
    pub(super) collation: Option<String>,
}

/// A kind of value, whatever the engine calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    Bytes,
    Real,
}

impl Schema {
    /// Applies one migration.
    ///
    /// # Errors
    /// A sentence about the first statement that is not understood.
    pub(super) fn apply(&mut self, sql: &str) -> Result<(), String> {
        for statement in lexer::statements(sql) {
            let words: Vec<&str> = statement.iter().map(String::as_str).collect();
            self.apply_statement(&words)?;
        }
        Ok(())
    }

    fn apply_statement(&mut self, words: &[&str]) -> Result<(), String> {
        let understood = match words {
            ["create", "table", "if", "not", "exists", name, rest @ ..] | ["create", "table", name, rest @ ..] => {
                self.create_table(name, rest)?
            }
            ["create", "unique", "index", rest @ ..] => self.create_index(rest, true),
            ["create", "index", rest @ ..] => self.create_index(rest, false),
            ["alter", "table", table, "add", "column", column @ ..] => self.add_column(table, column)?,
            // Rows that a migration moves do not change the shape.
            ["insert" | "update" | "delete", ..] => true,
            _ => false,
        };
        if understood { Ok(()) } else { Err(unknown(words)) }
    }

    fn create_table(&mut self, name: &str, rest: &[&str]) -> Result<bool, String> {
        let Some((body, options)) = parenthesised(rest) else {
            return Ok(false);
        };
        let mut table = Table { strict: options.contains(&"strict"), ..Table::default() };
        for item in split_commas(body) {
            table.add_item(item)?;
        }
        Ok(self.tables.insert((*name).to_owned(), table).is_none())
    }

    fn create_index(&mut self, words: &[&str], unique: bool) -> bool {
        let Some(on) = words.iter().position(|word| *word == "on") else {
            return false;
        };
        let Some(table) = words.get(on + 1).and_then(|name| self.tables.get_mut(*name)) else {
            return false;
        };
        let Some((columns, filter)) = parenthesised(&words[on + 2..]) else {
            return false;
        };
        table.keyed.extend(columns.iter().map(|word| (*word).to_owned()));
        if unique {
            let filter = if filter.is_empty() { String::new() } else { format!(" {}", filter.join(" ")) };
            table.unique.insert(format!("{}{filter}", list(columns)));
        }
        true
    }

    fn add_column(&mut self, table: &str, column: &[&str]) -> Result<bool, String> {
        match self.tables.get_mut(table) {
            Some(table) => table.add_column(column).map(|()| true),
            None => Ok(false),
        }
    }
}

impl Table {
    fn add_item(&mut self, item: &[&str]) -> Result<(), String> {
        match item {
            ["constraint", _, rest @ ..] => self.add_item(rest),
            ["primary", "key", rest @ ..] | ["unique", rest @ ..] => self.add_key(rest).ok_or_else(|| unknown(item)),
            ["foreign", "key", rest @ ..] => {
                let (columns, rest) = parenthesised(rest).ok_or_else(|| unknown(item))?;
                self.add_reference(columns, rest).ok_or_else(|| unknown(item))
            }
            ["check", ..] => Ok(()),
            column => self.add_column(column),
        }
    }

    fn add_key(&mut self, words: &[&str]) -> Option<()> {
        let (columns, _) = parenthesised(words)?;
        self.unique.insert(list(columns));
        self.keyed.extend(columns.iter().map(|word| (*word).to_owned()));
        Some(())
    }

    /// `words` begin at REFERENCES.
    fn add_reference(&mut self, columns: &[&str], words: &[&str]) -> Option<()> {
        let ["references", table, rest @ ..] = words else {
            return None;
        };
        let target = parenthesised(rest).map_or(String::new(), |(target, _)| format!(" {}", list(target)));
        self.references.insert(format!("{} -> {table}{target}", list(columns)));
        self.keyed.extend(columns.iter().map(|word| (*word).to_owned()));
        Some(())
    }

    fn add_column(&mut self, words: &[&str]) -> Result<(), String> {
        let [name, kind, attributes @ ..] = words else {
            return Err(unknown(words));
        };
        let kind = kind_of(kind).ok_or_else(|| format!("{name} has the type {kind}, which parity does not know"))?;
        let after = |pair: [&str; 2]| attributes.windows(2).any(|window| window == pair);
        let primary = after(["primary", "key"]);
        let collation = attributes.iter().skip_while(|word| **word != "collate").nth(1);
        if primary || attributes.contains(&"unique") {
            self.unique.insert(list(&[name]));
            self.keyed.insert((*name).to_owned());
        }
        if let Some(at) = attributes.iter().position(|word| *word == "references") {
            self.add_reference(&[name], &attributes[at..]).ok_or_else(|| unknown(words))?;
        }
        let nullable = !primary && !after(["not", "null"]);
        let column = Column { kind, nullable, collation: collation.map(|name| (*name).to_owned()) };
        self.columns.insert((*name).to_owned(), column);
        Ok(())
    }
}

/// Booleans are integers on SQLite and JSON is text; the rows convert.
fn kind_of(word: &str) -> Option<Kind> {
    match word {
        "text" | "json" | "jsonb" => Some(Kind::Text),
        "integer" | "int" | "bigint" | "smallint" | "boolean" => Some(Kind::Integer),
        "blob" | "bytea" => Some(Kind::Bytes),
        "real" | "double" => Some(Kind::Real),
        _ => None,
    }
}

/// The words inside the first pair of parentheses, which must come first, and those behind it.
fn parenthesised<'a>(words: &'a [&'a str]) -> Option<(&'a [&'a str], &'a [&'a str])> {
    let mut depth = 0;
    for (at, word) in words.iter().enumerate() {
        match *word {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (at > 0).then(|| (&words[1..at], &words[at + 1..]));
        }
    }
    None
}

fn split_commas<'a>(words: &'a [&'a str]) -> Vec<&'a [&'a str]> {
    let mut depth = 0;
    let outer = words.split(move |word| {
        match *word {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        depth == 0 && *word == ","
    });
    outer.collect()
}

/// `(a, b)` from the words between parentheses.
fn list(words: &[&str]) -> String {
    format!("({})", words.join(" ").replace(" ,", ","))
}

fn unknown(words: &[&str]) -> String {
    let shown: Vec<Token> = words.iter().take(6).map(|word| (*word).to_owned()).collect();
    format!("not a statement that parity understands: {}", shown.join(" "))
}
