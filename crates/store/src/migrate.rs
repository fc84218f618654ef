//! Brings a database up to the schema that this program knows. Two folders with the same file names, forward-only, never edited
//! after a release; a database that is ahead is refused untouched.

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{PgConnection, SqliteConnection};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// The newest version that this program knows.
pub(crate) fn known_version() -> i64 {
    SQLITE.iter().map(|migration| migration.version).max().unwrap_or_default()
}

/// Applies what is missing.
pub(crate) async fn sqlite(conn: &mut SqliteConnection) -> Result<(), MigrateError> {
    SQLITE.run_direct(None, conn, false).await
}

/// Applies what is missing, under an advisory lock: several processes may start at once.
pub(crate) async fn postgres(conn: &mut PgConnection) -> Result<(), MigrateError> {
    POSTGRES.run_direct(None, conn, false).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_have_the_same_migrations() {
        let names = |migrator: &'static Migrator| {
            migrator.iter().map(|it| (it.version, it.description.clone())).collect::<Vec<_>>()
        };
        assert_eq!(names(&SQLITE), names(&POSTGRES));
        assert!(!names(&SQLITE).is_empty());
    }
}
