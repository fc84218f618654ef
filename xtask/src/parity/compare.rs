//! Holds the two schemas against each other and against the rules of each engine.

use std::collections::BTreeSet;

use super::ddl::{Column, Kind, Schema, Table};
use crate::Findings;

pub(super) fn check(sqlite: &Schema, postgres: &Schema) -> Findings {
    let mut findings = Findings::new();
    for (name, table) in &sqlite.tables {
        if !table.strict {
            findings.push(format!("{name} is not STRICT on sqlite"));
        }
    }
    for (name, table) in &postgres.tables {
        findings.extend(collations(name, table));
    }
    only(&mut findings, "table ", sqlite.tables.keys(), postgres.tables.keys());
    for (name, table) in &sqlite.tables {
        if let Some(other) = postgres.tables.get(name) {
            findings.extend(compare_tables(name, table, other));
        }
    }
    findings
}

fn collations(name: &str, table: &Table) -> Findings {
    let is_text_without_c = |column: &Column| column.kind == Kind::Text && column.collation.as_deref() != Some("\"C\"");
    let in_key = |column: &str| table.keyed.contains(column) || column == "id" || column.ends_with("_id");
    let columns = table.columns.iter().filter(|(column, value)| in_key(column) && is_text_without_c(value));
    let told = |column| format!("{name}.{column} is text in a key or index on postgres and lacks COLLATE \"C\"");
    columns.map(|(column, _)| told(column)).collect()
}

fn compare_tables(name: &str, sqlite: &Table, postgres: &Table) -> Findings {
    let mut findings = Findings::new();
    only(&mut findings, &format!("{name}."), sqlite.columns.keys(), postgres.columns.keys());
    only(&mut findings, &format!("{name} unique "), &sqlite.unique, &postgres.unique);
    only(&mut findings, &format!("{name} reference "), &sqlite.references, &postgres.references);
    for (column, ours) in &sqlite.columns {
        let Some(theirs) = postgres.columns.get(column) else {
            continue;
        };
        if ours.kind != theirs.kind {
            let (ours, theirs) = (plural(ours.kind), plural(theirs.kind));
            findings.push(format!("{name}.{column} holds {ours} on sqlite and {theirs} on postgres"));
        }
        if ours.nullable != theirs.nullable {
            let engine = if ours.nullable { "sqlite" } else { "postgres" };
            findings.push(format!("{name}.{column} may be null only on {engine}"));
        }
    }
    findings
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Integer => "integers",
        Kind::Bytes => "bytes",
        Kind::Real => "reals",
    }
}

fn only<'a>(
    findings: &mut Findings,
    what: &str,
    sqlite: impl IntoIterator<Item = &'a String>,
    postgres: impl IntoIterator<Item = &'a String>,
) {
    let sqlite: BTreeSet<_> = sqlite.into_iter().collect();
    let postgres: BTreeSet<_> = postgres.into_iter().collect();
    findings.extend(sqlite.difference(&postgres).map(|name| format!("{what}{name} exists only for sqlite")));
    findings.extend(postgres.difference(&sqlite).map(|name| format!("{what}{name} exists only for postgres")));
}
