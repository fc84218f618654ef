//! Throwaway PostgreSQL databases. One server per locale serves all test processes of a run; it is made from a cluster that is
//! kept in the system's temporary directory, and it ends by itself within a second of the process that runs the tests (nextest, cargo). Each test gets
//! a database of its own: a copy of one that has the schema.

use std::fs::{self, File};
use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use verger_store::Store;

use crate::tls::Authority;

/// The locale of a cluster: how it compares text where a column does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// By bytes.
    C,
    /// English, by ICU.
    Icu,
}

impl Locale {
    const fn name(self) -> &'static str {
        match self {
            Self::C => "c",
            Self::Icu => "icu",
        }
    }
}

/// A database with the schema and nothing in it. Dropping it removes it, whoever is still connected.
#[derive(Debug)]
pub struct Database {
    port: u16,
    name: String,
    url: String,
    authority: PathBuf,
}

/// The account that runs the server when the tests run as root, which PostgreSQL refuses to run as.
const ACCOUNT: &str = "postgres";
/// The database that every other one is a copy of.
const ORIGINAL: &str = "verger_original";
/// The user who is refused without TLS.
const TLS_USER: &str = "tls_only";
/// The first matching line counts.
const TLS_RULES: &str = "hostnossl all tls_only all reject\n";
/// What is kept between runs, in the system's temporary directory.
const NOTEBOOK: &str = "verger-test-postgres";
/// The extension of the note with the server's authority.
const AUTHORITY: &str = "ca.pem";
/// Nothing here outlives the run: what a crash would lose does not matter.
const SETTINGS: &str = "-c fsync=off -c full_page_writes=off -c autovacuum=off \
    -c wal_level=minimal -c max_wal_senders=0 -c shared_buffers=32MB -c max_connections=300 -c ssl=on";
/// Waits for the end of the run (`tail` looks once a second), then ends the server and removes its files and the notes about it.
const WATCHDOG: &str =
    r#"(tail --pid="$1" -f /dev/null; "$2" -D "$3/data" -m immediate stop; rm -rf "$3" "$4".*) >/dev/null 2>&1 &"#;

static COUNT: AtomicU32 = AtomicU32::new(0);

impl Database {
    /// A new database on the server of this run, which is started when it is not there.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start: the test cannot say anything then.
    pub fn fresh(locale: Locale) -> Self {
        let notes = notes(locale);
        let port = server(locale, &notes);
        let name = format!("t_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        succeed(&mut psql(port, &format!("CREATE DATABASE {name} TEMPLATE {ORIGINAL}")));
        Self { port, url: url(port, &name), name, authority: notes.with_added_extension(AUTHORITY) }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its address for a user whom the server takes over TLS alone, with the mode that is asked for: `require`, `verify-full`, ..
    pub fn tls_url(&self, mode: &str) -> String {
        format!("postgres://{TLS_USER}@127.0.0.1:{}/{}?sslmode={mode}", self.port, self.name)
    }

    /// The file with the authority that vouches for the server, as PEM.
    pub fn authority(&self) -> &Path {
        &self.authority
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // What fails here must not hide why the test failed; the server goes with the run anyway.
        psql(self.port, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).output().ok();
    }
}

/// Without TLS, which only costs time where it is not what is tested.
fn url(port: u16, database: &str) -> String {
    format!("postgres://postgres@127.0.0.1:{port}/{database}?sslmode=disable")
}

/// Where the notes about this run's server are, without their extensions.
fn notes(locale: Locale) -> PathBuf {
    // Not under `target`: the account of the server may not be able to reach a checkout in somebody's home.
    let root = std::env::temp_dir().join(NOTEBOOK);
    fs::create_dir_all(&root).expect("a temporary directory");
    open_to_all(&root);
    root.join(format!("{}.{}", locale.name(), std::os::unix::process::parent_id()))
}

/// The port of this run's server.
fn server(locale: Locale, notes: &Path) -> u16 {
    let note = notes.with_added_extension("port");
    let lock = File::create(notes.with_added_extension("lock")).expect("a lock file");
    lock.lock().expect("the lock of the run");
    if let Some(port) = fs::read_to_string(&note).ok().and_then(|text| text.parse().ok()) {
        return port;
    }
    let port = start(&cluster(locale), notes);
    succeed(&mut psql(port, &format!("CREATE DATABASE {ORIGINAL}")));
    succeed(&mut psql(port, &format!("CREATE ROLE {TLS_USER} SUPERUSER LOGIN")));
    lay_out_schema(url(port, ORIGINAL));
    fs::write(&note, port.to_string()).expect("the note is written");
    port
}

/// On a thread of its own: the caller may or may not be inside a runtime.
fn lay_out_schema(url: String) {
    let work = async move {
        let store = Store::postgres(&url).await.expect("the schema is laid out");
        store.close().await;
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    std::thread::spawn(move || runtime.block_on(work)).join().expect("the schema is laid out");
}

/// Starts a server on a copy of the cluster, and beside it what ends it with the run.
fn start(cluster: &Path, notes: &Path) -> u16 {
    let run = std::os::unix::process::parent_id();
    let home = succeed(as_account("mktemp").args(["-d", "-t", "verger-postgres.XXXXXX"]));
    let home = PathBuf::from(home.trim());
    let mut watchdog = as_account("sh");
    watchdog.args(["-c", WATCHDOG, "watchdog", &run.to_string(), &bin("pg_ctl")]).arg(&home).arg(notes);
    // In a group of its own: Ctrl-C must not reach it before the run has ended.
    succeed(watchdog.process_group(0));
    let data = home.join("data");
    succeed(as_account("cp").arg("-r").arg(cluster).arg(&data));
    prepare_tls(&data, notes);
    let port = free_port();
    let options = format!("-p {port} -h 127.0.0.1 -k {} {SETTINGS}", home.display());
    let mut start = as_account(&bin("pg_ctl"));
    start.arg("-D").arg(&data).args(["-w", "-s", "-o", &options]).arg("-l").arg(home.join("log")).arg("start");
    succeed(&mut start);
    port
}

/// Gives the server a certificate, notes who vouches for it, and refuses one user without TLS.
fn prepare_tls(data: &Path, notes: &Path) {
    let authority = Authority::new();
    let identity = authority.issue("127.0.0.1");
    fs::write(notes.with_added_extension(AUTHORITY), authority.pem()).expect("the note is written");
    write_as_account(&data.join("server.crt"), &identity.certificate);
    write_as_account(&data.join("server.key"), &identity.key);
    let rules = data.join("pg_hba.conf");
    let given = succeed(as_account("cat").arg(&rules));
    write_as_account(&rules, &format!("{TLS_RULES}{given}"));
}

/// The cluster that servers are copied from, made once.
fn cluster(locale: Locale) -> PathBuf {
    let root = std::env::temp_dir().join(NOTEBOOK);
    let lock = File::create(root.join(format!("{}.lock", locale.name()))).expect("a lock file");
    lock.lock().expect("the lock of the cluster");
    let cluster = root.join(locale.name());
    if cluster.join("ready").exists() {
        return cluster;
    }
    fs::remove_dir_all(&cluster).ok();
    let mut initdb = as_account(&bin("initdb"));
    initdb.arg("-D").arg(&cluster).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]);
    if locale == Locale::Icu {
        initdb.args(["--locale-provider=icu", "--icu-locale=en-US"]);
    }
    succeed(&mut initdb);
    succeed(as_account("touch").arg(cluster.join("ready")));
    cluster
}

fn psql(port: u16, sql: &str) -> Command {
    let mut command = Command::new(bin("psql"));
    command.args(["-X", "-q", "-h", "127.0.0.1", "-U", "postgres", "-p", &port.to_string(), "-c", sql, "postgres"]);
    command
}

/// A command that runs as an account PostgreSQL accepts.
fn as_account(program: &str) -> Command {
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args([&format!("--reuid={ACCOUNT}"), &format!("--regid={ACCOUNT}"), "--clear-groups", program]);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/").stdin(Stdio::null());
    command
}

/// A file that the server's account owns and nobody else reads.
fn write_as_account(path: &Path, text: &str) {
    let mut command = as_account("sh");
    command.args(["-c", r#"umask 077; cat >"$1""#, "write"]).arg(path).stdin(Stdio::piped());
    let mut child = command.spawn().expect("the command runs");
    let written = child.stdin.take().expect("its input is a pipe").write_all(text.as_bytes());
    assert!(child.wait().expect("the command ends").success() && written.is_ok(), "{} is not written", path.display());
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("the command id");
    id.stdout.starts_with(b"0\n")
}

fn succeed(command: &mut Command) -> String {
    let output = command.output().expect("the command runs");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
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
