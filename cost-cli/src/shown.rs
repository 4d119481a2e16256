//! Reports in the requested format, width, and color.

use std::io::{self, IsTerminal};

use anyhow::{Context, ensure};
use cost_core::file::replace;
use cost_report::{RenderOptions, Rendered, Report, format};

use crate::args::{Color, FormatArgs, LookArgs};
use crate::output::{is_redacting, print_report};
use crate::redact::Redacted;

/// Width in columns if stdout is not a terminal.
const PIPE_WIDTH: usize = 80;

/// Prints a report in the requested format, or writes it to the requested file. Long tables show
/// `top` rows.
pub(crate) fn show(report: &dyn Report, args: &FormatArgs, top: usize) -> anyhow::Result<()> {
    write(&rendered(report, &args.format, &look(&args.look, top))?, args).map(|_| ())
}

/// Prints like [`show`], for reports with pages, which need at least 60 columns.
pub(crate) fn show_pages(report: &dyn Report, args: &FormatArgs, top: usize) -> anyhow::Result<()> {
    show_all_pages(report, args, top).map(|_| ())
}

/// Prints like [`show_pages`]. Returns whether all of it was written: not if the reader closed the
/// pipe early.
pub(crate) fn show_all_pages(
    report: &dyn Report,
    args: &FormatArgs,
    top: usize,
) -> anyhow::Result<bool> {
    let look = look(&args.look, top);
    let look = RenderOptions { width: look.width.max(MIN_PAGE_WIDTH), ..look };
    write(&rendered(report, &args.format, &look)?, args)
}

/// Writes a rendered report to the requested file, else to stdout. Returns whether all of it was
/// written: not if the reader of stdout closed the pipe early.
pub(crate) fn write(report: &Rendered, args: &FormatArgs) -> anyhow::Result<bool> {
    if let Some(path) = &args.output {
        replace(path, report.as_bytes())
            .with_context(|| format!("cannot write {}", path.display()))?;
        return Ok(true);
    }
    let is_terminal = matches!(report, Rendered::Binary(_)) && io::stdout().is_terminal();
    ensure!(!is_terminal, "{} is not text; write it to a file with --output FILE", args.format);
    print_report(report.as_bytes())
}

/// Renders a report in the named format.
pub(crate) fn rendered(
    report: &dyn Report,
    name: &str,
    look: &RenderOptions,
) -> anyhow::Result<Rendered> {
    let format = format(name).with_context(|| format!("unknown format `{name}`; see --help"))?;
    if is_redacting() {
        return Ok(format.render(&Redacted(report), look)?);
    }
    Ok(format.render(report, look)?)
}

/// Minimum width of pages, in columns.
const MIN_PAGE_WIDTH: usize = 60;

/// Returns width and color as requested, else those of the terminal.
pub(crate) fn look(args: &LookArgs, top: usize) -> RenderOptions {
    let terminal = io::stdout().is_terminal();
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let color = match args.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => terminal && !no_color,
    };
    let of_terminal =
        || terminal_size::terminal_size().filter(|_| terminal).map(|(w, _)| usize::from(w.0));
    RenderOptions { width: args.width.or_else(of_terminal).unwrap_or(PIPE_WIDTH), color, top }
}
