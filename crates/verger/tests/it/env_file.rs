//! `--write-env`.

use crate::verger::{Running, run};
use std::fs;
use std::os::unix::fs::PermissionsExt;

#[test]
fn variables_are_set_and_other_lines_stay() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(".env.local");
    fs::write(&file, "DATABASE_URL=x\nCLERK_SECRET_KEY=sk_test_old\n# end\n").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let server = Running::dev(&dir.path().join("data"), &["--write-env", file.to_str().unwrap()]);
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<_> = text.lines().collect();
    assert_eq!(lines[..3], ["DATABASE_URL=x", &format!("CLERK_SECRET_KEY={}", server.text("secret_key")), "# end"]);
    for (name, value) in server.ready["env"].as_object().unwrap() {
        let line = format!("{name}={}", value.as_str().unwrap());
        assert_eq!(lines.iter().filter(|known| **known == line).count(), 1, "{line}");
    }
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn production_keys_are_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(".env");
    let data = dir.path().join("data");
    for line in ["CLERK_SECRET_KEY=sk_live_x", "export NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=\"pk_live_x\""] {
        fs::write(&file, line).unwrap();
        let args = ["dev", "--port", "0", "--data-dir", data.to_str().unwrap(), "--write-env", file.to_str().unwrap()];
        let output = run(&args);
        assert_eq!(output.status.code(), Some(2), "{line}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("production key"), "{line}");
        assert_eq!(fs::read_to_string(&file).unwrap(), line);
        assert!(!data.exists());
    }
}
