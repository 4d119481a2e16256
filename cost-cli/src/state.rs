//! State files, stored between runs: alerts and decisions on savings, each protected by locks.
//!
//! A run locks its file from the first reading to the last writing, so that runs do not overlap.
//! Each writing also takes a second lock, for a moment, and adopts what a person has decided since:
//! a decision never waits for a run that sends notices (ADR 0045).

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use cost_core::file::{
    Lock, MAX_STATE_BYTES, StateFile, read_text, remove_left_over, replace_private,
};

use crate::output;

/// Maximum time to wait for another run, in seconds: longer than a run that sends notices to
/// several receivers that do not answer. Chosen.
const RUN_SECONDS: u64 = 600;
/// Maximum time to wait for another writing, in seconds. Chosen.
const WRITE_SECONDS: u64 = 30;
/// Ending of the lock of runs, and of the lock of writing.
const RUN: &str = ".lock";
const WRITE: &str = ".write-lock";

/// A state file for which this process has the lock of runs. The operating system releases the lock
/// when the process ends for any reason.
pub(crate) struct State {
    path: PathBuf,
    /// Content of the file at the first reading.
    base: RefCell<Option<String>>,
    _lock: Lock,
}

impl State {
    /// Locks the file. Waits until no other run uses it.
    pub(crate) fn lock(path: &Path) -> anyhow::Result<Self> {
        let lock = take(path, RUN, RUN_SECONDS)?;
        Ok(Self { path: path.to_owned(), base: RefCell::default(), _lock: lock })
    }

    /// Returns the content of the file at `path`; `None` without a path. Needs no lock, because
    /// files are replaced in one step.
    pub(crate) fn peek<T: StateFile>(path: Option<&Path>) -> anyhow::Result<Option<T>> {
        path.map(|path| parse(path, text(path)?.as_deref())).transpose()
    }

    /// Changes the file, also during a run of another process, which then adopts the change.
    pub(crate) fn edit<T: StateFile, R>(
        path: &Path,
        change: impl FnOnce(&mut T) -> anyhow::Result<R>,
    ) -> anyhow::Result<R> {
        let _lock = take(path, WRITE, WRITE_SECONDS)?;
        let mut state: T = parse(path, text(path)?.as_deref())?;
        let done = change(&mut state)?;
        put(path, &state.to_text()?)?;
        Ok(done)
    }

    /// Returns the content of the file; the default state if the file does not exist yet.
    pub(crate) fn read<T: StateFile>(&self) -> anyhow::Result<T> {
        let text = text(&self.path)?;
        let state = parse(&self.path, text.as_deref())?;
        self.base.replace(text);
        Ok(state)
    }

    /// Replaces the file. Adopts the decisions that were made since it was read.
    pub(crate) fn write<T: StateFile>(&self, state: &T) -> anyhow::Result<()> {
        let _lock = take(&self.path, WRITE, WRITE_SECONDS)?;
        let mut written = state.to_text()?;
        let stored = text(&self.path)?;
        if stored != *self.base.borrow() {
            let base: T = parse(&self.path, self.base.borrow().as_deref())?;
            let stored: T = parse(&self.path, stored.as_deref())?;
            let mut merged = T::parse(&written)?;
            merged.adopt(&base, &stored);
            written = merged.to_text()?;
        }
        put(&self.path, &written)
    }
}

fn take(path: &Path, ending: &str, seconds: u64) -> anyhow::Result<Lock> {
    let waiting = || {
        output::warn(&format!(
            "{}: another run of cost uses it; waiting for at most {seconds} s",
            path.display()
        ));
    };
    Lock::take(path, ending, seconds, &waiting).with_context(|| path.display().to_string())
}

/// Returns the text of the file; `None` if it does not exist.
fn text(path: &Path) -> anyhow::Result<Option<String>> {
    match read_text(path, MAX_STATE_BYTES) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
        Err(e) => Err(e).with_context(|| path.display().to_string()),
    }
}

fn parse<T: StateFile>(path: &Path, text: Option<&str>) -> anyhow::Result<T> {
    text.map_or_else(
        || Ok(T::default()),
        |text| T::parse(text).with_context(|| path.display().to_string()),
    )
}

/// Replaces the file. The caller has the lock of writing.
fn put(path: &Path, text: &str) -> anyhow::Result<()> {
    remove_left_over(path);
    replace_private(path, text).with_context(|| path.display().to_string())
}
