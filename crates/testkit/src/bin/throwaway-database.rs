//! `throwaway-database`: makes an empty PostgreSQL database, prints its address as one line, and waits to be ended. The database
//! goes with the process that started this one, so tests outside Rust can have what the Rust tests have.

use std::io::Write;

use verger_testkit::postgres::{Database, Locale};

fn main() -> std::io::Result<()> {
    let database = Database::fresh(Locale::C);
    let mut out = std::io::stdout();
    writeln!(out, "{}", database.url())?;
    out.flush()?;
    loop {
        std::thread::park();
    }
}
