//! The command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// What `--version` says beside the number.
const VERSION: &str =
    concat!(env!("CARGO_PKG_VERSION"), "\nVerger is an independent project, not affiliated with Clerk, Inc.");

/// An identity server for apps that are built with Clerk's packages.
#[derive(Parser)]
#[command(name = "verger", version = VERSION, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run a server for development on this machine, without any configuration
    Dev(Dev),
    /// Run a server as a configuration file says
    Serve(Serve),
    /// Print the environment variables of an app
    Env(Env),
    /// Applications: each has a development and a production instance
    Apps {
        #[command(subcommand)]
        command: Apps,
    },
    /// Secret keys, and the public keys of session tokens
    Keys {
        #[command(subcommand)]
        command: Keys,
    },
}

#[derive(Args)]
pub(crate) struct Dev {
    /// Port of the Frontend API, the Account Portal, the inbox and the bundles; 0 picks free ports
    #[arg(long, default_value_t = 4000)]
    pub(crate) port: u16,
    /// Port of the Backend API [default: the port after --port]
    #[arg(long)]
    pub(crate) backend_port: Option<u16>,
    /// Where everything is kept
    #[arg(long, default_value = ".verger", value_name = "DIR")]
    pub(crate) data_dir: PathBuf,
    /// Write the environment block of Next.js into this file; its other lines stay
    #[arg(long, value_name = "FILE")]
    pub(crate) write_env: Option<PathBuf>,
    /// Print one line of JSON when ready
    #[arg(long)]
    pub(crate) json: bool,
    /// What to log to standard error: a level, or a list such as info,verger_http=debug
    #[arg(long, default_value = "warn", value_name = "FILTER")]
    pub(crate) log: String,
}

#[derive(Args)]
pub(crate) struct Serve {
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: PathBuf,
    /// Print one line of JSON when ready
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which server a command speaks to or, when none runs, whose data it opens.
#[derive(Args)]
pub(crate) struct Target {
    /// The data directory of `verger dev`
    #[arg(long, default_value = ".verger", value_name = "DIR", conflicts_with = "config")]
    pub(crate) data_dir: PathBuf,
    /// The configuration file of `verger serve`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The port that addresses carry while `verger dev` does not run
    #[arg(long, default_value_t = 4000)]
    pub(crate) port: u16,
    /// The Backend API's port while `verger dev` does not run [default: the port after --port]
    #[arg(long)]
    pub(crate) backend_port: Option<u16>,
}

#[derive(Args)]
pub(crate) struct Env {
    /// nextjs, nextjs-6, react, express, astro, nuxt, react-router or tanstack-start
    #[arg(long, value_parser = framework)]
    pub(crate) framework: verger_portal::env_block::Framework,
    /// Slug or id of the instance [default: the one at the root]
    #[arg(long)]
    pub(crate) instance: Option<String>,
    #[command(flatten)]
    pub(crate) target: Target,
}

fn framework(text: &str) -> Result<verger_portal::env_block::Framework, String> {
    text.parse().map_err(|()| "there is no such framework here".to_owned())
}

#[derive(Subcommand)]
pub(crate) enum Apps {
    /// Make an application with a development and a production instance
    Create {
        /// Its name; the slug in addresses is made of it
        name: String,
        /// A JSON document with settings; everything left out has its default
        #[arg(long, value_name = "FILE")]
        settings: Option<PathBuf>,
        /// The domain of the production instance
        #[arg(long)]
        domain: Option<String>,
        /// Print one line of JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        target: Target,
    },
    /// List applications and their instances
    List {
        /// Print one line of JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        target: Target,
    },
    /// Put a production instance on a domain, or take it off
    SetDomain {
        /// Slug or id of the instance
        instance: String,
        /// The domain, such as example.com; left out, the instance has none any more
        domain: Option<String>,
        #[command(flatten)]
        target: Target,
    },
}

#[derive(Subcommand)]
pub(crate) enum Keys {
    /// List the secret keys of an instance, without the keys themselves
    List {
        /// Slug or id of the instance [default: the one at the root]
        #[arg(long)]
        instance: Option<String>,
        /// Print one line of JSON
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        target: Target,
    },
    /// Make another secret key and print it; a production key can be read only here
    Create {
        /// Slug or id of the instance [default: the one at the root]
        #[arg(long)]
        instance: Option<String>,
        /// What to call it
        #[arg(long, default_value = "key")]
        name: String,
        #[command(flatten)]
        target: Target,
    },
    /// Take a secret key back
    Revoke {
        /// Its id, as the list shows it
        id: String,
        /// Slug or id of the instance [default: the one at the root]
        #[arg(long)]
        instance: Option<String>,
        #[command(flatten)]
        target: Target,
    },
    /// Print the public keys that session tokens are signed with
    Jwks {
        /// The current key alone, as PEM: what SDKs take as `jwtKey`
        #[arg(long)]
        pem: bool,
        /// Slug or id of the instance [default: the one at the root]
        #[arg(long)]
        instance: Option<String>,
        #[command(flatten)]
        target: Target,
    },
}
