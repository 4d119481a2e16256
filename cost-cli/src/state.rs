//! State files, stored between runs: alerts and decisions on savings, each protected by locks.
//!
//! A run locks its file from the first reading to the last writing, so that runs do not overlap.
//! Each writing also takes a second lock, for a moment, and adopts what a person has decided since:
//! a decision never waits for a run that sends notices (ADR 0045). Between two writings, a run can
//! record steps in a journal.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use cost_core::file::{
    Journal, Lock, MAX_STATE_BYTES, StateFile, read_text, remove_left_over, replace_private,
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
    /// Content of the file when this process last read or wrote it.
    base: RefCell<Option<String>>,
    journal: RefCell<Journal>,
    _lock: Lock,
}

impl State {
    /// Locks the file. Waits until no other run uses it.
    pub(crate) fn lock(path: &Path) -> anyhow::Result<Self> {
        let lock = take(path, RUN, RUN_SECONDS)?;
        let journal = Journal::of(path).with_context(|| path.display().to_string())?;
        let (path, journal) = (path.to_owned(), RefCell::new(journal));
        Ok(Self { path, base: RefCell::default(), journal, _lock: lock })
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

    /// Returns the content of the file with what a killed run has recorded since; the default state
    /// if the file does not exist yet.
    pub(crate) fn read<T: StateFile>(&self) -> anyhow::Result<T> {
        let text = text(&self.path)?;
        let mut state: T = parse(&self.path, text.as_deref())?;
        let records = self.journal.borrow().read();
        state.replay(&records.with_context(|| self.path.display().to_string())?);
        self.base.replace(text);
        Ok(state)
    }

    /// Replaces the file. Adopts the decisions that others made since it was read or written, also
    /// in `state`.
    pub(crate) fn write<T: StateFile>(&self, state: &mut T) -> anyhow::Result<()> {
        let _lock = take(&self.path, WRITE, WRITE_SECONDS)?;
        let stored = text(&self.path)?;
        if stored != *self.base.borrow() {
            let base: T = parse(&self.path, self.base.borrow().as_deref())?;
            let stored: T = parse(&self.path, stored.as_deref())?;
            state.adopt(&base, &stored);
        }
        let written = state.to_text()?;
        put(&self.path, &written)?;
        self.base.replace(Some(written));
        let cleared = self.journal.borrow_mut().clear();
        cleared.with_context(|| self.path.display().to_string())
    }

    /// Records a step after the last [`write`](State::write). The next one has it in the state.
    pub(crate) fn record(&self, step: &str) -> anyhow::Result<()> {
        let recorded = self.journal.borrow_mut().append(step);
        recorded.with_context(|| self.path.display().to_string())
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

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;

    /// A state file with one decision, and a number that only the job changes.
    #[derive(Default, Serialize, Deserialize)]
    struct File {
        format: u32,
        sent: u32,
        decision: Option<String>,
    }

    impl StateFile for File {
        const WHAT: &'static str = "test file";
        const FORMAT: u32 = 0;

        fn adopt(&mut self, base: &Self, stored: &Self) {
            if stored.decision != base.decision {
                self.decision.clone_from(&stored.decision);
            }
        }

        fn replay(&mut self, records: &[String]) {
            self.sent = records.last().and_then(|r| r.parse().ok()).unwrap_or(self.sent);
        }
    }

    #[test]
    fn decisions_during_a_run_stay_after_each_later_writing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state.json");
        let state = State::lock(&path).expect("locked");
        let mut job: File = state.read().expect("read");
        let write = |job: &mut File, sent| {
            job.sent = sent;
            state.write(job).expect("written");
            let stored: File = State::peek(Some(&path)).expect("read").expect("a file");
            assert_eq!(stored.sent, sent);
            stored.decision
        };
        assert_eq!(write(&mut job, 1), None);
        for (decided, sent) in [("snoozed", 2), ("resolved", 4)] {
            let decide = |file: &mut File| {
                file.decision = Some(decided.to_owned());
                Ok(())
            };
            State::edit(&path, decide).expect("decided");
            for sent in [sent, sent + 1] {
                assert_eq!(write(&mut job, sent).as_deref(), Some(decided));
            }
        }
        assert_eq!(job.decision.as_deref(), Some("resolved"));
    }

    #[test]
    fn what_a_killed_run_recorded_is_in_the_state_of_the_next_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state.json");
        let run = || State::lock(&path).expect("locked");
        let state = run();
        state.write(&mut File { sent: 1, ..File::default() }).expect("written");
        for sent in ["2", "3"] {
            state.record(sent).expect("recorded");
        }
        // As if the process had been killed: nothing is written.
        drop(state);
        let state = run();
        let mut next: File = state.read().expect("read");
        assert_eq!(next.sent, 3);
        state.write(&mut next).expect("written");
        drop(state);
        assert_eq!(run().read::<File>().expect("read").sent, 3);
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1);
    }
}
