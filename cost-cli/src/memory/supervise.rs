//! Child process that runs within the memory budget, and its parent that reports how it ended.

use std::fs::{File, OpenOptions};
use std::io::{self, IsTerminal, PipeReader, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::FileExt;
use std::os::unix::process::{CommandExt, ExitStatusExt, parent_id};
use std::path::Path;
use std::process::{Child as Process, Command, ExitCode, ExitStatus, Stdio};

use rlimit::{Resource, getrlimit, setrlimit};
use rustix::fs::{MemfdFlags, memfd_create};

use super::machine;
use super::messages::{Messages, show};
use super::size::Size;
use super::stdin;
use super::threads::sizing;
use super::work::Work;
use crate::exit::Exit;
use crate::{output, stop};

/// Default budget in percent of the available memory. The rest is for the system and its file
/// cache. Chosen.
const SHARE_PCT: u64 = 80;
/// Environment variable from parent to child: the parent's process ID, the budget in bytes, and two
/// open files of the parent: one in which the child notes the file that it reads, and a pipe with the
/// signals of the parent, which closes when it ends. A process whose parent has another ID ignores
/// it.
const CHILD_OF: &str = "COST_CHILD_OF";

/// Open files that a command needs: its bills, connections, and events of the engine's threads.
/// Measured: 16 for a review of the demo estate on two cores. Twice as many, since more cores have
/// more threads.
const OPEN_FILES: u64 = 32;
/// Open files that are requested, if the system allows them: folders of bills have many files.
const WANTED_FILES: u64 = 4096;
/// Addresses of the program itself, which `ulimit -v` also counts. Measured: 150 MiB, rounded up.
const PROGRAM: u64 = 154 << 20;

pub(super) fn within(budget: Option<Size>, reads_stdin: bool, estate: Option<&Path>) -> Work {
    if let Some(child) = Child::of_environment() {
        child.begin();
        return Work::Here;
    }
    if let Some(files) = too_few_files() {
        output::complain(&anyhow::anyhow!(
            "the system allows {files} open files, and at least {OPEN_FILES} are needed: raise \
             `ulimit -n`, or the limit of the container"
        ));
        return Work::Done(Exit::Failed.into());
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
    Parent::new().and_then(|parent| parent.run(budget, input, estate)).map_or_else(
        |_| {
            stop::pass_to(None);
            limit(budget);
            Work::Here
        },
        Work::Done,
    )
}

/// Raises the number of open files as far as it is useful and allowed. Returns it if it is too low.
fn too_few_files() -> Option<u64> {
    let (soft, hard) = getrlimit(Resource::NOFILE).ok()?;
    let wanted = hard.min(WANTED_FILES).max(soft);
    let files = setrlimit(Resource::NOFILE, wanted, hard).map_or(soft, |()| wanted);
    (files < OPEN_FILES).then_some(files)
}

fn default_budget() -> Option<Size> {
    machine::memory(Path::new("/")).map(|size| Size(size.0 / 100 * SHARE_PCT))
}

/// Returns the budget, reduced to the limits of the shell (`ulimit -d`, `ulimit -v`).
fn allowed(budget: Size) -> Size {
    let of = |resource: Resource| getrlimit(resource).ok().map(|(soft, _)| soft);
    let data = of(Resource::DATA);
    let addresses = of(Resource::AS).map(|limit| limit.saturating_sub(PROGRAM));
    data.into_iter().chain(addresses).chain([budget.0]).min().map_or(budget, Size)
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
    stderr: String,
}

impl Child {
    fn of_environment() -> Option<Self> {
        let text = std::env::var(CHILD_OF).ok()?;
        let numbers: Vec<u64> = text.split(':').map(|n| n.parse().ok()).collect::<Option<_>>()?;
        let [parent, budget, notes, end] = numbers[..] else { return None };
        let parent = u32::try_from(parent).ok()?;
        let file = |number: u64| format!("/proc/{parent}/fd/{number}");
        let child = Self {
            parent,
            budget: Size(budget),
            notes: file(notes),
            end: file(end),
            stderr: file(2),
        };
        (parent_id() == parent).then_some(child)
    }

    fn begin(&self) {
        limit(self.budget);
        if let Ok(mut pipe) = File::open(&self.end) {
            // The parent writes the signal that ends it. Without one, the read returns when the
            // parent ends for any other reason. This process then ends too, in order.
            let stderr = OpenOptions::new().append(true).open(&self.stderr);
            let _ = std::thread::Builder::new().name("parent".to_owned()).spawn(move || {
                let mut signal = [0];
                if pipe.read(&mut signal).is_ok_and(|bytes| bytes > 0) {
                    stop::end(signal[0].into());
                }
                // The parent no longer passes lines on.
                if let Some(text) = stop::abandon() {
                    let _ = stderr.and_then(|mut stderr| writeln!(stderr, "warning: {text}"));
                }
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
    end: PipeReader,
}

impl Parent {
    fn new() -> io::Result<Self> {
        let notes = File::from(memfd_create("reading", MemfdFlags::CLOEXEC)?);
        let (end, signals) = io::pipe()?;
        stop::pass_to(Some(signals));
        Ok(Self { notes, end })
    }

    /// Runs the same command in a child process and waits for it to end.
    fn run(
        mut self,
        budget: Size,
        input: Option<File>,
        estate: Option<&Path>,
    ) -> io::Result<ExitCode> {
        let mut arguments = std::env::args_os();
        let mut command = Command::new(std::env::current_exe()?);
        command.arg0(arguments.next().unwrap_or_else(|| "cost".into())).args(arguments);
        let (id, notes, end) = (std::process::id(), self.notes.as_raw_fd(), self.end.as_raw_fd());
        command.env(CHILD_OF, format!("{id}:{}:{notes}:{end}", budget.0));
        let sizes = sizing(budget, |name| std::env::var(name).ok());
        sizes.warnings.iter().for_each(|warning| output::warn(warning));
        command.envs(sizes.variables);
        command.envs(output::own_backtraces());
        if let Some(input) = input {
            command.stdin(input);
        }
        // What the runtime itself writes, such as a failed allocation, is no JSON, and precedes the
        // reason. The progress bar of a pull needs the terminal.
        if output::is_json() || estate.is_none() || !io::stderr().is_terminal() {
            command.stderr(Stdio::piped());
        }
        let mut child = command.spawn()?;
        let messages = child.stderr.take().map(Messages::start).transpose();
        let messages = messages.inspect_err(|_| give_up(&mut child))?;
        // The child did its work: it must not be done again in this process.
        let status = match child.wait() {
            Ok(status) => status,
            Err(error) => {
                let error = anyhow::Error::new(error).context("cannot wait for the run to end");
                output::complain(&error);
                return Ok(Exit::Failed.into());
            }
        };
        let last = messages.map(|messages| messages.last()).unwrap_or_default();
        let is_overflow = last.iter().any(|line| line.contains("stack overflow"));
        if status.signal() != Some(ABRT) || is_overflow {
            show(&last);
        }
        if is_overflow {
            output::complain(&anyhow::anyhow!("{}; please report it", output::OWN_FAULT));
            return Ok(Exit::Failed.into());
        }
        let mut note = Vec::new();
        // Without a note, the error message names no file.
        let _ = self.notes.read_to_end(&mut note);
        let file =
            note.split(|b| *b == 0).next().map(String::from_utf8_lossy).filter(|f| !f.is_empty());
        if let Some(estate) = estate.filter(|_| status.signal().is_some()) {
            // The next pull removes what cannot be removed now.
            let _ = cost_core::estate::remove_unfinished(estate);
        }
        if let Some(signal) = stop::asked().filter(|signal| status.signal() == Some(*signal)) {
            stop::die(signal);
        }
        Ok(end_after(status, file.as_deref(), budget))
    }
}

/// Ends a child whose messages nobody would read.
fn give_up(child: &mut Process) {
    // If it has ended, there is nothing to do.
    let _ = child.kill().and_then(|()| child.wait());
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
    let cure = "raise the limit with --memory (below `ulimit -v`, if set), read fewer files with --only, or use a machine with more memory";
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
