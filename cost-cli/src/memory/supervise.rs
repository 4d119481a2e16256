//! Child process that runs within the memory budget, and its parent that reports how it ended.

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
use super::stdin;
use super::work::Work;
use crate::exit::Exit;
use crate::output;

/// Default budget in percent of the available memory. The rest is for the system and its file
/// cache. Chosen.
const SHARE_PCT: u64 = 80;
/// Environment variable from parent to child: the parent's process ID, the budget in bytes, and two
/// open files of the parent: one in which the child notes the file that it reads, and a pipe that
/// closes when the parent ends. A process whose parent has another ID ignores it.
const CHILD_OF: &str = "COST_CHILD_OF";

pub(super) fn within(budget: Option<Size>, reads_stdin: bool) -> Work {
    if let Some(child) = Child::of_environment() {
        child.begin();
        return Work::Here;
    }
    let Some(budget) = budget.or_else(default_budget).map(allowed) else { return Work::Here };
    let input = if reads_stdin { stdin::as_file() } else { Ok(None) };
    let input = match input {
        Ok(input) => input,
        Err(error) => {
            output::complain(&error);
            return Work::Done(Exit::Failed.into());
        }
    };
    // If no child can be started, the limit applies to this process. The error message is then less
    // helpful, but the machine is still protected.
    Parent::new().and_then(|parent| parent.run(budget, input)).map_or_else(
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

/// Returns the budget, reduced to the limits of the shell (`ulimit -d`, `ulimit -v`).
fn allowed(budget: Size) -> Size {
    let limits = [Resource::DATA, Resource::AS].into_iter().filter_map(|r| getrlimit(r).ok());
    limits.map(|(soft, _)| soft).chain([budget.0]).min().map_or(budget, Size)
}

/// Limits the private memory of this process. Memory-mapped files do not count: the system can drop
/// them.
fn limit(budget: Size) {
    // If the limit cannot be set, the command runs without one.
    let _ =
        getrlimit(Resource::DATA).and_then(|(_, hard)| setrlimit(Resource::DATA, budget.0, hard));
}

/// The parent process, as seen by its child.
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
            // The parent never writes: the read returns when the parent ends for any reason, and
            // this process then ends too.
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
                // Only for a better error message.
                let _ = notes.write_all_at(note.as_bytes(), 0);
            });
        }
    }
}

/// Files that a parent has open for its child. The child does not inherit them: it opens them
/// through `/proc`.
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

    /// Runs the same command in a child process and waits for it to end.
    fn run(mut self, budget: Size, input: Option<File>) -> io::Result<ExitCode> {
        let mut arguments = std::env::args_os();
        let mut command = Command::new(std::env::current_exe()?);
        command.arg0(arguments.next().unwrap_or_else(|| "cost".into())).args(arguments);
        let (id, notes, end) = (std::process::id(), self.notes.as_raw_fd(), self.end.0.as_raw_fd());
        command.env(CHILD_OF, format!("{id}:{}:{notes}:{end}", budget.0));
        if let Some(input) = input {
            command.stdin(input);
        }
        let mut child = command.spawn()?;
        let status = child.wait()?;
        let mut note = Vec::new();
        // Without a note, the error message names no file.
        let _ = self.notes.read_to_end(&mut note);
        let file =
            note.split(|b| *b == 0).next().map(String::from_utf8_lossy).filter(|f| !f.is_empty());
        Ok(end_after(status, file.as_deref(), budget))
    }
}

/// Signals that end a process after a fault, by their number on Linux (signal(7)).
const ILL: i32 = 4;
const ABRT: i32 = 6;
const BUS: i32 = 7;
const FPE: i32 = 8;
const KILL: i32 = 9;
const SEGV: i32 = 11;

/// Returns the exit code for the status of the child, and prints the reason with the file it read.
fn end_after(status: ExitStatus, file: Option<&str>, budget: Size) -> ExitCode {
    let Some(signal) = status.signal() else {
        return ExitCode::from(status.code().and_then(|c| u8::try_from(c).ok()).unwrap_or(1));
    };
    let cure = "raise the limit with --memory, read fewer files with --only, or use a machine with more memory";
    let (problem, exit) = match signal {
        ABRT => (
            format!("this run needs more memory than its budget of {budget}: {cure}"),
            Exit::OutOfMemory,
        ),
        KILL => {
            let problem = format!(
                "the system ended this run, probably because memory ran out (the run was within its budget of {budget}): read \
                 fewer files with --only, or use a machine with more memory"
            );
            (problem, Exit::OutOfMemory)
        }
        BUS => {
            let problem = "a file changed while it was read, or its disk failed: read a copy that no process writes to";
            (problem.to_owned(), Exit::Failed)
        }
        ILL | FPE | SEGV => (format!("{}; please report it", output::OWN_FAULT), Exit::Failed),
        // Sent on purpose, so no message. The exit code is the one that shells use.
        other => return ExitCode::from(u8::try_from(128 + other).unwrap_or(1)),
    };
    let what = file.map_or_else(String::new, |f| format!("{f}: "));
    output::complain(&anyhow::anyhow!("{what}{problem}"));
    exit.into()
}
