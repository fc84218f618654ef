//! SQLite: one connection that writes (see [`super::writer`]) and a few that read beside it (see [`super::readers`]).

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

use super::readers::Readers;
use super::writer::Writer;
use crate::error::{is_locked, one_line};
use crate::{OpenError, migrate};

/// How long a statement waits for a lock that another process holds (a backup tool, a shell).
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);
/// How long a read waits for a connection.
const READ_PATIENCE: Duration = Duration::from_secs(2);
/// Few, since each is a thread with a page cache and prepared statements for as long as the server lives.
const MAX_READERS: usize = 4;
/// Page caches in KiB (SQLite takes them as negative numbers); the system caches the file anyway.
const WRITER_CACHE: &str = "-1024";
const READER_CACHE: &str = "-512";
const WRITER_STATEMENTS: usize = 100;
const READER_STATEMENTS: usize = 50;

static MEMORY_COUNT: AtomicU64 = AtomicU64::new(0);

/// An open SQLite database.
#[derive(Debug)]
pub(crate) struct SqliteStore {
    pub(crate) readers: Readers,
    pub(crate) writer: Writer,
}

impl SqliteStore {
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        // The last connection to close moves the log into the database.
        self.writer.close().await;
    }
}

/// Opens a file.
pub(crate) async fn open_file(path: &Path) -> Result<SqliteStore, OpenError> {
    create_private(path)?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", "16777216");
    open(options, path).await
}

/// Opens a database of its own in memory, that several connections share with the locks of a file.
pub(crate) async fn open_memory() -> Result<SqliteStore, OpenError> {
    let name = format!("/verger-{}", MEMORY_COUNT.fetch_add(1, Ordering::Relaxed));
    let options = SqliteConnectOptions::new().filename(&name).vfs("memdb");
    open(options, Path::new(&name)).await
}

async fn open(options: SqliteConnectOptions, path: &Path) -> Result<SqliteStore, OpenError> {
    let options = options.foreign_keys(true).busy_timeout(BUSY_TIMEOUT).disable_statement_logging();
    let writer = options.clone().create_if_missing(true).pragma("cache_size", WRITER_CACHE);
    let connecting = writer.statement_cache_capacity(WRITER_STATEMENTS).connect().await;
    let mut conn = connecting.map_err(|error| open_error(&error, path))?;
    if let Err(error) = migrate::sqlite(&mut conn).await {
        return Err(migration_error(&error, path));
    }
    let readers = options
        .pragma("cache_size", READER_CACHE)
        .pragma("query_only", "ON")
        .statement_cache_capacity(READER_STATEMENTS)
        .create_if_missing(false);
    Ok(SqliteStore { readers: Readers::new(readers, reader_count(), READ_PATIENCE), writer: Writer::start(conn) })
}

fn reader_count() -> u32 {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    u32::try_from(cores.clamp(2, MAX_READERS)).unwrap_or(2)
}

/// Creates the file for its owner alone; SQLite gives its log the same mode.
fn create_private(path: &Path) -> Result<(), OpenError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let why = |error: std::io::Error| OpenError::File { path: path.to_owned(), why: one_line(&error) };
    options.open(path).map(|_| ()).map_err(why)
}

fn open_error(error: &sqlx::Error, path: &Path) -> OpenError {
    if is_locked(error) {
        return OpenError::Locked(path.to_owned());
    }
    OpenError::File { path: path.to_owned(), why: one_line(error) }
}

fn migration_error(error: &sqlx::migrate::MigrateError, path: &Path) -> OpenError {
    use sqlx::migrate::MigrateError::{Execute, ExecuteMigration};
    match error {
        Execute(cause) | ExecuteMigration(cause, _) => open_error(cause, path),
        _ => OpenError::from_migration(error, migrate::known_version()),
    }
}
