//! A case: input, command, and what must happen. All cases are run by [`run_all`].

use std::collections::BTreeMap;
use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cost_core::text::is_hidden;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

use super::server::{Server, Spec};
use crate::support::{Ran, command};

/// Kinds of hostile input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Receivers of notices, and what becomes of the notice.
    Alerts,
    /// Text in arguments.
    Arguments,
    /// Configuration files, also with secrets in the wrong place.
    Config,
    /// Things that are no files, damaged files, and odd file names.
    Files,
    /// Little memory, few threads, and few files.
    Memory,
    /// Account IDs with `--redact`.
    Redact,
    /// AWS, or what takes its place.
    Servers,
    /// State files, their links, locks, and dates.
    State,
}

impl Kind {
    /// Whether its cases wait for a server, so that many can run at a time.
    fn waits(self) -> bool {
        matches!(self, Self::Alerts | Self::Servers)
    }
}

/// A thing in the folder of a case.
#[derive(Clone, Debug)]
pub(super) enum Thing {
    /// File with this content.
    File(Vec<u8>),
    /// File with this text, in which `{}` and `{port}` are replaced as in arguments.
    Text(String),
    /// File of this size, without content.
    Sparse(u64),
    /// Folder.
    Folder,
    /// Folder with this mode.
    FolderOf(u32),
    /// Named pipe that nobody writes to.
    Pipe,
    /// Symbolic link to this target.
    Link(String),
}

/// How a run with exit code 1 or 4 ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Ending {
    /// With one error, and only warnings besides it.
    #[default]
    Error,
    /// With warnings only: the report was printed.
    Warnings,
    /// With an error in its last line. When memory runs out, the runtime can write lines before it.
    LastLine,
}

/// What must happen.
#[derive(Clone, Debug, Default)]
struct Want {
    /// Allowed exit codes.
    codes: Vec<i32>,
    ending: Ending,
    /// What stdout and stderr together must contain.
    shows: Vec<String>,
    /// What neither of them may contain.
    hides: Vec<String>,
    /// Files that must not change.
    keeps: Vec<String>,
}

/// What else must hold after the run.
type Then = Arc<dyn Fn(&Scene<'_>, &Ran) -> Result<(), String> + Send + Sync>;

/// One row of a table. In arguments, variables, and texts, `{}` stands for the folder of the case,
/// and `{port}` for the port of its server.
#[derive(Clone)]
pub(super) struct Case {
    pub(super) kind: Kind,
    pub(super) name: String,
    things: Vec<(String, Thing)>,
    server: Option<Spec>,
    env: Vec<(String, String)>,
    /// Argument of `ulimit`.
    ulimit: Option<String>,
    /// Commands that must succeed before.
    before: Vec<Vec<String>>,
    /// Files written after those, with their text.
    late: Vec<(String, String)>,
    args: Vec<String>,
    want: Want,
    then: Option<Then>,
}

/// A case that must end with one of these codes.
pub(super) fn case(kind: Kind, name: &str, args: &[&str], codes: &[i32]) -> Case {
    Case {
        kind,
        name: name.to_owned(),
        things: Vec::new(),
        server: None,
        env: Vec::new(),
        ulimit: None,
        before: Vec::new(),
        late: Vec::new(),
        args: owned(args),
        want: Want { codes: codes.to_vec(), ..Want::default() },
        then: None,
    }
}

fn owned(args: &[&str]) -> Vec<String> {
    args.iter().map(|a| (*a).to_owned()).collect()
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

    /// Starts a server.
    pub(super) fn server(mut self, spec: Spec) -> Self {
        self.server = Some(spec);
        self
    }

    /// Sets an environment variable.
    pub(super) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Runs the command after `ulimit LIMIT`.
    pub(super) fn ulimit(mut self, limit: &str) -> Self {
        self.ulimit = Some(limit.to_owned());
        self
    }

    /// Runs another command before, which must succeed.
    pub(super) fn before(mut self, args: &[&str]) -> Self {
        self.before.push(owned(args));
        self
    }

    /// Writes a file after the commands before.
    pub(super) fn after(mut self, name: &str, text: &str) -> Self {
        self.late.push((name.to_owned(), text.to_owned()));
        self
    }

    /// A failure ends like this.
    pub(super) fn ending(mut self, ending: Ending) -> Self {
        self.want.ending = ending;
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

    /// This file must be as before.
    pub(super) fn keeps(mut self, name: &str) -> Self {
        self.want.keeps.push(name.to_owned());
        self
    }

    /// This must hold after the run, too.
    pub(super) fn then(
        mut self,
        check: impl Fn(&Scene<'_>, &Ran) -> Result<(), String> + Send + Sync + 'static,
    ) -> Self {
        self.then = Some(Arc::new(check));
        self
    }
}

/// Longest time of a run. A run that takes longer hangs.
const LIMIT: Duration = Duration::from_secs(30);
/// Cases that run at a time if they wait for servers.
const WAITING: usize = 12;

/// Runs all cases, as many at a time as the machine has processors, or more if they wait. Prints
/// the number and the time of each kind, and returns the problems.
pub(super) fn run_all(cases: &[Case]) -> Vec<String> {
    let mut by_kind = BTreeMap::<Kind, Vec<&Case>>::new();
    for case in cases {
        by_kind.entry(case.kind).or_default().push(case);
    }
    let mut problems = Vec::new();
    for (kind, cases) in by_kind {
        let begun = Instant::now();
        let threads = if kind.waits() { WAITING } else { processors() };
        problems.extend(in_threads(threads, &cases, |case| match case.run() {
            Ok(()) => Vec::new(),
            Err(problem) => vec![format!("{kind:?}: {}: {problem}", case.name)],
        }));
        println!("{kind:?}: {} cases in {:.1} s", cases.len(), begun.elapsed().as_secs_f64());
    }
    problems
}

fn processors() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// Calls `work` for all items, in as many threads as the machine has processors; results are in the
/// order of the items.
pub(super) fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    work: impl Fn(&T) -> Vec<R> + Sync,
) -> Vec<R> {
    in_threads(processors(), items, work)
}

fn in_threads<T: Sync, R: Send>(
    threads: usize,
    items: &[T],
    work: impl Fn(&T) -> Vec<R> + Sync,
) -> Vec<R> {
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

/// The folder and the server of a case that runs.
pub(super) struct Scene<'a> {
    case: &'a Case,
    folder: TempDir,
    server: Option<Server>,
}

impl Scene<'_> {
    /// Content of a file of the folder, as text; empty if there is none.
    pub(super) fn text(&self, name: &str) -> String {
        fs::read(self.path().join(name))
            .map_or_else(|_| String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn server(&self) -> &Server {
        self.server.as_ref().expect("the case has a server")
    }

    /// The command of the case once more.
    pub(super) fn again(&self) -> Result<Ran, String> {
        self.run(&self.case.args, None).map(crate::support::ran)
    }

    fn filled(&self, text: &str) -> String {
        let place = self.path().to_str().expect("UTF-8");
        let port = self.server.as_ref().map_or(0, |server| server.port).to_string();
        text.replace("{}", place).replace("{port}", &port)
    }

    /// Runs `cost ARGS` without input.
    fn run(&self, args: &[String], ulimit: Option<&str>) -> Result<Output, String> {
        let args: Vec<String> = args.iter().map(|a| self.filled(a)).collect();
        let mut run = command(&args.iter().map(String::as_str).collect::<Vec<_>>());
        run.envs(self.case.env.iter().map(|(name, value)| (name, self.filled(value))));
        if let Some(limit) = ulimit {
            run = after_ulimit(&run, limit);
        }
        limited(run).ok_or_else(|| "it hangs".to_owned())
    }
}

/// The command, in a shell that has set a limit.
fn after_ulimit(inner: &Command, limit: &str) -> Command {
    let mut shell = Command::new("bash");
    shell.args(["-c", &format!("ulimit {limit} && exec \"$0\" \"$@\"")]);
    shell.arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell.current_dir(inner.get_current_dir().expect("the repository"));
    shell
}

impl Case {
    fn run(&self) -> Result<(), String> {
        let scene = Scene {
            case: self,
            folder: tempfile::tempdir().expect("a folder"),
            server: self.server.map(Server::start),
        };
        for (name, thing) in &self.things {
            make(&scene, name, thing);
        }
        for args in &self.before {
            let ran = crate::support::ran(scene.run(args, None)?);
            if ran.code != 0 && ran.code != 3 {
                return Err(format!("before: {}", ran.stderr));
            }
        }
        for (name, text) in &self.late {
            fs::write(scene.path().join(name), text).expect("written");
        }
        let before: Vec<String> = self.want.keeps.iter().map(|name| scene.text(name)).collect();
        let output = scene.run(&self.args, self.ulimit.as_deref())?;
        self.judge(&output)?;
        for (name, before) in self.want.keeps.iter().zip(before) {
            if scene.text(name) != before {
                return Err(format!("{name} has changed: {}", scene.text(name)));
            }
        }
        let ran = crate::support::ran(output);
        self.then.as_ref().map_or(Ok(()), |then| {
            then(&scene, &ran).map_err(|problem| format!("{problem}\n  {}", ran.stderr.trim_end()))
        })
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
        if [1, 4].contains(&code) && !self.want.ending.is_of(&stderr) {
            return fail(format!("does not end as {:?}", self.want.ending));
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

impl Ending {
    fn is_of(self, stderr: &str) -> bool {
        let is_error = |line: &&str| line.starts_with("error: ");
        let errors = stderr.lines().filter(is_error).count();
        let is_plain = stderr.lines().all(|l| is_error(&l) || l.starts_with("warning: "));
        match self {
            Self::Error => errors == 1 && is_plain,
            Self::Warnings => errors == 0 && is_plain && !stderr.is_empty(),
            Self::LastLine => {
                stderr.lines().last().is_some_and(|l| is_error(&l))
                    && !stderr.contains("panicked")
                    && !stderr.contains("internal error")
            }
        }
    }
}

fn make(scene: &Scene<'_>, name: &str, thing: &Thing) {
    let path = &scene.path().join(name);
    fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
    match thing {
        Thing::File(content) => fs::write(path, content).expect("written"),
        Thing::Text(text) => fs::write(path, scene.filled(text)).expect("written"),
        Thing::Sparse(size) => {
            File::create(path).and_then(|file| file.set_len(*size)).expect("written");
        }
        Thing::Folder => fs::create_dir_all(path).expect("a folder"),
        Thing::FolderOf(mode) => {
            fs::create_dir_all(path).expect("a folder");
            fs::set_permissions(path, Permissions::from_mode(*mode)).expect("set");
        }
        Thing::Pipe => {
            mknodat(CWD, path, FileType::Fifo, Mode::from_raw_mode(0o600), 0).expect("a pipe");
        }
        Thing::Link(to) => std::os::unix::fs::symlink(scene.filled(to), path).expect("a link"),
    }
}

/// Runs a command without input; `None` if it does not end in time.
fn limited(mut run: Command) -> Option<Output> {
    let (out, errors) = (tempfile::NamedTempFile::new(), tempfile::NamedTempFile::new());
    let (out, errors) = (out.expect("a file"), errors.expect("a file"));
    let mut child = run
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
