//! The child process that works within the budget, and its parent that says how it ended.

use std::fs::{File, OpenOptions};
use std::io::{self, PipeReader, PipeWriter, Read};
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::os::unix::process::{CommandExt, ExitStatusExt, parent_id};
use std::path::Path;
use std::process::{Command, ExitCode, ExitStatus};

use rlimit::{Resource, getrlimit, setrlimit};
use rustix::fs::{MemfdFlags, memfd_create};

use super::machine;
use super::size::Size;
use super::work::Work;
use crate::exit::Exit;
use crate::output;

/// The budget as a share of the memory there is: the rest is for the system, and for files it keeps
/// at hand. Chosen.
const SHARE_PCT: u64 = 80;
/// What a parent tells its child: its own process id, the budget in bytes, and two of its own open
/// files: where the child notes what it reads, and a pipe that ends with the parent. In a process
/// whose parent has another id it is left over, and means nothing.
const CHILD_OF: &str = "COST_CHILD_OF";

pub(super) fn within(budget: Option<Size>) -> Work {
    if let Some(child) = Child::of_environment() {
        child.begin();
        return Work::Here;
    }
    let Some(budget) = budget.or_else(default_budget).map(allowed) else { return Work::Here };
    // Where no child can be made, the limit holds here: then the end is less friendly, and the
    // machine is safe all the same.
    Parent::new().and_then(|parent| parent.run(budget)).map_or_else(
        |_| {
            limit(budget);
            Work::Here
        },
        Work::Done,
    )
}

fn default_budget() -> Option<Size> {
    machine::memory(Path::new("/")).map(|size| Size(size.0 / 100 * SHARE_PCT))
}

/// A budget within what the shell allows (`ulimit -d`, `ulimit -v`).
fn allowed(budget: Size) -> Size {
    let limits = [Resource::DATA, Resource::AS].into_iter().filter_map(|r| getrlimit(r).ok());
    limits.map(|(soft, _)| soft).chain([budget.0]).min().map_or(budget, Size)
}

/// Limits memory that is this process's own. Files that are only looked at through memory do not
/// count: the system can let go of them.
fn limit(budget: Size) {
    // A limit that cannot be set is none: the command runs as it would without.
    let _ =
        getrlimit(Resource::DATA).and_then(|(_, hard)| setrlimit(Resource::DATA, budget.0, hard));
}

/// What a child process knows of its parent.
struct Child {
    parent: u32,
    budget: Size,
    notes: String,
    end: String,
}

impl Child {
    fn of_environment() -> Option<Self> {
        let text = std::env::var(CHILD_OF).ok()?;
        let numbers: Vec<u64> = text.split(':').map(|n| n.parse().ok()).collect::<Option<_>>()?;
        let [parent, budget, notes, end] = numbers[..] else { return None };
        let parent = u32::try_from(parent).ok()?;
        let file = |number: u64| format!("/proc/{parent}/fd/{number}");
        let child = Self { parent, budget: Size(budget), notes: file(notes), end: file(end) };
        (parent_id() == parent).then_some(child)
    }

    fn begin(&self) {
        limit(self.budget);
        if let Ok(mut pipe) = File::open(&self.end) {
            // Nothing is ever written: the reading ends with the parent, however that ends, and
            // this process with it.
            let _ = std::thread::Builder::new().name("parent".to_owned()).spawn(move || {
                let _ = pipe.read(&mut [0]);
                std::process::exit(1);
            });
        }
        if parent_id() != self.parent {
            std::process::exit(1);
        }
        if let Ok(notes) = OpenOptions::new().write(true).open(&self.notes) {
            cost_providers::focus::on_reading(move |file| {
                let note = format!("{}\0", file.unwrap_or_default());
                // For a better message only.
                let _ = notes.write_all_at(note.as_bytes(), 0);
            });
        }
    }
}

/// What a parent has open for its child. None of it is passed on: the child finds it through
/// `/proc`.
struct Parent {
    notes: File,
    end: (PipeReader, PipeWriter),
}

impl Parent {
    fn new() -> io::Result<Self> {
        Ok(Self {
            notes: File::from(memfd_create("reading", MemfdFlags::CLOEXEC)?),
            end: io::pipe()?,
        })
    }

    /// Runs this same command in a child process and waits for its end.
    fn run(mut self, budget: Size) -> io::Result<ExitCode> {
        let mut arguments = std::env::args_os();
        let mut command = Command::new(std::env::current_exe()?);
        command.arg0(arguments.next().unwrap_or_else(|| "cost".into())).args(arguments);
        let (id, notes, end) = (std::process::id(), self.notes.as_raw_fd(), self.end.0.as_raw_fd());
        command.env(CHILD_OF, format!("{id}:{}:{notes}:{end}", budget.0));
        let mut child = command.spawn()?;
        let status = child.wait()?;
        let mut note = Vec::new();
        // Without a note the message names no file.
        let _ = self.notes.read_to_end(&mut note);
        let file =
            note.split(|b| *b == 0).next().map(String::from_utf8_lossy).filter(|f| !f.is_empty());
        Ok(end_after(status, file.as_deref(), budget))
    }
}

/// Signals that end a process, by their number on Linux (signal(7)); those of faults.
const ILL: i32 = 4;
const ABRT: i32 = 6;
const BUS: i32 = 7;
const FPE: i32 = 8;
const KILL: i32 = 9;
const SEGV: i32 = 11;

/// How to end after a child that ended like this while it read a file.
fn end_after(status: ExitStatus, file: Option<&str>, budget: Size) -> ExitCode {
    let Some(signal) = status.signal() else {
        return ExitCode::from(status.code().and_then(|c| u8::try_from(c).ok()).unwrap_or(1));
    };
    let cure =
        "allow more with --memory, read fewer files with --only, or use a machine with more memory";
    let (problem, exit) = match signal {
        ABRT => (
            format!("this takes more memory than the budget of {budget}: {cure}"),
            Exit::OutOfMemory,
        ),
        KILL => {
            let problem = format!(
                "the system ended this run, as it does when memory runs out (this run was within its budget of {budget}): read \
                 fewer files with --only, or use a machine with more memory"
            );
            (problem, Exit::OutOfMemory)
        }
        BUS => {
            let problem = "a file changed while it was read, or its disk fails: read a copy that nobody writes to";
            (problem.to_owned(), Exit::Failed)
        }
        ILL | FPE | SEGV => (format!("{}; please report it", output::OWN_FAULT), Exit::Failed),
        // Somebody asked for it: they know. The code is the one that shells give.
        other => return ExitCode::from(u8::try_from(128 + other).unwrap_or(1)),
    };
    let what = file.map_or_else(String::new, |f| format!("{f}: "));
    output::complain(&anyhow::anyhow!("{what}{problem}"));
    exit.into()
}
