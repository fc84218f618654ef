//! A throwaway PostgreSQL server for one test: a copy of a template cluster, on a socket and a port of its own, gone with the
//! test. Templates are made once per locale and kept in the system's temporary directory.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The locale of a cluster: how it compares text where a column does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// By bytes.
    C,
    /// English, by ICU.
    Icu,
}

/// A running server with an empty database. Dropping it ends the server and removes its files.
pub struct Postgres {
    server: Child,
    port: u16,
    // Declared last: the files go after the process.
    _home: TempDir,
}

/// The account that runs the server when the tests run as root, which PostgreSQL refuses to run as.
const ACCOUNT: &str = "postgres";

impl Postgres {
    /// Starts a server and waits until it answers.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start: the test cannot say anything then.
    pub fn start(locale: Locale) -> Self {
        let template = template(locale);
        let home = TempDir::new().expect("a temporary directory");
        open_to_all(home.path());
        let data = home.path().join("data");
        succeed(as_account("cp").arg("-r").arg(&template).arg(&data));
        let port = free_port();
        let server = as_account(&bin("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k"])
            .arg(home.path())
            // Nothing here outlives its test: what a crash would lose does not matter.
            .args(["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=16MB"])
            .stdout(Stdio::null())
            .stderr(File::create(home.path().join("log")).expect("a log file"))
            .spawn()
            .expect("PostgreSQL starts");
        let started = Self { server, port, _home: home };
        started.wait_until_ready();
        started
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&self) {
        // pg_isready waits for a connection itself; each call is bounded.
        let ready = (0..100).any(|_| {
            let mut probe = Command::new(bin("pg_isready"));
            probe.args(["-q", "-t", "1", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
            let up = probe.status().is_ok_and(|status| status.success());
            if !up {
                std::thread::yield_now();
                std::thread::park_timeout(std::time::Duration::from_millis(50));
            }
            up
        });
        assert!(ready, "PostgreSQL did not answer on port {}", self.port);
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // QUIT is PostgreSQL's immediate stop: it ends its own children too. setpriv became the server by exec, so the id fits.
        let asked = Command::new("kill").args(["-QUIT", &self.server.id().to_string()]).status();
        if !asked.is_ok_and(|status| status.success()) {
            self.server.kill().ok();
        }
        self.server.wait().ok();
    }
}

fn template(locale: Locale) -> PathBuf {
    let name = match locale {
        Locale::C => "c",
        Locale::Icu => "icu",
    };
    // Not under `target`: the account of the server may not be able to reach a checkout in somebody's home.
    let root = std::env::temp_dir().join("verger-test-postgres");
    fs::create_dir_all(&root).expect("a temporary directory");
    open_to_all(&root);
    let lock = File::create(root.join(format!("{name}.lock"))).expect("a lock file");
    lock.lock().expect("the lock of the template");
    let template = root.join(name);
    if template.join("ready").exists() {
        return template;
    }
    fs::remove_dir_all(&template).ok();
    let mut initdb = as_account(&bin("initdb"));
    initdb.arg("-D").arg(&template).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]);
    if locale == Locale::Icu {
        initdb.args(["--locale-provider=icu", "--icu-locale=en-US"]);
    }
    succeed(&mut initdb);
    succeed(as_account("touch").arg(template.join("ready")));
    template
}

/// A command that runs as an account PostgreSQL accepts, and that ends with the thread that started it.
fn as_account(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]);
    if is_root() {
        command.args([format!("--reuid={ACCOUNT}"), format!("--regid={ACCOUNT}"), "--clear-groups".to_owned()]);
    }
    command.arg(program).current_dir("/").stdin(Stdio::null());
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("the command id");
    id.stdout.starts_with(b"0\n")
}

fn succeed(command: &mut Command) {
    let output = command.output().expect("the command runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn open_to_all(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).expect("permissions");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}

/// A program of the newest installed PostgreSQL.
fn bin(name: &str) -> String {
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin").join(name)))
        })
        .filter(|(_, program)| program.exists())
        .collect();
    versions.sort();
    versions.pop().map_or_else(|| name.to_owned(), |(_, program)| program.to_string_lossy().into_owned())
}
