//! A case: input, command, and what must happen. All cases are run by [`run_all`].

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use cost_core::text::is_hidden;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use crate::support::command;

/// Kinds of hostile input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Text in arguments.
    Arguments,
    /// Configuration files, also with secrets in the wrong place.
    Config,
    /// Things that are no files, damaged files, and odd file names.
    Files,
    /// Account IDs with `--redact`.
    Redact,
}

/// A thing in the folder of a case.
#[derive(Clone, Debug)]
pub(super) enum Thing {
    /// File with this content.
    File(Vec<u8>),
    /// Folder.
    Folder,
    /// Named pipe that nobody writes to.
    Pipe,
    /// Symbolic link to this target.
    Link(String),
}

/// What must happen.
#[derive(Clone, Debug, Default)]
pub(super) struct Want {
    /// Allowed exit codes.
    codes: Vec<i32>,
    /// What stdout and stderr together must contain.
    shows: Vec<String>,
    /// What neither of them may contain.
    hides: Vec<String>,
}

/// One row of a table. `{}` in an argument stands for the folder of the case.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) kind: Kind,
    pub(super) name: String,
    things: Vec<(String, Thing)>,
    args: Vec<String>,
    want: Want,
}

/// A case that must end with one of these codes.
pub(super) fn case(kind: Kind, name: &str, args: &[&str], codes: &[i32]) -> Case {
    Case {
        kind,
        name: name.to_owned(),
        things: Vec::new(),
        args: args.iter().map(|a| (*a).to_owned()).collect(),
        want: Want { codes: codes.to_vec(), ..Want::default() },
    }
}

impl Case {
    /// Adds a file.
    pub(super) fn file(self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.thing(name, Thing::File(content.into()))
    }

    /// Adds a thing.
    pub(super) fn thing(mut self, name: &str, thing: Thing) -> Self {
        self.things.push((name.to_owned(), thing));
        self
    }

    /// The output must contain this.
    pub(super) fn shows(mut self, text: &str) -> Self {
        self.want.shows.push(text.to_owned());
        self
    }

    /// The output must not contain this.
    pub(super) fn hides(mut self, text: &str) -> Self {
        self.want.hides.push(text.to_owned());
        self
    }
}

/// Longest time of a run. A run that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(30);

/// Runs all cases, two at a time or as many as the machine has processors, and returns the
/// problems.
pub(super) fn run_all(cases: &[Case]) -> Vec<String> {
    in_parallel(cases, |case| match case.run() {
        Ok(()) => Vec::new(),
        Err(problem) => vec![format!("{:?}: {}: {problem}", case.kind, case.name)],
    })
}

/// Calls `work` for all items, in as many threads as the machine has processors; results are in the
/// order of the items.
pub(super) fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Vec<R> + Sync,
) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((at, item)) = Some(next.fetch_add(1, Ordering::Relaxed))
                    .and_then(|at| Some((at, items.get(at)?)))
                {
                    let all = work(item);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, all));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().flat_map(|(_, all)| all).collect()
}

impl Case {
    fn run(&self) -> Result<(), String> {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, thing) in &self.things {
            make(&folder.path().join(name), thing);
        }
        let place = folder.path().to_str().expect("UTF-8");
        let args: Vec<String> = self.args.iter().map(|a| a.replace("{}", place)).collect();
        let output = limited(&args).ok_or("it hangs")?;
        self.judge(&output)
    }

    fn judge(&self, output: &Output) -> Result<(), String> {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|e| e.to_string());
        let (stdout, stderr) = (text(&output.stdout)?, text(&output.stderr)?);
        let fail = |problem: String| Err(format!("{problem}\n  {}", stderr.trim_end()));
        if let Some(signal) = output.status.signal() {
            return fail(format!("signal {signal}"));
        }
        let code = output.status.code().unwrap_or(-1);
        if !self.want.codes.contains(&code) {
            return fail(format!("exit code {code}"));
        }
        let all = format!("{stdout}{stderr}");
        if let Some(c) = all.chars().find(|c| *c != '\n' && is_hidden(*c)) {
            return fail(format!("shows {c:?}"));
        }
        if code == 1 && stderr.lines().filter(|l| l.starts_with("error: ")).count() != 1 {
            return fail("not one error".to_owned());
        }
        if code == 1
            && stderr.lines().any(|l| !l.starts_with("error: ") && !l.starts_with("warning: "))
        {
            return fail("an error of several lines".to_owned());
        }
        if let Some(missing) = self.want.shows.iter().find(|t| !all.contains(*t)) {
            return fail(format!("does not show {missing:?}: {all}"));
        }
        if let Some(shown) = self.want.hides.iter().find(|t| all.contains(*t)) {
            return fail(format!("shows {shown:?}"));
        }
        Ok(())
    }
}

fn make(path: &Path, thing: &Thing) {
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
    match thing {
        Thing::File(content) => fs::write(path, content).expect("written"),
        Thing::Folder => fs::create_dir_all(path).expect("a folder"),
        Thing::Pipe => {
            mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).expect("a pipe");
        }
        Thing::Link(to) => std::os::unix::fs::symlink(to, path).expect("a link"),
    }
}

/// Runs `cost ARGS` without input; `None` if it does not end in time.
fn limited(args: &[String]) -> Option<Output> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (out, errors) = (tempfile::NamedTempFile::new(), tempfile::NamedTempFile::new());
    let (out, errors) = (out.expect("a file"), errors.expect("a file"));
    let mut child = command(&args)
        .stdin(Stdio::null())
        .stdout(out.reopen().expect("a file"))
        .stderr(errors.reopen().expect("a file"))
        .spawn()
        .expect("the binary runs");
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child") {
            break status;
        }
        if begun.elapsed() > LIMIT {
            child.kill().expect("it can be ended");
            child.wait().expect("it has ended");
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let read = |file: &tempfile::NamedTempFile| fs::read(file.path()).expect("a file");
    Some(Output { status, stdout: read(&out), stderr: read(&errors) })
}
