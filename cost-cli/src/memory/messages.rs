//! Lines that the child process writes to stderr.

use std::io::{self, BufRead, BufReader, Write};
use std::process::ChildStderr;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use crate::output;

/// First words of lines that the Rust runtime writes before it ends the process: an allocation
/// failed, or a panic could not be handled. What follows belongs to them. Source: the standard
/// library's `alloc.rs` and `rt.rs`, Rust 1.95.
const LAST_WORDS: [&str; 2] = ["memory allocation of ", "fatal runtime error: "];
/// Maximum number of such lines to store. Chosen: a backtrace is shorter.
const MOST_LINES: usize = 1_000;

/// Maximum time for the last lines after the end of the child. Chosen. A program that the child
/// started, such as one for credentials, can have its stderr open for longer.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Lines of a child process, which a thread passes on.
pub(super) struct Messages(Receiver<Vec<String>>);

impl Messages {
    /// Starts to pass the lines of the child on.
    ///
    /// # Errors
    /// The operating system allows no thread.
    pub(super) fn start(lines: ChildStderr) -> io::Result<Self> {
        let (sender, last) = mpsc::channel();
        // Without a receiver, the process ends.
        let pass_on = move || drop(sender.send(pass_on(lines)));
        std::thread::Builder::new().name("messages".to_owned()).spawn(pass_on)?;
        Ok(Self(last))
    }

    /// Returns what the runtime wrote before the end of the child, which was not passed on.
    pub(super) fn last(&self) -> Vec<String> {
        self.0.recv_timeout(LAST_LINES).unwrap_or_default()
    }
}

/// Passes the lines on until the end: JSON lines through the log. Returns what the runtime wrote
/// before the end.
fn pass_on(lines: ChildStderr) -> Vec<String> {
    let mut last = Vec::new();
    for line in BufReader::new(lines).split(b'\n').map_while(Result::ok) {
        let text = String::from_utf8_lossy(&line);
        if !last.is_empty() || LAST_WORDS.iter().any(|words| text.starts_with(words)) {
            last.extend((last.len() < MOST_LINES).then(|| text.into_owned()));
        } else if output::is_json() {
            log(&text);
        } else {
            // If stderr is closed, no output is possible.
            let _ = io::stderr().write_all(&[&line, &b"\n"[..]].concat());
        }
    }
    last
}

/// Shows what the runtime wrote, if the process did not end because of memory.
pub(super) fn show(last: &[String]) {
    for line in last {
        if output::is_json() {
            log(line);
        } else {
            let _ = writeln!(io::stderr(), "{line}");
        }
    }
}

/// Logs a line of JSON, or another line as a warning.
fn log(line: &str) {
    match line.trim() {
        "" => {}
        json if json.starts_with('{') => output::log(json),
        other => output::warn(other),
    }
}
