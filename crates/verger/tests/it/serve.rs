//! `verger serve` on an SQLite file.

use crate::verger::{Running, command, free_port, get, printed, run};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

struct Site {
    directory: tempfile::TempDir,
    port: u16,
}

impl Site {
    fn new(more: &str) -> Self {
        let site = Self { directory: tempfile::tempdir().unwrap(), port: free_port() };
        fs::write(site.path("key"), format!("{}\n", "5a".repeat(32))).unwrap();
        let config = format!(
            "database = \"verger.db\"\nmaster_key_file = \"key\"\nlisten = \"127.0.0.1:{}\"\n{more}",
            site.port
        );
        fs::write(site.config(), config).unwrap();
        site
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn config(&self) -> PathBuf {
        self.path("verger.toml")
    }

    fn start(&self) -> Running {
        Running::start(&mut command(&[Path::new("serve"), Path::new("--json"), Path::new("--config"), &self.config()]))
    }

    fn args(&self, args: &[&str]) -> Vec<String> {
        let own = ["--config".to_owned(), self.config().to_str().unwrap().to_owned()];
        args.iter().map(|arg| (*arg).to_owned()).chain(own).collect()
    }

    fn get(&self, host: &str, path: &str, headers: &str) -> (u16, String) {
        get(("127.0.0.1", self.port), host, path, headers)
    }
}

#[test]
fn one_listener_serves_every_door_by_its_host_name() {
    let site = Site::new("public_url = \"https://auth.example.com\"\n");
    let server = site.start();
    let created = printed(&site.args(&["apps", "create", "Shop", "--domain", "shop.example", "--json"]));
    let created: Value = serde_json::from_str(&created).unwrap();
    let key = created["production"]["secret_key"].as_str().unwrap();
    let authorization = format!("Authorization: Bearer {key}\r\n");
    assert_eq!(site.get("clerk.shop.example", "/v1/environment", "").0, 200);
    assert_eq!(site.get("accounts.shop.example", "/sign-in", "").0, 200);
    assert_eq!(site.get("api.shop.example", "/v1/users", &authorization), (200, "[]".into()));
    assert_eq!(site.get("clerk.other.example", "/v1/environment", "").0, 400);
    assert_eq!(site.get("localhost", "/v1/environment", "").0, 400);
    assert_eq!(site.get("auth.example.com", "/i/shop/sign-in", "").0, 200);
    assert_eq!(created["frontend_api_url"], "https://auth.example.com/i/shop");
    assert!(server.stop());
}

#[test]
fn a_proxy_is_believed_where_the_configuration_trusts_it() {
    let forwarded = |trusted: &str| {
        let site = Site::new(&format!("public_url = \"https://auth.example.com\"\ntrusted_proxies = [{trusted}]\n"));
        let _server = site.start();
        site.get("internal.test", "/v1/environment", "X-Forwarded-Host: auth.example.com\r\n").0
    };
    assert_eq!(forwarded("\"127.0.0.0/8\""), 200);
    assert_eq!(forwarded("\"10.0.0.0/8\""), 400);
}

#[test]
fn a_public_server_keeps_mails_to_itself_unless_told() {
    let site = Site::new("public_url = \"https://auth.example.com\"\n");
    let server = site.start();
    assert_eq!(site.get("auth.example.com", "/inbox/messages", "").0, 404);
    drop(server);
    let site = Site::new("public_url = \"https://auth.example.com\"\ndevelopment_inbox = true\n");
    let _server = site.start();
    assert_eq!(site.get("auth.example.com", "/inbox/messages", "").0, 200);
}

#[test]
fn the_environment_wins_over_the_file() {
    let site = Site::new("public_url = \"https://auth.example.com\"\n");
    let mut command = command(&[Path::new("serve"), Path::new("--json"), Path::new("--config"), &site.config()]);
    let server = Running::start(
        command.env("VERGER__PUBLIC_URL", "https://other.example.com").env("VERGER__DOMAIN_PORT", "8443"),
    );
    assert_eq!(server.text("frontend_api_url"), "https://other.example.com");
}

#[test]
fn only_one_process_owns_the_file() {
    let site = Site::new("");
    let _server = site.start();
    let output = run(&site.args(&["serve"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("PostgreSQL"));
}

#[test]
fn a_production_key_is_shown_once() {
    let site = Site::new("");
    let server = site.start();
    let key = printed(&site.args(&["keys", "create", "--instance", "my-application-live"]));
    assert!(key.starts_with("sk_live_"), "{key}");
    assert!(server.stop());
    let block = printed(&site.args(&["env", "--framework", "nextjs", "--instance", "my-application-live"]));
    assert!(block.contains("pk_live_") && !block.contains("sk_live_"), "{block}");
}
