//! `cargo xtask parity`: the migrations for SQLite and PostgreSQL say the same.
//!
//! Same file names, tables, columns, kinds of value, nullability, unique keys and references. PostgreSQL's text ids and
//! lookup columns are `COLLATE "C"`, so that both engines order and compare alike; SQLite's tables are `STRICT`.

mod compare;
mod ddl;
mod lexer;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::{Findings, workspace};
use ddl::Schema;

const FOLDER: &str = "crates/store/migrations";

pub(crate) fn run() -> Result<Findings> {
    let folder = workspace::root().join(FOLDER);
    let sqlite = scripts(&folder.join("sqlite"))?;
    let postgres = scripts(&folder.join("postgres"))?;
    let findings = check(&sqlite, &postgres);
    if findings.is_empty() {
        println!("parity: {} migrations agree", sqlite.len());
    }
    Ok(findings)
}

/// File name -> text.
type Scripts = BTreeMap<String, String>;

fn scripts(folder: &Path) -> Result<Scripts> {
    let mut scripts = Scripts::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.extension().is_some_and(|ext| ext == "sql") {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            scripts.insert(path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text);
        }
    }
    Ok(scripts)
}

fn check(sqlite: &Scripts, postgres: &Scripts) -> Findings {
    let mut findings = Findings::new();
    if sqlite.is_empty() && postgres.is_empty() {
        findings.push(format!("{FOLDER} holds no migrations"));
    }
    let only = |one: &Scripts, other: &Scripts, engine: &str| {
        let names = one.keys().filter(|name| !other.contains_key(*name));
        names.map(|name| format!("{name} exists only for {engine}")).collect::<Findings>()
    };
    findings.extend(only(sqlite, postgres, "sqlite"));
    findings.extend(only(postgres, sqlite, "postgres"));
    let mut read = |engine: &str, scripts: &Scripts| {
        let mut schema = Schema::default();
        for (name, text) in scripts {
            if let Err(problem) = schema.apply(text) {
                findings.push(format!("{engine}/{name}: {problem}"));
            }
        }
        schema
    };
    let (sqlite, postgres) = (read("sqlite", sqlite), read("postgres", postgres));
    findings.extend(compare::check(&sqlite, &postgres));
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(sqlite: &str, postgres: &str) -> Findings {
        let scripts = |text: &str| Scripts::from([("0001_init.sql".to_owned(), text.to_owned())]);
        check(&scripts(sqlite), &scripts(postgres))
    }

    const SQLITE: &str = "
        -- people
        CREATE TABLE users (
            instance_id TEXT NOT NULL REFERENCES instances (id),
            id          TEXT NOT NULL,
            name        TEXT, -- shown
            banned      INTEGER NOT NULL DEFAULT 0 CHECK (banned IN (0, 1)),
            PRIMARY KEY (instance_id, id)
        ) STRICT;
        CREATE UNIQUE INDEX users_name ON users (instance_id, name) WHERE name IS NOT NULL;
    ";
    const POSTGRES: &str = r#"
        CREATE TABLE users (
            instance_id TEXT COLLATE "C" NOT NULL REFERENCES instances (id),
            id          TEXT COLLATE "C" NOT NULL,
            name        TEXT COLLATE "C",
            banned      BOOLEAN NOT NULL DEFAULT FALSE,
            PRIMARY KEY (instance_id, id)
        );
        CREATE UNIQUE INDEX users_name ON users (instance_id, name) WHERE name IS NOT NULL;
    "#;

    #[test]
    fn the_same_schema_in_two_dialects_agrees() {
        assert_eq!(findings(SQLITE, POSTGRES), Findings::new());
    }

    #[test]
    fn no_migrations_at_all_is_a_finding() {
        assert_eq!(check(&Scripts::new(), &Scripts::new()).len(), 1);
    }

    #[test]
    fn a_file_for_one_engine_is_a_finding() {
        let one = Scripts::from([("0001_a.sql".to_owned(), String::new())]);
        assert_eq!(check(&one, &Scripts::new()), ["0001_a.sql exists only for sqlite"]);
    }

    #[test]
    fn differences_of_columns_are_findings() {
        let told = |from: &str, to: &str| findings(SQLITE, &POSTGRES.replace(from, to)).join("; ");
        assert!(told("name        TEXT COLLATE \"C\",", "").contains("users.name exists only for sqlite"));
        assert!(told("BOOLEAN NOT NULL", "BOOLEAN").contains("users.banned may be null only on postgres"));
        assert!(
            told("BOOLEAN NOT NULL DEFAULT FALSE", "BYTEA NOT NULL").contains("users.banned holds integers on sqlite")
        );
    }

    #[test]
    fn differences_of_keys_and_references_are_findings() {
        let told = |from: &str, to: &str| findings(SQLITE, &POSTGRES.replace(from, to)).join("; ");
        assert!(told("PRIMARY KEY (instance_id, id)", "PRIMARY KEY (id)").contains("unique (instance_id, id)"));
        assert!(told("CREATE UNIQUE", "CREATE").contains("unique (instance_id, name) where name is not null"));
        assert!(told(" REFERENCES instances (id)", "").contains("reference (instance_id) -> instances (id)"));
    }

    #[test]
    fn a_text_key_without_the_c_collation_is_a_finding() {
        let told = findings(SQLITE, &POSTGRES.replace("name        TEXT COLLATE \"C\"", "name TEXT"));
        assert_eq!(told, ["users.name is text in a key or index on postgres and lacks COLLATE \"C\""]);
        let free = |sql: &str| sql.lines().filter(|line| !line.contains("INDEX")).collect::<Vec<_>>().join("\n");
        let told = findings(&free(SQLITE), &free(POSTGRES).replace("name        TEXT COLLATE \"C\"", "name TEXT"));
        assert_eq!(told, Findings::new());
    }

    #[test]
    fn a_loose_sqlite_table_is_a_finding() {
        assert_eq!(findings(&SQLITE.replace("STRICT", ""), POSTGRES), ["users is not STRICT on sqlite"]);
    }

    #[test]
    fn an_added_column_counts() {
        let sqlite = format!("{SQLITE} ALTER TABLE users ADD COLUMN locale TEXT;");
        assert_eq!(findings(&sqlite, POSTGRES), ["users.locale exists only for sqlite"]);
        let postgres = format!("{POSTGRES} ALTER TABLE users ADD COLUMN locale TEXT;");
        assert_eq!(findings(&sqlite, &postgres), Findings::new());
    }

    #[test]
    fn a_statement_that_is_not_understood_is_a_finding() {
        let told = findings(&format!("{SQLITE} CREATE VIEW v AS SELECT 1;"), POSTGRES);
        assert_eq!(told, ["sqlite/0001_init.sql: not a statement that parity understands: create view v as select 1"]);
    }
}
