//! PostgreSQL: a small pool of connections that fail fast, at READ COMMITTED.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgPool};

use crate::error::one_line;
use crate::{OpenError, migrate};

const MAX_CONNECTIONS: u32 = 10;
/// A request is better refused than queued behind a database that does not answer.
const ACQUIRE_TIMEOUT: Duration = Duration::from_millis(500);
const IDLE_TIMEOUT: Duration = Duration::from_secs(120);
/// A connection that lay idle longer is asked for a sign of life before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(2);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const STATEMENT_CACHE: usize = 64;

/// Connects, brings the schema up to date, and gives the pool.
pub(crate) async fn open(url: &str) -> Result<PgPool, OpenError> {
    // The parser below takes the address of any other database for one of PostgreSQL's.
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        return Err(OpenError::BadUrl("another scheme than postgres".to_owned()));
    }
    let options = PgConnectOptions::from_str(url).map_err(|error| OpenError::BadUrl(one_line(&error)))?;
    let options = options.statement_cache_capacity(STATEMENT_CACHE).disable_statement_logging();
    bring_up_to_date(&options).await?;
    let options = options.application_name("verger").options([
        ("statement_timeout", "5s"),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "30s"),
        ("default_transaction_isolation", "read committed"),
    ]);
    let pool = PgPoolOptions::new()
        .max_connections(MAX_CONNECTIONS)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(IDLE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|conn, meta| {
            Box::pin(async move { Ok(meta.idle_for < TRUSTED_IDLE || conn.ping().await.is_ok()) })
        });
    Ok(pool.connect_lazy_with(options))
}

async fn bring_up_to_date(options: &PgConnectOptions) -> Result<(), OpenError> {
    let connecting = tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await;
    let mut conn = match connecting {
        Err(_) => return Err(OpenError::Unreachable("no answer within 5 seconds".into())),
        Ok(Err(error)) => return Err(OpenError::Unreachable(one_line(&error))),
        Ok(Ok(conn)) => conn,
    };
    let outcome = migrate::postgres(&mut conn).await;
    // Closing also lets go of the advisory lock, which a refused migration leaves behind.
    conn.close().await.ok();
    outcome.map_err(|error| OpenError::from_migration(&error, migrate::known_version()))
}
