//! Counts what was checked, across test processes: lines appended to files in `target/spec-report/`.
//!
//! `checked` has a line `api operation status` per answer; `used` has a line `api operation status pointer` (tabs
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
    checked: File,
    used: Mutex<(File, HashSet<String>)>,
}

impl Report {
    pub(super) fn open(folder: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let append = |name| OpenOptions::new().create(true).append(true).open(folder.join(name));
        Ok(Self { checked: append("checked")?, used: Mutex::new((append("used")?, HashSet::new())) })
    }

    pub(super) fn answer_checked(&self, api: Api, operation: &str, status: u16) -> std::io::Result<()> {
        // One write of a short line: processes that append at once do not mix their lines.
        (&self.checked).write_all(format!("{}\t{operation}\t{status}\n", api.name()).as_bytes())
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
