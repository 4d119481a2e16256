//! Output: data on stdout, messages on stderr.

use std::backtrace::Backtrace;
use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use cost_core::text::{visible, visible_json};
use cost_report::terminal_text;

use crate::exit::Exit;
use crate::redact;

/// Writes `text` to stdout. A reader that closes the pipe early, such as `head`, is not an error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    print_report(masked(text).as_bytes()).map(|_| ())
}

/// Writes a rendered report to stdout, like [`print()`]. Its texts were masked before they were laid
/// out, and its amounts are not. Returns whether all of it was written: not if the reader closed
/// the pipe early.
pub(crate) fn print_report(report: &[u8]) -> anyhow::Result<bool> {
    let mut out = io::stdout().lock();
    match out.write_all(report).and_then(|()| out.flush()) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(e) => Err(e).context("cannot write to stdout"),
    }
}

/// Writes an error with its causes to stderr. The text can quote a file, so control characters and
/// invisible characters are escaped.
pub(crate) fn complain(error: &anyhow::Error) {
    if JSON.load(Ordering::Relaxed) {
        tracing::error!("{error:#}");
        return;
    }
    let text = terminal_text(&format!("error: {error:#}"));
    // If stderr is closed too, no output is possible.
    let _ = writeln!(io::stderr(), "{}", masked(&text));
}

/// Writes the message about wrong arguments to stderr, with its lines. Text of the arguments is
/// escaped and masked.
pub(crate) fn explain_usage(text: &str) {
    for line in text.trim_end().lines() {
        // If stderr is closed too, no output is possible.
        let _ = writeln!(io::stderr(), "{}", masked(&terminal_text(line)));
    }
}

/// Message for an internal error: the input is not the cause.
pub(crate) const OWN_FAULT: &str = "internal error in cost, not caused by the input";

/// Variable of the runtime that requests backtraces, and the one in which the child process gets it.
const BACKTRACE: &str = "RUST_BACKTRACE";
const OWN_BACKTRACE: &str = "COST_BACKTRACE";

/// Returns variables of a child process with which only [`catch_panics`] shows backtraces, and not
/// the runtime, which would also do so after a failed allocation.
#[cfg(target_os = "linux")]
pub(crate) fn own_backtraces() -> Vec<(&'static str, String)> {
    let requested = std::env::var(BACKTRACE).ok();
    requested.into_iter().flat_map(|v| [(OWN_BACKTRACE, v), (BACKTRACE, "0".into())]).collect()
}

/// Returns whether the user requested backtraces.
fn shows_backtraces() -> bool {
    let value = std::env::var_os(OWN_BACKTRACE).or_else(|| std::env::var_os(BACKTRACE));
    value.is_some_and(|value| value != "0")
}

/// Sets a hook that reports a panic in one line. A panic on a damaged file becomes an error, which
/// is reported where the file is read, and a limit of the system a message. `RUST_BACKTRACE` shows
/// the backtrace of other panics.
pub(crate) fn catch_panics() {
    std::panic::set_hook(Box::new(move |info| {
        if cost_core::shield::is_inside() {
            return;
        }
        if let Some(words) = info.payload_as_str().and_then(cost_core::shield::refused_by_system) {
            // Each thread that meets the limit panics, and one message is enough.
            if !REFUSED.swap(true, Ordering::Relaxed) {
                complain(&anyhow::anyhow!("{words}"));
            }
            return;
        }
        if REFUSED.load(Ordering::Relaxed) {
            return;
        }
        if shows_backtraces() && !JSON.load(Ordering::Relaxed) {
            let _ = writeln!(io::stderr(), "{}", Backtrace::force_capture());
        }
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let text = info.payload_as_str().and_then(|t| t.lines().next()).unwrap_or("no details");
        complain(&anyhow::anyhow!("{OWN_FAULT}: {text} ({place}); please report it"));
    }));
}

/// Whether the system refused a resource, such as a thread.
static REFUSED: AtomicBool = AtomicBool::new(false);

/// Returns the exit code of a command that failed: that of memory if the system refused a resource
/// and `ulimit -v` limits the memory, of which threads need some.
pub(crate) fn exit_of_failure() -> Exit {
    #[cfg(target_os = "linux")]
    if REFUSED.load(Ordering::Relaxed)
        && rlimit::getrlimit(rlimit::Resource::AS).is_ok_and(|(soft, _)| soft < rlimit::INFINITY)
    {
        return Exit::OutOfMemory;
    }
    Exit::Failed
}

/// Writes a warning to stderr.
pub(crate) fn warn(text: &str) {
    if JSON.load(Ordering::Relaxed) {
        tracing::warn!("{text}");
        return;
    }
    let _ = writeln!(io::stderr(), "{}", masked(&terminal_text(&format!("warning: {text}"))));
}

/// Whether each line of stderr is a JSON object: set once, by `--log-format json`.
static JSON: AtomicBool = AtomicBool::new(false);

/// Returns whether messages are JSON.
#[cfg(target_os = "linux")]
pub(crate) fn is_json() -> bool {
    JSON.load(Ordering::Relaxed)
}

/// Sends errors and warnings to the log from now on, which writes JSON.
pub(crate) fn say_json() {
    JSON.store(true, Ordering::Relaxed);
}

/// Writes a log line to stderr. It can contain names from a bill, so control characters and
/// invisible characters are escaped.
pub(crate) fn log(line: &str) {
    let line = line.trim_end_matches('\n');
    let is_json = JSON.load(Ordering::Relaxed);
    let line = if is_json { masked_json(line) } else { masked(line) };
    let line = if is_json { visible_json(&line) } else { visible(&line) };
    // If stderr is closed, there is no place left to report it.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Whether to mask account IDs in all output: set once, by `--redact`.
static REDACT: AtomicBool = AtomicBool::new(false);

/// Masks account IDs in all further output.
pub(crate) fn start_redacting() {
    REDACT.store(true, Ordering::Relaxed);
}

/// Returns whether to mask account IDs.
pub(crate) fn is_redacting() -> bool {
    REDACT.load(Ordering::Relaxed)
}

/// Returns `text` with account IDs masked, if requested.
fn masked(text: &str) -> Cow<'_, str> {
    if is_redacting() { Cow::Owned(redact::text(text)) } else { Cow::Borrowed(text) }
}

/// Returns JSON with account IDs masked, if requested.
fn masked_json(text: &str) -> Cow<'_, str> {
    if is_redacting() { Cow::Owned(redact::json(text)) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use cost_core::text::visible_json;

    #[test]
    fn a_json_line_has_no_hidden_characters() {
        let (line, shown) = ("{\"a\":\"prod\u{202e}tset\"}", r#"{"a":"prod\u202etset"}"#);
        assert_eq!(visible_json(line), shown);
        let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        assert_eq!(parsed(shown), parsed(line));
    }
}
