//! Arguments for the output of a report.

use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, ValueEnum};
use cost_report::formats;

use super::bill::{EstateArgs, WhenArgs};

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Color {
    /// Colors on a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Args)]
pub(crate) struct LookArgs {
    /// Maximum width in columns [default: width of the terminal, else 80]
    #[arg(long, value_name = "N")]
    pub(crate) width: Option<usize>,
    /// When to use colors
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,
}

/// Output format and appearance of a report.
#[derive(Debug, Args)]
pub(crate) struct FormatArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", value_parser = format_names(), default_value = "table")]
    pub(crate) format: String,
    /// Write the report to this file instead of stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) look: LookArgs,
}

/// Returns the names of the output formats, with a description of each.
fn format_names() -> PossibleValuesParser {
    PossibleValuesParser::new(
        formats().iter().map(|f| PossibleValue::new(f.name()).help(f.about())),
    )
}

/// Month and report date, and output format.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) when: WhenArgs,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

/// Arguments of every report.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) estate: EstateArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}
