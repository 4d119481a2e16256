//! State files, stored between runs: alerts and decisions on savings, each protected by a lock.

use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use cost_core::file::StateFile;

/// A locked state file, which only this process may change. The operating system releases the lock
/// when the process ends for any reason.
pub(crate) struct State {
    path: PathBuf,
    _lock: File,
}

impl State {
    /// Locks the file. Waits until no other process uses it.
    pub(crate) fn lock(path: &Path) -> anyhow::Result<Self> {
        let mut name = path
            .file_name()
            .with_context(|| format!("{} is not a file", path.display()))?
            .to_owned();
        name.push(".lock");
        let beside = path.with_file_name(name);
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(&beside);
        let lock = open.with_context(|| beside.display().to_string())?;
        lock.lock().with_context(|| beside.display().to_string())?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// Returns the content of the file at `path`; `None` without a path.
    pub(crate) fn peek<T: StateFile>(path: Option<&Path>) -> anyhow::Result<Option<T>> {
        path.map(|path| Self::lock(path)?.read()).transpose()
    }

    /// Returns the content of the file; the default state if the file does not exist yet.
    pub(crate) fn read<T: StateFile>(&self) -> anyhow::Result<T> {
        let name = || self.path.display().to_string();
        match std::fs::read_to_string(&self.path) {
            Ok(text) => T::parse(&text).with_context(name),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(T::default()),
            Err(e) => Err(e).with_context(name),
        }
    }

    /// Replaces the file.
    pub(crate) fn write(&self, state: &impl StateFile) -> anyhow::Result<()> {
        cost_core::file::replace(&self.path, &state.to_text()?)
            .with_context(|| self.path.display().to_string())
    }
}
