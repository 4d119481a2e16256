//! Arguments of commands about `cost` itself: its checks, schemas, completions and manual pages.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;
use cost_report::schema_names;

use super::shown::FormatArgs;

#[derive(Debug, Args)]
pub(crate) struct ChecksArgs {
    /// One check [default: all]
    pub(crate) id: Option<String>,
    /// Write the Markdown to this folder, a file a check and an index, in place of stdout
    #[arg(long, value_name = "FOLDER", conflicts_with = "id")]
    pub(crate) into: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// The JSON output: the command that prints it [default: list them]
    #[arg(value_parser = PossibleValuesParser::new(schema_names()))]
    pub(crate) output: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write a page for each command to this folder, in place of the first to stdout
    /// (`cost man | man -l -`)
    #[arg(long, value_name = "FOLDER")]
    pub(crate) into: Option<PathBuf>,
}
