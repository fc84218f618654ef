//! The directory that one process owns: database, master key, lock and control socket.

use crate::outcome::{Outcome, Stop};
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use verger_crypto::seal::MasterKey;
use verger_model::Entropy;

const DATABASE: &str = "verger.db";
const MASTER_KEY: &str = "master.key";
const LOCK: &str = "lock";
const SOCKET: &str = "control.sock";
const GITIGNORE: &str = ".gitignore";

/// A directory as it was found, before anything is changed.
pub(crate) enum Found {
    /// Not there, or empty.
    New(PathBuf),
    /// One of ours, locked by this process from now on.
    Ours(DataDir),
}

/// A directory that this process owns until it is dropped.
pub(crate) struct DataDir {
    path: PathBuf,
    /// Holds the lock.
    _lock: File,
}

/// Somebody else owns the directory.
pub(crate) struct InUse;

impl DataDir {
    /// Looks at a development data directory and locks it if it is one; changes nothing.
    pub(crate) fn find(path: &Path) -> Outcome<Found> {
        let entries: Vec<_> = match fs::read_dir(path) {
            Ok(entries) => entries.flatten().map(|entry| entry.file_name()).collect(),
            Err(err) if err.kind() == io::ErrorKind::NotFound => return Ok(Found::New(path.to_owned())),
            Err(err) => return Err(unusable(path, &err)),
        };
        let has = |name: &str| entries.iter().any(|entry| entry == name);
        if !has(DATABASE) && !has(MASTER_KEY) {
            let only_ours = entries.iter().all(|entry| [LOCK, SOCKET, GITIGNORE].iter().any(|name| entry == name));
            return if only_ours { Ok(Found::New(path.to_owned())) } else { Err(foreign(path)) };
        }
        if !has(MASTER_KEY) {
            let key = path.join(MASTER_KEY);
            return Err(Stop::bad_start(format!(
                "{} is missing: put it back from a backup, or start anew with another --data-dir",
                key.display()
            )));
        }
        match Self::lock(path)? {
            Ok(dir) => Ok(Found::Ours(dir)),
            Err(InUse) => Err(Stop::bad_start(format!(
                "{} is in use by another verger process: stop that process, or choose another --data-dir",
                path.display()
            ))),
        }
    }

    /// Locks a directory; tells apart one that is in use.
    pub(crate) fn lock(path: &Path) -> Outcome<Result<Self, InUse>> {
        let lock =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path.join(LOCK));
        let lock = lock.map_err(|err| unusable(path, &err))?;
        match lock.try_lock() {
            Ok(()) => Ok(Ok(Self { path: path.to_owned(), _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(Err(InUse)),
            Err(TryLockError::Error(err)) => Err(unusable(path, &err)),
        }
    }

    /// Makes a new directory with a new master key.
    fn create(path: &Path, entropy: &dyn Entropy) -> Outcome<Self> {
        let failed = |err: io::Error| unusable(path, &err);
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
        fs::set_permissions(path, Permissions::from_mode(0o700)).map_err(failed)?;
        let Ok(dir) = Self::lock(path)? else {
            return Err(Stop::bad_start(format!("{} was just taken by another verger process", path.display())));
        };
        fs::write(path.join(GITIGNORE), "*\n").map_err(failed)?;
        let key = MasterKey::generate(entropy).to_text();
        // The key is on disk before anything is sealed under it.
        let mut file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(path.join(MASTER_KEY)).map_err(failed)?;
        file.write_all(key.expose().as_bytes()).and_then(|()| file.write_all(b"\n")).map_err(failed)?;
        file.sync_all().map_err(failed)?;
        Ok(dir)
    }

    /// The key under which the database's secrets are sealed.
    pub(crate) fn master_key(&self) -> Outcome<MasterKey> {
        read_master_key(&self.path.join(MASTER_KEY))
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path.join(DATABASE)
    }

    pub(crate) fn socket(&self) -> PathBuf {
        socket_of(&self.path)
    }
}

impl Found {
    /// Makes the directory if it is new.
    pub(crate) fn into_owned(self, entropy: &dyn Entropy) -> Outcome<DataDir> {
        match self {
            Self::New(path) => DataDir::create(&path, entropy),
            Self::Ours(dir) => Ok(dir),
        }
    }
}

/// Where a server listens for commands.
pub(crate) fn socket_of(directory: &Path) -> PathBuf {
    directory.join(SOCKET)
}

/// Reads a key file.
pub(crate) fn read_master_key(path: &Path) -> Outcome<MasterKey> {
    let text = fs::read_to_string(path)
        .map_err(|err| Stop::bad_start(format!("the master key file {} cannot be read: {err}", path.display())))?;
    MasterKey::parse(&text).map_err(|err| Stop::bad_start(format!("{}: {err}", path.display())))
}

fn unusable(path: &Path, err: &io::Error) -> Stop {
    Stop::bad_start(format!("the data directory {} cannot be used: {err}: choose another --data-dir", path.display()))
}

fn foreign(path: &Path) -> Stop {
    Stop::bad_start(format!(
        "{} has other files in it and is no data directory of verger: choose another --data-dir",
        path.display()
    ))
}
