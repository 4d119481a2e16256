//! Arguments of commands about `cost` itself: checks, schemas, completions, and manual pages.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;
use cost_report::schema_names;

use super::shown::FormatArgs;

#[derive(Debug, Args)]
pub(crate) struct ChecksArgs {
    /// ID of a check [default: all checks]
    pub(crate) id: Option<String>,
    /// Write Markdown to this folder instead of stdout: one file per check, and an index
    #[arg(long, value_name = "FOLDER", conflicts_with = "id")]
    pub(crate) into: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// Name of the command that prints the JSON output [default: list the names]
    #[arg(value_parser = PossibleValuesParser::new(schema_names()))]
    pub(crate) output: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell to print completions for
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write one page per command to this folder. By default, the main page goes to stdout
    /// (`cost man | man -l -`)
    #[arg(long, value_name = "FOLDER")]
    pub(crate) into: Option<PathBuf>,
}
