//! `.env` files: sets the variables of a block and leaves every other line as it is.

use crate::outcome::{Outcome, Stop};
use std::fs::{self, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use verger_portal::env_block::EnvBlock;

/// A file as it was found.
pub(crate) struct EnvFile {
    path: PathBuf,
    text: String,
}

impl EnvFile {
    /// Reads the file; one that is not there is empty. Changes nothing.
    ///
    /// # Errors
    /// When it cannot be read, its directory does not exist, or it holds production keys.
    pub(crate) fn open(path: &Path) -> Outcome<Self> {
        // A link is followed now, so that replacing the file does not replace the link.
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let text = match fs::read_to_string(&real) {
            Ok(text) => text,
            Err(err) if err.kind() == io::ErrorKind::NotFound => String::new(),
            Err(err) => return Err(Stop::bad_start(format!("{} cannot be read: {err}", path.display()))),
        };
        if !directory_of(&real).is_dir() {
            return Err(Stop::bad_start(format!(
                "{} is in a directory that does not exist: make it first",
                path.display()
            )));
        }
        if let Some(name) = text.lines().find_map(production_key) {
            return Err(Stop::bad_start(format!(
                "{} holds a production key in {name}: it was not touched; choose another file for --write-env",
                path.display()
            )));
        }
        Ok(Self { path: real, text })
    }

    /// Writes the variables into it: in place where a line sets them, else at the end. The file is readable by its owner alone.
    pub(crate) fn write(&self, block: &EnvBlock) -> Outcome {
        let text = merged(&self.text, block);
        let failed = |err: io::Error| Stop::failed(format!("{} cannot be written: {err}", self.path.display()));
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        let fresh = directory_of(&self.path).join(format!(".{name}.{}", std::process::id()));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh).map_err(failed)?;
        fs::set_permissions(&fresh, Permissions::from_mode(0o600)).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        fs::rename(&fresh, &self.path).map_err(failed)
    }
}

fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The variable that a line sets, and its value without quotes.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then(|| (name, value.trim().trim_matches(['"', '\''])))
}

fn production_key(line: &str) -> Option<&str> {
    let (name, value) = assignment(line)?;
    // Other services' keys may begin alike.
    let is_live = ["pk_live_", "sk_live_"].iter().any(|prefix| value.starts_with(prefix));
    (is_live && name.contains("CLERK")).then_some(name)
}

fn merged(text: &str, block: &EnvBlock) -> String {
    let mut waiting: Vec<_> = block.variables.iter().collect();
    let mut lines = String::with_capacity(text.len() + 1024);
    for line in text.split_inclusive('\n') {
        let name = assignment(line).map(|(name, _)| name);
        let set = block.variables.iter().find(|(known, _)| Some(*known) == name);
        let Some((name, value)) = set else {
            lines.push_str(line);
            continue;
        };
        // The last of two lines wins in every reader; the second one of a name goes.
        if waiting.iter().any(|(known, _)| known == name) {
            waiting.retain(|(known, _)| known != name);
            lines.push_str(&format!("{name}={value}\n"));
        }
    }
    if !waiting.is_empty() && !lines.is_empty() && !lines.ends_with('\n') {
        lines.push('\n');
    }
    for (name, value) in waiting {
        lines.push_str(&format!("{name}={value}\n"));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> EnvBlock {
        EnvBlock {
            variables: vec![
                ("CLERK_SECRET_KEY", "sk_test_new".into()),
                ("CLERK_API_URL", "http://localhost:4001".into()),
            ],
            notes: vec!["a note".into()],
        }
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        let text = "# mine\nDATABASE_URL=\"postgres://x\"\r\n\n  export CLERK_SECRET_KEY='sk_test_old'\nLAST=1";
        assert_eq!(
            merged(text, &block()),
            "# mine\nDATABASE_URL=\"postgres://x\"\r\n\nCLERK_SECRET_KEY=sk_test_new\nLAST=1\n\
             CLERK_API_URL=http://localhost:4001\n"
        );
    }

    #[test]
    fn writing_twice_changes_nothing_more() {
        let once = merged("A=1\n", &block());
        assert_eq!(merged(&once, &block()), once);
    }

    #[test]
    fn a_comment_sets_nothing() {
        assert_eq!(merged("# CLERK_API_URL=x\n", &block()).lines().count(), 3);
        assert_eq!(production_key("# CLERK_SECRET_KEY=sk_live_x"), None);
        assert_eq!(production_key("export CLERK_SECRET_KEY = \"sk_live_x\""), Some("CLERK_SECRET_KEY"));
        assert_eq!(production_key("STRIPE_SECRET_KEY=sk_live_x"), None);
        assert_eq!(
            production_key("NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_live_x"),
            Some("NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY")
        );
    }
}
