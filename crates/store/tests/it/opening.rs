//! Opening a database: what is refused, and that refusing changes nothing.

use std::os::unix::fs::PermissionsExt;

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use tempfile::TempDir;
use verger_store::{OpenError, Store, StoreError};
use verger_testkit::postgres::{Database, Locale};
use verger_testkit::tls::Authority;

use crate::world::{Kind, World, client, session, user};

const FROM_THE_FUTURE: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                               VALUES (9999, 'later', true, '', 0)";
const ALTERED: &str = "UPDATE _sqlx_migrations SET description = 'core', checksum = '' WHERE version = 1";

async fn on_file(path: &std::path::Path) -> SqliteConnection {
    SqliteConnection::connect(&format!("sqlite://{}", path.display())).await.unwrap()
}

#[tokio::test]
async fn a_newer_schema_is_refused_on_a_file() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("verger.db");
    Store::sqlite(&path).await.unwrap().close().await;
    let mut raw = on_file(&path).await;
    raw.execute(FROM_THE_FUTURE).await.unwrap();
    raw.close().await.unwrap();
    let refused = Store::sqlite(&path).await.map(drop).unwrap_err();
    assert!(matches!(refused, OpenError::NewerSchema { found: 9999, .. }), "{refused}");
    assert_eq!(refused.to_string().lines().count(), 1);
}

#[tokio::test]
async fn a_newer_schema_is_refused_on_postgresql() {
    let database = Database::fresh(Locale::C);
    let mut raw = PgConnection::connect(database.url()).await.unwrap();
    raw.execute(FROM_THE_FUTURE).await.unwrap();
    let refused = Store::postgres(database.url()).await.map(drop).unwrap_err();
    assert!(matches!(refused, OpenError::NewerSchema { found: 9999, .. }), "{refused}");
    // The lock of the migrations was let go.
    raw.execute("DELETE FROM _sqlx_migrations WHERE version = 9999").await.unwrap();
    Store::postgres(database.url()).await.unwrap();
}

#[tokio::test]
async fn a_server_that_insists_on_tls_is_reached() {
    let database = Database::fresh(Locale::C);
    Store::postgres(&database.tls_url("require")).await.unwrap().ping().await.unwrap();
    let verified = format!("{}&sslrootcert={}", database.tls_url("verify-full"), database.authority().display());
    Store::postgres(&verified).await.unwrap().ping().await.unwrap();
    let refused = Store::postgres(&database.tls_url("disable")).await.map(drop).unwrap_err();
    assert!(matches!(refused, OpenError::Unreachable(_)), "{refused}");
}

#[tokio::test]
async fn a_server_that_nobody_trusted_vouches_for_is_refused() {
    let database = Database::fresh(Locale::C);
    let home = TempDir::new().unwrap();
    let stranger = home.path().join("stranger.pem");
    std::fs::write(&stranger, Authority::new().pem()).unwrap();
    let told = format!("{}&sslrootcert={}", database.tls_url("verify-full"), stranger.display());
    for url in [told, database.tls_url("verify-full")] {
        let refused = Store::postgres(&url).await.map(drop).unwrap_err();
        assert!(matches!(refused, OpenError::Unreachable(_)), "{refused}");
        assert!(refused.to_string().contains("certificate"), "{refused}");
        assert_eq!(refused.to_string().lines().count(), 1);
    }
}

#[tokio::test]
async fn an_altered_migration_is_refused() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("verger.db");
    Store::sqlite(&path).await.unwrap().close().await;
    let mut raw = on_file(&path).await;
    raw.execute(ALTERED).await.unwrap();
    raw.close().await.unwrap();
    let refused = Store::sqlite(&path).await.map(drop).unwrap_err();
    assert!(matches!(refused, OpenError::AlteredSchema(1)), "{refused}");
}

#[tokio::test]
async fn several_processes_may_start_on_one_empty_database() {
    let database = Database::fresh(Locale::C);
    let mut raw = PgConnection::connect(database.url()).await.unwrap();
    raw.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
    let starts = (0..4).map(|_| {
        let url = database.url().to_owned();
        tokio::spawn(async move { Store::postgres(&url).await.map(drop) })
    });
    for start in starts.collect::<Vec<_>>() {
        start.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_file_that_another_process_writes_to_is_locked_then_busy() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("verger.db");
    let store = Store::sqlite(&path).await.unwrap();
    let mut other = on_file(&path).await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    // Everybody who waits is told at once, not each after a second of their own.
    let (one, two) = tokio::join!(store.write(), store.write());
    for outcome in [one.map(drop), two.map(drop)] {
        assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    }
    other.execute("ROLLBACK").await.unwrap();
    store.write().await.unwrap().commit().await.unwrap();

    let fresh = home.path().join("other.db");
    let mut other = on_file_new(&fresh).await;
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    let refused = Store::sqlite(&fresh).await.map(drop).unwrap_err();
    assert!(matches!(refused, OpenError::Locked(_)), "{refused}");
}

async fn on_file_new(path: &std::path::Path) -> SqliteConnection {
    std::fs::write(path, "").unwrap();
    on_file(path).await
}

#[tokio::test]
async fn a_file_is_readable_by_its_owner_alone() {
    let world = World::new(Kind::File).await;
    let home = world.home.as_ref().unwrap().path();
    for entry in std::fs::read_dir(home).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o077, 0, "{:?}", entry.file_name());
    }
    let nowhere = Store::sqlite(&home.join("missing/verger.db")).await.map(drop).unwrap_err();
    assert!(matches!(nowhere, OpenError::File { .. }), "{nowhere}");
    std::fs::write(home.join("text.db"), "no database ".repeat(100)).unwrap();
    let foreign = Store::sqlite(&home.join("text.db")).await.map(drop).unwrap_err();
    assert!(matches!(foreign, OpenError::File { .. }), "{foreign}");
}

#[tokio::test]
async fn databases_in_memory_are_strangers() {
    let (one, two) = (World::new(Kind::Memory).await, World::new(Kind::Memory).await);
    let mut tx = one.store.write().await.unwrap();
    tx.users().insert(&one.a, &user("user_1")).await.unwrap();
    tx.commit().await.unwrap();
    assert!(two.store.read().await.unwrap().users().get(&two.a, &user("user_1").id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_reader_does_not_see_what_is_not_committed() {
    // In memory readers wait for the writer instead: such a database has no log beside it.
    for kind in [Kind::File, Kind::PostgresC] {
        let world = World::new(kind).await;
        let jane = user("user_1");
        let mut tx = world.store.write().await.unwrap();
        tx.users().insert(&world.a, &jane).await.unwrap();
        let mut reader = world.store.read().await.unwrap();
        assert!(reader.users().get(&world.a, &jane.id).await.unwrap().is_none());
        tx.commit().await.unwrap();
        assert!(reader.users().get(&world.a, &jane.id).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn a_row_that_the_model_does_not_know_is_corrupt() {
    let world = World::new(Kind::File).await;
    let jane = user("user_1");
    let kept = session("sess_1", &client("client_1"), &jane);
    let mut tx = world.store.write().await.unwrap();
    tx.users().insert(&world.a, &jane).await.unwrap();
    tx.sessions().insert(&world.a, &kept).await.unwrap();
    tx.commit().await.unwrap();
    let mut raw = on_file(&world.home.as_ref().unwrap().path().join("verger.db")).await;
    raw.execute("UPDATE sessions SET status = 'asleep'; UPDATE users SET public_metadata = '['").await.unwrap();
    let mut reader = world.store.read().await.unwrap();
    let found = reader.sessions().get(&world.a, &kept.id).await;
    assert!(matches!(&found, Err(StoreError::Corrupt { table: "sessions", id, .. }) if id == "sess_1"), "{found:?}");
    let found = reader.users().get(&world.a, &jane.id).await;
    assert!(matches!(&found, Err(StoreError::Corrupt { table: "users", id, .. }) if id == "user_1"), "{found:?}");
    // The reader itself is sound.
    assert!(reader.clients().get(&world.a, &client("client_1").id).await.unwrap().is_none());
    world.store.ping().await.unwrap();
}
