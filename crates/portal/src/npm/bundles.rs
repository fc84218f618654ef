//! The packed files and their manifest. They stay in the program's image until somebody asks: nothing is read at start.

use super::version::Wanted;
use flate2::read::GzDecoder;
use serde::Deserialize;
use std::borrow::Cow;
use std::io::Read;
use std::sync::OnceLock;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../web/sdk-bundles/dist"]
#[allow_missing = true]
struct Dist;

/// Where packed files come from.
pub(super) struct Bundles {
    read: fn(&str) -> Option<Cow<'static, [u8]>>,
    manifest: OnceLock<Option<Manifest>>,
}

impl Bundles {
    /// What was packed when this program was built.
    pub(super) const fn embedded() -> Self {
        Self::new(|path| Dist::get(path).map(|file| file.data))
    }

    const fn new(read: fn(&str) -> Option<Cow<'static, [u8]>>) -> Self {
        Self { read, manifest: OnceLock::new() }
    }

    /// The manifest; `None` when nothing was packed.
    pub(super) fn manifest(&self) -> Option<&Manifest> {
        let read = || serde_json::from_slice(&(self.read)("manifest.json")?).ok();
        self.manifest.get_or_init(read).as_ref()
    }

    /// The gzipped bytes of a file.
    pub(super) fn read(&self, path: &str) -> Option<Cow<'static, [u8]>> {
        (self.read)(path)
    }
}

/// What is packed.
#[derive(Deserialize)]
pub(super) struct Manifest {
    packages: Vec<Package>,
}

/// One version of a package.
#[derive(Deserialize)]
pub(super) struct Package {
    name: String,
    version: String,
    major: u32,
    files: Vec<PackedFile>,
}

/// One file, as it is after unpacking.
#[derive(Deserialize)]
pub(super) struct PackedFile {
    path: String,
    sha256: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) size: usize,
}

/// What an address stands for.
pub(super) struct Found<'a> {
    pub(super) package: &'a Package,
    /// The address names this very version.
    pub(super) exact: bool,
}

impl Manifest {
    /// The package of a name without its scope (`clerk-js`) in the wanted version.
    pub(super) fn find(&self, name: &str, wanted: &str) -> Option<Found<'_>> {
        let named = self.packages.iter().filter(|package| package.name.strip_prefix("@clerk/") == Some(name));
        let (package, exact) = match Wanted::parse(wanted)? {
            Wanted::Newest => (named.max_by_key(|package| package.major)?, false),
            Wanted::Version { major, text } => {
                let mut fitting = named.filter(|package| package.major == major);
                let package = fitting.next()?;
                (package, package.version == text)
            }
        };
        Some(Found { package, exact })
    }

    /// What is packed, for people.
    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.packages.iter().map(|p| format!("{}@{}", p.name, p.version)).collect();
        names.join(", ")
    }
}

impl Package {
    pub(super) fn file(&self, path: &str) -> Option<&PackedFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// Where a file of this package lies among the packed ones.
    pub(super) fn path_of(&self, file: &PackedFile) -> String {
        format!("{}/{}/{}.gz", self.name, self.version, file.path)
    }
}

impl PackedFile {
    /// Strong, one per representation.
    pub(super) fn entity_tag(&self, gzip: bool) -> String {
        let sum = self.sha256.get(..32).unwrap_or(&self.sha256);
        if gzip { format!("\"{sum}-gz\"") } else { format!("\"{sum}\"") }
    }
}

/// Unpacks a file; `size` is what to expect.
pub(super) fn inflate(packed: &[u8], size: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size);
    GzDecoder::new(packed).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
pub(super) mod fixture {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    pub(crate) const SCRIPT: &str = "console.log('a bundle')";

    const MANIFEST: &str = r#"{"packages":[
        {"name":"@clerk/clerk-js","version":"5.128.0","major":5,"files":[]},
        {"name":"@clerk/clerk-js","version":"6.40.0","major":6,"files":[
            {"path":"clerk.browser.js","sha256":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
             "type":"text/javascript; charset=utf-8","size":23}]}]}"#;

    /// One small package in the form that the packer writes.
    pub(crate) fn packed() -> Bundles {
        Bundles::new(|path| match path {
            "manifest.json" => Some(Cow::Borrowed(MANIFEST.as_bytes())),
            "@clerk/clerk-js/6.40.0/clerk.browser.js.gz" => {
                let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
                encoder.write_all(SCRIPT.as_bytes()).unwrap();
                Some(Cow::Owned(encoder.finish().unwrap()))
            }
            _ => None,
        })
    }

    /// A build without bundles.
    pub(crate) fn empty() -> Bundles {
        Bundles::new(|_| None)
    }
}
