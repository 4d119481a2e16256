//! How a report is shown.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};
use cost_report::formats;

use super::bill::{EstateArgs, WhenArgs};

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Args)]
pub(crate) struct LookArgs {
    /// Columns to fit [default: the terminal's, or 80]
    #[arg(long, value_name = "N")]
    pub(crate) width: Option<usize>,
    /// When to use colors
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,
}

/// How a report is shown.
#[derive(Debug, Args)]
pub(crate) struct FormatArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", value_parser = format_names(), default_value = "table")]
    pub(crate) format: String,
    #[command(flatten)]
    pub(crate) look: LookArgs,
}

/// Names of the output formats, and what each is for.
fn format_names() -> PossibleValuesParser {
    PossibleValuesParser::new(
        formats().iter().map(|f| PossibleValue::new(f.name()).help(f.about())),
    )
}

/// When a report is of, and how it is shown.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) when: WhenArgs,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

/// What every report takes.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) estate: EstateArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}
