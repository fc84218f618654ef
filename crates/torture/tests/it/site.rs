//! Places where a server can live: the processes of one database, each with its ports, which it keeps when it is started again.

use crate::described::Described;
use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;
use verger_testkit::postgres::{self, Locale};
use verger_torture::{Backend, Door, Server, Visitor, find_binary};

/// Any 32 bytes in base64.
const MASTER_KEY: &str = "dG9ydHVyZSB0b3J0dXJlIHRvcnR1cmUgdG9ydHVyZSE=";

/// One database and the processes that may run on it.
pub(crate) struct Site {
    directory: TempDir,
    /// Ports of the Frontend and the Backend API of each process.
    ports: Vec<[u16; 2]>,
    database: Database,
}

enum Database {
    /// `verger dev`: SQLite in a data directory.
    Embedded,
    /// `verger serve`: a PostgreSQL of this site alone.
    Postgres(postgres::Database),
}

/// A process and the ways into it.
pub(crate) struct Running {
    pub(crate) server: Server,
    pub(crate) frontend: Door,
    pub(crate) backend: Backend,
}

impl Site {
    /// `verger dev` on an empty data directory.
    pub(crate) fn embedded() -> Self {
        Self { directory: TempDir::new().unwrap(), ports: free_ports(1), database: Database::Embedded }
    }

    /// Two `verger serve` on an empty PostgreSQL database. Both are one address to browsers, as behind a load balancer.
    pub(crate) fn shared() -> Self {
        let database = Database::Postgres(postgres::Database::fresh(Locale::C));
        let site = Self { directory: TempDir::new().unwrap(), ports: free_ports(2), database };
        for process in 0..site.ports.len() {
            fs::write(site.config(process), site.configuration(process)).unwrap();
        }
        site
    }

    fn config(&self, process: usize) -> PathBuf {
        self.directory.path().join(format!("verger{process}.toml"))
    }

    fn configuration(&self, process: usize) -> String {
        let Database::Postgres(database) = &self.database else { unreachable!("only `serve` is configured") };
        let [[public, public_backend], ..] = self.ports[..] else { unreachable!("a site has ports") };
        let [listen, listen_backend] = self.ports[process];
        format!(
            "public_url = \"http://localhost:{public}\"\n\
             backend_url = \"http://localhost:{public_backend}\"\n\
             listen = \"127.0.0.1:{listen}\"\n\
             listen_backend = \"127.0.0.1:{listen_backend}\"\n\
             database = \"{}\"\n\
             master_key = \"{MASTER_KEY}\"\n\
             log = \"warn\"\n",
            database.url()
        )
    }

    /// Starts the first process, or starts it again.
    pub(crate) fn start(&self) -> Running {
        self.start_process(0)
    }

    /// Starts one of the processes.
    #[track_caller]
    pub(crate) fn start_process(&self, process: usize) -> Running {
        let server = Server::start(self.arguments(process).iter().map(OsString::as_os_str)).unwrap();
        let [port, backend_port] = self.ports[process];
        let [[public, public_backend], ..] = self.ports[..] else { unreachable!("a site has ports") };
        let key = match &self.database {
            Database::Embedded => server.told("secret_key").to_owned(),
            Database::Postgres(_) => self.secret_key(),
        };
        let door = |port, public, api| Door { port, host: format!("localhost:{public}"), witness: Some(Arc::new(api)) };
        Running {
            server,
            frontend: door(port, public, Described::FRONTEND),
            backend: Backend { door: door(backend_port, public_backend, Described::BACKEND), key },
        }
    }

    /// Starts both processes at the same moment.
    pub(crate) fn start_both(&self) -> [Running; 2] {
        std::thread::scope(|scope| {
            let other = scope.spawn(|| self.start_process(1));
            [self.start_process(0), other.join().unwrap()]
        })
    }

    fn arguments(&self, process: usize) -> Vec<OsString> {
        let [port, backend_port] = self.ports[process].map(|port| OsString::from(port.to_string()));
        match &self.database {
            Database::Embedded => vec![
                "dev".into(),
                "--json".into(),
                "--port".into(),
                port,
                "--backend-port".into(),
                backend_port,
                "--data-dir".into(),
                self.directory.path().into(),
            ],
            Database::Postgres(_) => {
                vec!["serve".into(), "--json".into(), "--config".into(), self.config(process).into()]
            }
        }
    }

    /// The secret key of the development instance, as an operator would ask for it.
    fn secret_key(&self) -> String {
        let text = self.ask(&["env", "--framework", "nextjs"]);
        let key = text.lines().find_map(|line| line.strip_prefix("CLERK_SECRET_KEY="));
        key.unwrap_or_else(|| panic!("no secret key: {text}")).to_owned()
    }

    /// Makes an application with these settings over the defaults: the prefix of its addresses and its secret key.
    pub(crate) fn create_app(&self, slug: &str, settings: &Value) -> (String, String) {
        let file = self.directory.path().join(format!("{slug}.json"));
        fs::write(&file, settings.to_string()).unwrap();
        let printed = self.ask(&["apps", "create", slug, "--settings", file.to_str().unwrap(), "--json"]);
        let printed: Value = serde_json::from_str(&printed).unwrap();
        (format!("/i/{slug}"), printed["secret_key"].as_str().unwrap().to_owned())
    }

    /// What a command prints for this `serve` site.
    pub(crate) fn ask(&self, command: &[&str]) -> String {
        let printed = Command::new(find_binary().unwrap()).args(command).arg("--config").arg(self.config(0)).output();
        let printed = printed.unwrap();
        assert!(printed.status.success(), "{command:?}: {}", String::from_utf8_lossy(&printed.stderr));
        String::from_utf8(printed.stdout).unwrap()
    }
}

impl Running {
    /// A new browser at this process.
    pub(crate) async fn visitor(&self) -> Visitor {
        Visitor::open(&self.frontend).await.unwrap()
    }

    /// The email addresses of all users, as the Backend API lists them.
    pub(crate) async fn emails(&self) -> Vec<String> {
        let mut emails = Vec::new();
        loop {
            let page = format!("/v1/users?limit=100&order_by=%2Bcreated_at&offset={}", emails.len());
            let users = self.backend.get(&page).await.unwrap().ok().unwrap().at("");
            let users = users.as_array().unwrap();
            if users.is_empty() {
                return emails;
            }
            emails.extend(
                users.iter().map(|user| user["email_addresses"][0]["email_address"].as_str().unwrap().to_owned()),
            );
        }
    }
}

/// Pairs of ports that nobody uses now. All are held until the last is found, so that no two are the same.
fn free_ports(pairs: usize) -> Vec<[u16; 2]> {
    let bind = |_| TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let held: Vec<[TcpListener; 2]> = (0..pairs).map(|_| [0, 1].map(bind)).collect();
    held.iter().map(|pair| [0, 1].map(|at: usize| pair[at].local_addr().unwrap().port())).collect()
}
