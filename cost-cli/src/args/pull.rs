//! Arguments of `cost pull`.

use clap::{Args, Subcommand};

use super::aws::PullAwsArgs;
use super::bill::{ChooseArgs, location};
use super::into::IntoArgs;

/// Sources of a pull.
#[derive(Debug, Subcommand)]
pub(crate) enum Pull {
    /// Collect bills from files: FOCUS, or exports of AWS, Azure, and Google Cloud, which are
    /// converted to FOCUS
    Files(PullFilesArgs),
    /// Collect data from an AWS organization or account, read-only
    Aws(Box<PullAwsArgs>),
}

#[derive(Debug, Args)]
pub(crate) struct PullFilesArgs {
    /// File (CSV or Parquet), folder of files with or without manifests, a quoted glob, or `-` for
    /// stdin
    #[arg(value_parser = location)]
    pub(crate) path: String,
    #[command(flatten)]
    pub(crate) choose: ChooseArgs,
    #[command(flatten)]
    pub(crate) into: IntoArgs,
}
