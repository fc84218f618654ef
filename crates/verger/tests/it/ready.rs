//! The ready line, and what a restart keeps.

use crate::verger::{Running, command, get, printed};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn the_ready_line_has_its_keys() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::dev(dir.path(), &[]);
    let keys: Vec<_> = server.ready.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(
        keys,
        ["backend_api_url", "env", "event", "frontend_api_url", "inbox_url", "publishable_key", "secret_key"]
    );
    assert_eq!(server.text("event"), "ready");
    let fapi = format!("http://localhost:{}", server.port("frontend_api_url"));
    let env = |name: &str| server.ready["env"][name].as_str().unwrap_or_default().to_owned();
    for (name, value) in [
        ("NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY", server.text("publishable_key").to_owned()),
        ("CLERK_SECRET_KEY", server.text("secret_key").to_owned()),
        ("CLERK_API_URL", format!("http://localhost:{}", server.port("backend_api_url"))),
        ("NEXT_PUBLIC_CLERK_PROXY_URL", fapi.clone()),
        ("NEXT_PUBLIC_CLERK_JS_URL", format!("{fapi}/npm/@clerk/clerk-js@6/dist/clerk.browser.js")),
        ("NEXT_PUBLIC_CLERK_UI_URL", format!("{fapi}/npm/@clerk/ui@1/dist/ui.browser.js")),
        ("NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED", "1".into()),
        ("CLERK_TELEMETRY_DISABLED", "1".into()),
        ("NEXT_PUBLIC_CLERK_SIGN_IN_URL", "/sign-in".into()),
        ("NEXT_PUBLIC_CLERK_SIGN_UP_URL", "/sign-up".into()),
    ] {
        assert_eq!(env(name), value, "{name}");
    }
    assert_eq!(server.ready["env"].as_object().unwrap().len(), 10);
    assert_eq!(server.text("inbox_url"), format!("{fapi}/inbox"));
    assert!(server.stop());
}

#[test]
fn the_ready_line_is_all_of_stdout_and_logs_go_to_stderr() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().to_str().unwrap();
    let mut command = command(&["dev", "--port", "0", "--json", "--log", "trace", "--data-dir", data]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Logs would fill their pipe while nobody reads it.
    let mut stderr = child.stderr.take().unwrap();
    let logs = std::thread::spawn(move || {
        let mut text = String::new();
        stderr.read_to_string(&mut text).unwrap();
        text
    });
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let ready: serde_json::Value = serde_json::from_str(&line).unwrap();
    let port = ready["frontend_api_url"].as_str().unwrap().rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(get(("127.0.0.1", port), &format!("localhost:{port}"), "/v1/health", "").0, 200);

    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    assert!(child.wait().unwrap().success());
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
    assert!(!logs.join().unwrap().is_empty());
}

#[test]
fn both_doors_answer_on_both_loopbacks() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::dev(dir.path(), &[]);
    let (front, back) = (server.port("frontend_api_url"), server.port("backend_api_url"));
    let authorization = format!("Authorization: Bearer {}\r\n", server.text("secret_key"));
    for address in ["127.0.0.1", "::1"] {
        if address == "::1" && std::net::TcpListener::bind((address, 0)).is_err() {
            continue;
        }
        let host = format!("localhost:{front}");
        assert_eq!(get((address, front), &host, "/.well-known/jwks.json", "").0, 200, "{address}");
        assert_eq!(get((address, front), &host, "/inbox", "").0, 200, "{address}");
        assert_eq!(get((address, back), &format!("localhost:{back}"), "/v1/users", &authorization), (200, "[]".into()));
        assert_eq!(get((address, front), "evil.test", "/inbox/messages", "").0, 400, "{address}");
    }
}

#[test]
fn a_restart_keeps_keys_and_instances() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let first = Running::dev(&data, &[]);
    let port = first.port("frontend_api_url");
    let key = first.text("secret_key").to_owned();
    let jwks = get(("127.0.0.1", port), &format!("localhost:{port}"), "/.well-known/jwks.json", "").1;
    assert!(first.stop());

    let again = Running::dev(&data, &[]);
    let port = again.port("frontend_api_url");
    assert_eq!(again.text("secret_key"), key);
    assert_eq!(get(("127.0.0.1", port), &format!("localhost:{port}"), "/.well-known/jwks.json", "").1, jwks);
}

#[test]
fn a_data_directory_is_private() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("a").join("data");
    let _server = Running::dev(&data, &[]);
    assert_eq!(mode(&data), 0o700);
    for name in ["master.key", "control.sock", "verger.db", "lock"] {
        assert_eq!(mode(&data.join(name)), 0o600, "{name}");
    }
    assert_eq!(fs::read_to_string(data.join(".gitignore")).unwrap(), "*\n");
}

#[test]
fn no_secret_key_is_readable_at_rest() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::dev(dir.path(), &[]);
    let live =
        printed(&["keys", "create", "--instance", "my-application-live", "--data-dir", dir.path().to_str().unwrap()]);
    let keys = [server.text("secret_key"), live.trim()];
    let files: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let bytes: Vec<_> = files.iter().filter(|path| path.is_file()).map(|path| fs::read(path).unwrap()).collect();
    let shows = |text: &str| bytes.iter().any(|file| file.windows(text.len()).any(|part| part == text.as_bytes()));
    assert!(shows(server.text("publishable_key")) || shows("My application"), "the search finds what lies open");
    for key in keys {
        assert!(key.starts_with("sk_") && !shows(key));
    }
}

#[test]
fn people_are_told_where_to_look() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = command(&["dev", "--port", "0", "--data-dir", dir.path().to_str().unwrap()]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut told = String::new();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    while !told.contains("NEXT_PUBLIC_CLERK_SIGN_UP_URL=/sign-up") {
        told += &lines.next().unwrap().unwrap();
        told.push('\n');
    }
    child.kill().unwrap();
    child.wait().unwrap();
    for part in ["/sign-in", "/inbox", "NEXT_PUBLIC_CLERK_TELEMETRY_DISABLED=1", "CLERK_SECRET_KEY=sk_test_", "Ctrl-C"]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[test]
fn the_version_says_whose_it_is_not() {
    let said = printed(&["--version"]);
    assert!(said.starts_with("verger ") && said.contains("not affiliated with Clerk, Inc."), "{said}");
}
