//! Arguments of `cost pull`.

use clap::{Args, Subcommand};

use super::aws::PullAwsArgs;
use super::bill::ChooseArgs;
use super::into::IntoArgs;

/// Where to pull from.
#[derive(Debug, Subcommand)]
pub(crate) enum Pull {
    /// Bills from files: FOCUS, or what AWS, Azure and Google Cloud export themselves, written as
    /// FOCUS
    Files(PullFilesArgs),
    /// A live AWS organization or account, read-only
    Aws(Box<PullAwsArgs>),
}

#[derive(Debug, Args)]
pub(crate) struct PullFilesArgs {
    /// A file (CSV or Parquet), a folder of them with or without manifests, or a quoted glob
    pub(crate) path: String,
    #[command(flatten)]
    pub(crate) choose: ChooseArgs,
    #[command(flatten)]
    pub(crate) into: IntoArgs,
}
