//! Compares a router with the ledger of operations, `ops.toml` at the root of the workspace.

use std::collections::BTreeSet;
use std::fs;

use serde::Deserialize;

use super::{Api, places, template};

/// A mounted route: upper-case method, path such as `/v1/client/sign_ins/{sign_in_id}`, operationId.
pub type Route<'a> = (&'a str, &'a str, &'a str);

#[derive(Debug, Deserialize)]
struct Ledger {
    fapi: Vec<Line>,
    bapi: Vec<Line>,
}

/// The fields that the comparison needs; `cargo xtask ops` judges the others.
#[derive(Debug, Deserialize)]
struct Line {
    method: String,
    path: String,
    id: String,
    status: String,
    source: Option<String>,
}

/// The operations of `api` that SDKs call and the specification lacks: methods and paths.
pub(super) fn sdk_only(api: Api) -> Vec<(String, String)> {
    let told = fs::read_to_string(places::workspace().join("ops.toml")).unwrap_or_else(|e| panic!("ops.toml: {e}"));
    let of_sdks = lines(api, &told).into_iter().filter(|line| line.source.as_deref() == Some("sdk"));
    of_sdks.map(|line| (line.method, line.path)).collect()
}

fn lines(api: Api, ledger: &str) -> Vec<Line> {
    let ledger: Ledger = toml::from_str(ledger).unwrap_or_else(|e| panic!("ops.toml: {e}"));
    match api {
        Api::Fapi => ledger.fapi,
        Api::Bapi => ledger.bapi,
    }
}

/// Holds the routes of `api` against its lines in `ops.toml`: what is mounted is `done` there, and what is `done`
/// there is mounted, at the same path but for the `/v1` prefix and the names of parameters.
///
/// # Errors
/// One line per difference.
///
/// # Panics
/// When `ops.toml` is missing or malformed.
pub fn check(api: Api, routes: &[Route<'_>]) -> Result<(), String> {
    let path = places::workspace().join("ops.toml");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("ops.toml: {e}"));
    compare(api, &text, routes)
}

fn compare(api: Api, ledger: &str, routes: &[Route<'_>]) -> Result<(), String> {
    let lines = lines(api, ledger);
    let done = lines.iter().filter(|line| line.status == "done");
    let done: BTreeSet<_> = done.map(|line| key(&line.method, &line.path, &line.id)).collect();
    let mounted: BTreeSet<_> = routes.iter().map(|(method, path, id)| key(method, path, id)).collect();

    let mut differences = Vec::new();
    if mounted.len() < routes.len() {
        differences.push("a route is mounted twice".to_owned());
    }
    let name = api.name();
    for (shape, method, id) in mounted.difference(&done) {
        differences.push(format!("{name} mounts {method} {shape} ({id}), which is not done in ops.toml"));
    }
    for (shape, method, id) in done.difference(&mounted) {
        differences.push(format!("ops.toml has {method} {shape} ({id}) as done, but {name} does not mount it"));
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

fn key(method: &str, path: &str, id: &str) -> (String, String, String) {
    (template::shape(path), method.to_owned(), id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEDGER: &str = r#"
        fapi = [
          { method = "GET", path = "/v1/client", id = "getClient", status = "done", file = "client.rs" },
          { method = "PUT", path = "/v1/client", id = "putClient", status = "todo" },
        ]
        bapi = [
          { method = "GET", path = "/v1/users/{user_id}", id = "GetUser", status = "done", file = "users.rs" },
        ]
    "#;

    #[test]
    fn routes_and_ledger_may_differ_in_prefix_and_parameter_names() {
        assert_eq!(compare(Api::Fapi, LEDGER, &[("GET", "/v1/client", "getClient")]), Ok(()));
        assert_eq!(compare(Api::Bapi, LEDGER, &[("GET", "/users/{id}", "GetUser")]), Ok(()));
    }

    #[test]
    fn a_route_that_is_not_done_is_an_error() {
        let routes = [("GET", "/v1/client", "getClient"), ("PUT", "/v1/client", "putClient")];
        let told = compare(Api::Fapi, LEDGER, &routes);
        assert!(told.is_err_and(|e| e.contains("putClient") && e.contains("not done")));
    }

    #[test]
    fn a_done_operation_that_is_not_mounted_is_an_error() {
        assert!(compare(Api::Fapi, LEDGER, &[]).is_err_and(|e| e.contains("does not mount it")));
    }

    #[test]
    fn another_path_or_name_is_an_error() {
        assert!(compare(Api::Fapi, LEDGER, &[("GET", "/v1/clients", "getClient")]).is_err());
        assert!(compare(Api::Fapi, LEDGER, &[("GET", "/v1/client", "readClient")]).is_err());
    }

    #[test]
    fn a_route_mounted_twice_is_an_error() {
        let routes = [("GET", "/v1/client", "getClient"), ("GET", "/client", "getClient")];
        assert!(compare(Api::Fapi, LEDGER, &routes).is_err_and(|e| e.contains("twice")));
    }
}
