//! What the files of the repository may not contain, and how long they may be.

use std::fs;

use anyhow::Result;

use crate::{Findings, workspace};

/// A source file has at most this many lines, tests aside.
const LONGEST: usize = 600;

/// Folders in which machines keep checkouts, homes and scratch files. A path into one of them means nothing elsewhere.
const MACHINE_FOLDERS: [&str; 7] = ["Users", "builds", "home", "root", "tmp", "work", "workspace"];

pub(super) fn check() -> Result<Findings> {
    let mut findings = Findings::new();
    for file in workspace::files()? {
        // A file that is not text has no words.
        if let Ok(text) = fs::read_to_string(workspace::root().join(&file)) {
            findings.extend(judge(&file, &text));
        }
    }
    Ok(findings)
}

fn judge(file: &str, text: &str) -> Findings {
    let mut findings = Findings::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(path) = machine_path(line) {
            findings.push(format!("{file}:{number}: {path} is a path of one machine"));
        }
    }
    let lines = lines_outside_tests(file, text);
    if lines > LONGEST {
        findings.push(format!("{file} has {lines} lines outside tests; {LONGEST} are the limit"));
    }
    if is_npm_lock(file) && text.contains("\"resolved\": \"http") {
        findings.push(format!("{file} names a registry; lock with omit-lockfile-registry-resolved=true"));
    }
    if text.starts_with("openapi:") || text.starts_with("{\"openapi\"") {
        findings.push(format!("{file} is an OpenAPI file; the specifications are read from outside"));
    }
    findings
}

fn is_npm_lock(file: &str) -> bool {
    file.rsplit('/').next() == Some("package-lock.json")
}

/// The first absolute path into a machine's folder. A match inside a longer path or URL is none.
fn machine_path(line: &str) -> Option<String> {
    MACHINE_FOLDERS.iter().find_map(|folder| {
        let path = format!("/{folder}/");
        let absolute = |at: &usize| line[..*at].chars().next_back().is_none_or(|before| !continues_path(before));
        let found = line.match_indices(&path).map(|(at, _)| at).any(|at| absolute(&at));
        found.then_some(path)
    })
}

fn continues_path(before: char) -> bool {
    before.is_alphanumeric() || "_-.~*)}]$@%".contains(before)
}

fn lines_outside_tests(file: &str, text: &str) -> usize {
    let is_source = [".rs", ".ts", ".tsx", ".mjs", ".js", ".sh"].iter().any(|ext| file.ends_with(ext));
    let is_test = file.split('/').any(|part| matches!(part, "tests" | "tests.rs" | "e2e"));
    if !is_source || is_test {
        return 0;
    }
    let tests = text.find("\n#[cfg(test)]\nmod ").filter(|_| file.ends_with(".rs"));
    let code = tests.filter(|at| inline(&text[*at..])).map_or(text, |at| &text[..at]);
    code.lines().count()
}

/// Whether the test module that `text` starts with has its body here; `mod tests;` may stand in the middle of a file.
fn inline(text: &str) -> bool {
    text.find(['{', ';']).is_some_and(|at| text[at..].starts_with('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize) -> String {
        "x();\n".repeat(count)
    }

    #[test]
    fn a_machine_path_is_a_finding() {
        for folder in ["home", "work", "tmp", "root"] {
            let findings = judge("README.md", &format!("see\n`/{folder}/main/x`"));
            assert_eq!(findings, [format!("README.md:2: /{folder}/ is a path of one machine")]);
        }
        assert_eq!(judge("a.md", &format!("file:///{}/x", "home")).len(), 1);
    }

    #[test]
    fn the_same_words_inside_longer_paths_are_none() {
        for line in ["https://example.com/home/x", "./tmp/x", "docs/work/x", "${ROOT}/tmp/x", "/var/tmp/x", "/network/"]
        {
            assert_eq!(judge("a.md", line), Findings::new(), "{line}");
        }
    }

    #[test]
    fn a_long_source_file_is_a_finding() {
        assert_eq!(judge("crates/a/src/lib.rs", &lines(600)), Findings::new());
        assert_eq!(judge("crates/a/src/lib.rs", &lines(601)).len(), 1);
        assert_eq!(judge("web/a.tsx", &lines(601)).len(), 1);
        assert_eq!(judge("Cargo.lock", &lines(601)), Findings::new());
    }

    #[test]
    fn tests_do_not_count() {
        assert_eq!(judge("crates/a/tests/it/main.rs", &lines(900)), Findings::new());
        let inline = format!("{}\n#[cfg(test)]\nmod tests {{\n{}}}\n", lines(500), lines(500));
        assert_eq!(judge("crates/a/src/lib.rs", &inline), Findings::new());
        let outside = format!("\n#[cfg(test)]\nmod tests;\n{}", lines(900));
        assert_eq!(judge("crates/a/src/lib.rs", &outside).len(), 1);
    }

    #[test]
    fn a_lock_file_that_names_a_registry_is_a_finding() {
        let text = "{\"resolved\": \"https://example.com/a.tgz\"}";
        assert_eq!(judge("e2e/package-lock.json", text).len(), 1);
        assert_eq!(judge("e2e/notes.json", text), Findings::new());
    }

    #[test]
    fn an_openapi_file_is_a_finding() {
        assert_eq!(judge("specs/a.yml", "openapi: 3.0.3\n").len(), 1);
    }
}
