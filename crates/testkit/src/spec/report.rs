//! Counts what was checked, across test processes: lines appended to files in `target/spec-report/`.
//!
//! `checked` has a line `source api operation status` per answer; `used` has a line `api operation status pointer` (tabs
//! between) per deviation entry that covered something, once per process. `cargo xtask spec-report` reads both.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;

use super::Api;
use super::deviations::Deviation;

#[derive(Debug)]
pub(super) struct Report {
    /// Who asked for the answers.
    source: String,
    checked: File,
    used: Mutex<(File, HashSet<String>)>,
}

impl Report {
    pub(super) fn open(folder: &Path, source: &str) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let append = |name| OpenOptions::new().create(true).append(true).open(folder.join(name));
        let used = Mutex::new((append("used")?, HashSet::new()));
        Ok(Self { source: source.to_owned(), checked: append("checked")?, used })
    }

    pub(super) fn answer_checked(&self, api: Api, operation: &str, status: u16) -> std::io::Result<()> {
        // One write of a short line: processes that append at once do not mix their lines.
        let line = format!("{}\t{}\t{operation}\t{status}\n", self.source, api.name());
        (&self.checked).write_all(line.as_bytes())
    }

    pub(super) fn deviation_used(&self, entry: &Deviation) -> std::io::Result<()> {
        let line = format!("{}\t{}\t{}\t{}\n", entry.api, entry.operation, entry.status, entry.pointer);
        let mut used = self.used.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let (file, written) = &mut *used;
        if written.insert(line.clone()) {
            file.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}
