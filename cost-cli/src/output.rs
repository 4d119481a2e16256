//! stdout for data, stderr for talk.

use std::io::{self, IsTerminal, Write};

use anyhow::Context;
use cost_core::report::{Look, terminal_text};

use crate::args::{Color, LookArgs};

/// Columns of output that goes to no terminal.
const PIPE_WIDTH: usize = 80;

/// Writes `text` to stdout. A reader that has gone away, as `head` does, is no failure.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to stdout"),
    }
}

/// Writes an error with its causes to stderr. Its text can quote a file: control characters are escaped.
pub(crate) fn complain(error: &anyhow::Error) {
    let text = terminal_text(&format!("error: {error:#}"));
    // If stderr is closed too there is nobody left to tell.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Writes a warning to stderr.
pub(crate) fn warn(text: &str) {
    let _ = writeln!(io::stderr(), "{}", terminal_text(&format!("warning: {text}")));
}

/// Width and colours, as asked for or as the terminal has them.
pub(crate) fn look(args: &LookArgs, top: usize) -> Look {
    let terminal = io::stdout().is_terminal();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let color = match args.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && !no_color,
    };
    let of_terminal = || terminal_size::terminal_size().filter(|_| terminal).map(|(w, _)| usize::from(w.0));
    Look { width: args.width.or_else(of_terminal).unwrap_or(PIPE_WIDTH), color, top }
}
