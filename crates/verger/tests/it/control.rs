//! Administrative commands, beside a running server and without one.

use crate::verger::{Running, get, printed, run};
use serde_json::Value;
use std::fs;
use std::path::Path;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn at<'a>(data: &'a Path, args: &[&'a str]) -> Vec<&'a str> {
    [args, &["--data-dir", data.to_str().unwrap()]].concat()
}

#[test]
fn an_application_made_beside_the_server_answers_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::dev(dir.path(), &[]);
    let created = json(&printed(&at(dir.path(), &["apps", "create", "Shop", "--json"])));
    let port = server.port("frontend_api_url");
    assert_eq!(created["frontend_api_url"], format!("http://localhost:{port}/i/shop"));
    assert_eq!(created["backend_api_url"], server.ready["backend_api_url"]);
    for key in server.ready.as_object().unwrap().keys() {
        assert!(created.get(key).is_some(), "{key}");
    }
    assert!(created["production"]["secret_key"].as_str().unwrap().starts_with("sk_live_"));
    assert_eq!(get(("127.0.0.1", port), &format!("localhost:{port}"), "/i/shop/v1/environment", "").0, 200);
    let authorization = format!("Authorization: Bearer {}\r\n", created["secret_key"].as_str().unwrap());
    let back = server.port("backend_api_url");
    assert_eq!(get(("127.0.0.1", back), "localhost", "/v1/users", &authorization).0, 200);
}

#[test]
fn commands_are_the_same_with_and_without_a_server() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::dev(dir.path(), &["--backend-port", "0"]);
    printed(&at(dir.path(), &["apps", "create", "Shop", "--domain", "shop.example"]));
    let (front, back) = (server.port("frontend_api_url").to_string(), server.port("backend_api_url").to_string());
    let ports = ["--port", &front, "--backend-port", &back];
    let commands: [&[&str]; 5] = [
        &["apps", "list", "--json"],
        &["env", "--framework", "nextjs"],
        &["env", "--framework", "express", "--instance", "shop"],
        &["keys", "list", "--json", "--instance", "shop-live"],
        &["keys", "jwks", "--pem"],
    ];
    let ask = || commands.map(|command| printed(&[&at(dir.path(), command)[..], &ports].concat()));
    let beside = ask();
    assert!(server.stop());
    assert_eq!(ask(), beside);
    let [list, nextjs, express, keys, pem] = &beside;
    assert!(list.contains("https://clerk.shop.example"), "{list}");
    assert!(nextjs.starts_with("NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY=pk_test_"), "{nextjs}");
    assert!(express.contains("/i/shop\n"), "{express}");
    assert_eq!(json(keys).as_array().unwrap().len(), 1);
    assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"), "{pem}");
}

#[test]
fn every_framework_gets_its_block_and_a_stranger_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::dev(dir.path(), &[]);
    let key = server.text("publishable_key");
    for framework in ["nextjs", "react", "express", "astro", "nuxt", "react-router", "tanstack-start"] {
        let block = printed(&at(dir.path(), &["env", "--framework", framework]));
        let names_the_key = block.lines().any(|line| line.ends_with(&format!("PUBLISHABLE_KEY={key}")));
        assert!(names_the_key, "{framework}: {block}");
        // What runs in the browser alone has no use for the secret key.
        assert_eq!(block.contains(server.text("secret_key")), framework != "react", "{framework}: {block}");
    }
    assert_eq!(run(&at(dir.path(), &["env", "--framework", "telepathy"])).status.code(), Some(2));
}

#[test]
fn the_keys_of_the_command_are_those_of_the_server() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::dev(dir.path(), &[]);
    let port = server.port("frontend_api_url");
    let served = get(("127.0.0.1", port), &format!("localhost:{port}"), "/.well-known/jwks.json", "").1;
    assert_eq!(json(&printed(&at(dir.path(), &["keys", "jwks"]))), json(&served));
}

#[test]
fn a_secret_key_is_made_used_and_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::dev(dir.path(), &[]);
    let back = server.port("backend_api_url");
    let key = printed(&at(dir.path(), &["keys", "create", "--name", "ci"]));
    let authorization = format!("Authorization: Bearer {}\r\n", key.trim());
    let users = || get(("127.0.0.1", back), "localhost", "/v1/users", &authorization).0;
    assert_eq!(users(), 200);
    let keys = json(&printed(&at(dir.path(), &["keys", "list", "--json"])));
    let row = keys.as_array().unwrap().iter().find(|row| row["name"] == "ci").unwrap();
    let id = row["id"].as_str().unwrap();
    printed(&at(dir.path(), &["keys", "revoke", id]));
    assert_eq!(users(), 401);
    assert_eq!(run(&at(dir.path(), &["keys", "revoke", id])).status.code(), Some(1));
}

#[test]
fn a_domain_is_set_and_taken_off() {
    let dir = tempfile::tempdir().unwrap();
    let server = Running::dev(dir.path(), &[]);
    let port = server.port("frontend_api_url");
    printed(&at(dir.path(), &["apps", "create", "Shop"]));
    let said = printed(&at(dir.path(), &["apps", "set-domain", "shop-live", "Shop.Example"]));
    assert!(said.contains("https://accounts.shop.example") && said.contains("pk_live_"), "{said}");
    assert_eq!(get(("127.0.0.1", port), "clerk.shop.example", "/.well-known/jwks.json", "").0, 200);
    printed(&at(dir.path(), &["apps", "set-domain", "shop-live"]));
    assert_eq!(get(("127.0.0.1", port), "clerk.shop.example", "/.well-known/jwks.json", "").0, 400);
    assert_eq!(run(&at(dir.path(), &["apps", "set-domain", "shop", "shop.example"])).status.code(), Some(1));
}

#[test]
fn settings_come_from_a_document_without_unknown_keys() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = Running::dev(&data, &[]);
    let file = dir.path().join("settings.json");
    let create = || at(&data, &["apps", "create", "Shop", "--settings", file.to_str().unwrap()]).join("\n");
    fs::write(&file, r#"{"display":{"application_name":"The Shop"}}"#).unwrap();
    printed(&create().lines().collect::<Vec<_>>());
    let port = server.port("frontend_api_url");
    let environment = get(("127.0.0.1", port), &format!("localhost:{port}"), "/i/shop/v1/environment", "").1;
    assert_eq!(json(&environment)["display_config"]["application_name"], "The Shop");

    fs::write(&file, r#"{"telepathy":true}"#).unwrap();
    let refused = run(&create().lines().collect::<Vec<_>>());
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("telepathy"));
}

#[test]
fn what_cannot_be_done_is_said_in_one_line() {
    let dir = tempfile::tempdir().unwrap();
    let _server = Running::dev(dir.path(), &[]);
    printed(&at(dir.path(), &["apps", "create", "Shop"]));
    for (args, said) in [
        (&["apps", "create", "Shop"][..], "taken"),
        (&["apps", "create", "!!"], "name"),
        (&["apps", "create", "Other", "--domain", "not a domain"], "domain"),
        (&["env", "--framework", "react", "--instance", "nobody"], "nobody"),
        (&["keys", "revoke", "nonsense"], "nonsense"),
    ] {
        let output = run(&at(dir.path(), args));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), stderr.lines().count()), (Some(1), 1), "{args:?} {stderr}");
        assert!(stderr.starts_with("verger: ") && stderr.contains(said), "{args:?} {stderr}");
    }
}
