//! Starts that are refused: one line that says what to do, exit code 2, nothing changed.

use crate::verger::{Running, command, run};
use sqlx::{ConnectOptions, Connection};
use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Output;
use verger_testkit::postgres::{Database, Locale};
use verger_testkit::tls::Authority;

const KEY: &str = "master_key = \"dmVyZ2VyIHZlcmdlciB2ZXJnZXIgdmVyZ2VyIHZlcmc=\"\n";

#[track_caller]
fn assert_refused(output: &Output, said: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.starts_with("verger: ") && stderr.contains(said), "{said:?} in {stderr}");
    assert!(output.stdout.is_empty());
}

/// Every file below a directory with its length and a sum over its bytes. SQLite's index of its log and a log without entries
/// say nothing.
fn files(directory: &Path) -> BTreeMap<PathBuf, (usize, u64)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap().flatten() {
        let path = entry.path();
        let name = path.to_string_lossy().into_owned();
        if name.ends_with("-shm") || (name.ends_with("-wal") && entry.metadata().unwrap().len() == 0) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            found.insert(path.clone(), (0, 0));
            found.extend(files(&path));
        } else if entry.file_type().unwrap().is_file() {
            let bytes = fs::read(&path).unwrap();
            let mut sum = DefaultHasher::new();
            bytes.hash(&mut sum);
            found.insert(path.clone(), (bytes.len(), sum.finish()));
        }
    }
    found
}

fn dev(data: &Path, more: &[&str]) -> Output {
    run(&[&["dev", "--port", "0", "--data-dir", data.to_str().unwrap()], more].concat())
}

/// A data directory that was used and is at rest.
fn used(data: &Path) {
    assert!(Running::dev(data, &[]).stop());
}

#[test]
fn a_port_in_use() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let data_dir = data.to_str().unwrap();
    assert_refused(&run(&["dev", "--port", &port, "--backend-port", "0", "--data-dir", data_dir]), "--port");
    assert_refused(&run(&["dev", "--port", "0", "--backend-port", &port, "--data-dir", data_dir]), "--backend-port");
    assert!(!data.exists());
}

#[test]
fn a_locked_data_directory() {
    let dir = tempfile::tempdir().unwrap();
    let _server = Running::dev(dir.path(), &[]);
    assert_refused(&dev(dir.path(), &[]), "in use by another verger process");
}

#[test]
fn a_directory_of_somebody_else() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("thesis.txt"), "mine").unwrap();
    let before = files(dir.path());
    assert_refused(&dev(dir.path(), &[]), "choose another --data-dir");
    assert_eq!(files(dir.path()), before);
}

#[test]
fn a_missing_master_key() {
    let dir = tempfile::tempdir().unwrap();
    used(dir.path());
    fs::remove_file(dir.path().join("master.key")).unwrap();
    let before = files(dir.path());
    assert_refused(&dev(dir.path(), &[]), "master.key is missing");
    assert_eq!(files(dir.path()), before);
}

#[test]
fn a_wrong_master_key() {
    let dir = tempfile::tempdir().unwrap();
    used(dir.path());
    fs::write(dir.path().join("master.key"), "ab".repeat(32)).unwrap();
    assert_refused(&dev(dir.path(), &[]), "another master key");
    fs::write(dir.path().join("master.key"), "nonsense").unwrap();
    assert_refused(&dev(dir.path(), &[]), "32 bytes");
}

#[tokio::test]
async fn data_of_a_newer_version() {
    let dir = tempfile::tempdir().unwrap();
    used(dir.path());
    let path = dir.path().join("verger.db");
    let mut conn = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (999999, 'from the future', TRUE, x'00', 0)";
    sqlx::query(newer).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    let before = files(dir.path());
    assert_refused(&dev(dir.path(), &[]), "newer");
    assert_eq!(files(dir.path()), before);
}

#[test]
fn no_data_to_administer() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let output = run(&["apps", "list", "--data-dir", data.to_str().unwrap()]);
    assert_refused(&output, "run verger dev first");
    assert!(!data.exists());
}

#[test]
fn a_configuration_that_cannot_be_used() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let listen = format!("{KEY}database = \"verger.db\"\nlisten = \"{}\"\n", taken.local_addr().unwrap());
    let with = |more: &str| format!("{KEY}database = \"verger.db\"\nlisten = \"127.0.0.1:0\"\n{more}");
    for (config, said) in [
        (with("telepathy = true\n"), "telepathy"),
        (with("[smtp]\nhost = \"x\"\nfrom = \"a@b.test\"\nfrmo = 1\n"), "frmo"),
        (with("[smtp]\nhost = \"x\"\nfrom = \"nobody\"\n"), "nobody"),
        (with("[sms]\nprovider = \"pigeon\"\n"), "pigeon"),
        (with("[sms]\nprovider = \"twilio\"\nfrom = \"+15550006789\"\ntoken = \"t\"\n"), "account_sid"),
        (with("[sms]\nprovider = \"webhook\"\n"), "url"),
        (with("[sms]\nprovider = \"webhook\"\nurl = \"ftp://x.test/\"\n"), "http"),
        (with("[smtp]\nhost = \"x\"\nfrom = \"a@b.test\"\nusername = \"u\"\n"), "username and password"),
        (with("[smtp]\nhost = \"x\"\nfrom = \"a@b.test\"\nca_file = \"absent.pem\"\n"), "absent.pem"),
        (with("[smtp]\nhost = \"x\"\nfrom = \"a@b.test\"\nca_file = \"verger.toml\"\n"), "certificate"),
        (with("[smtp]\nhost = \"x\"\nfrom = \"a@b.test\"\ntls = \"none\"\nca_file = \"verger.toml\"\n"), "ca_file"),
        (with("trusted_proxies = [\"10.0.0.0/40\"]\n"), "trusted_proxies"),
        (with("public_url = \"https://auth.example.com/\"\n"), "public_url"),
        (with("domain_port = 70000\n"), "domain_port"),
        (with("log = \"verger=loud\"\n"), "log"),
        (with("master_key_file = \"key\"\n"), "not both"),
        ("database = \"verger.db\"\n".to_owned(), "VERGER__MASTER_KEY"),
        ("database = \"verger.db\"\nmaster_key_file = \"absent\"\n".to_owned(), "absent"),
        ("database = \"verger.db\"\nmaster_key = \"short\"\n".to_owned(), "32 bytes"),
        (KEY.to_owned(), "database"),
        (format!("{KEY}database = \"mysql://x\"\n"), "postgres://"),
        (format!("{KEY}database = \"nowhere/verger.db\"\n"), "nowhere"),
        (
            format!("{KEY}listen = \"127.0.0.1:0\"\ndatabase = \"postgres://127.0.0.1:1/x\"\n"),
            "cannot reach the database",
        ),
        (listen, "in use"),
        ("this is no TOML".to_owned(), "configuration"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("verger.toml");
        fs::write(&file, &config).unwrap();
        let output = run(&["serve", "--config", file.to_str().unwrap()]);
        assert_refused(&output, said);
        let names: Vec<_> = files(dir.path()).into_keys().filter(|path| !path.ends_with("lock")).collect();
        assert_eq!(names, [file], "{config}");
    }
}

#[test]
fn a_database_server_that_nobody_trusted_vouches_for() {
    let database = Database::fresh(Locale::C);
    let dir = tempfile::tempdir().unwrap();
    let (file, stranger) = (dir.path().join("verger.toml"), dir.path().join("stranger.pem"));
    fs::write(&stranger, Authority::new().pem()).unwrap();
    let config = |authority: &Path| {
        let url = format!("{}&sslrootcert={}", database.tls_url("verify-full"), authority.display());
        format!("{KEY}listen = \"127.0.0.1:0\"\ndatabase = \"{url}\"\n")
    };
    fs::write(&file, config(&stranger)).unwrap();
    assert_refused(&run(&["serve", "--config", file.to_str().unwrap()]), "certificate");
    fs::write(&file, config(database.authority())).unwrap();
    assert!(Running::start(&mut command(&["serve", "--json", "--config", file.to_str().unwrap()])).stop());
}

#[test]
fn an_environment_with_an_unknown_key() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("verger.toml");
    fs::write(&file, format!("{KEY}database = \"verger.db\"\n")).unwrap();
    let args = ["serve", "--config", file.to_str().unwrap()];
    assert_refused(&command(&args).env("VERGER__SMTP__PASWORD", "x").output().unwrap(), "pasword");
    assert_refused(&command(&args).env("VERGER__TELEPATHY", "1").output().unwrap(), "telepathy");
}

#[test]
fn a_configuration_that_is_not_there() {
    assert_refused(&run(&["serve", "--config", "/nowhere/verger.toml"]), "--config");
}
