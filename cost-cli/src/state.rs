//! Files that are kept between runs: the ledger of alerts and that of savings, each under a lock.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use cost_core::file::StateFile;

/// The file, while this process alone may change it. The lock is the operating system's: it ends
/// with the process, however that ends.
pub(crate) struct State {
    path: PathBuf,
    _lock: File,
}

impl State {
    /// Waits until no other process uses the file.
    pub(crate) fn lock(path: &Path) -> anyhow::Result<Self> {
        let mut name =
            path.file_name().with_context(|| format!("{} is no file", path.display()))?.to_owned();
        name.push(".lock");
        let beside = path.with_file_name(name);
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(&beside);
        let lock = open.with_context(|| beside.display().to_string())?;
        lock.lock().with_context(|| beside.display().to_string())?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// What is in a file, if one was named.
    pub(crate) fn peek<T: StateFile>(path: Option<&Path>) -> anyhow::Result<Option<T>> {
        path.map(|path| Self::lock(path)?.read()).transpose()
    }

    /// What is in it; an empty one if there is none yet.
    pub(crate) fn read<T: StateFile>(&self) -> anyhow::Result<T> {
        let name = || self.path.display().to_string();
        match std::fs::read_to_string(&self.path) {
            Ok(text) => T::parse(&text).with_context(name),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(T::default()),
            Err(e) => Err(e).with_context(name),
        }
    }

    /// Puts it in the file's place.
    pub(crate) fn write(&self, kept: &impl StateFile) -> anyhow::Result<()> {
        cost_core::file::replace(&self.path, &kept.to_text()?)
            .with_context(|| self.path.display().to_string())
    }
}
