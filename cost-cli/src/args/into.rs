//! The estate that a pull writes.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::shown::FormatArgs;

/// Where to pull to.
#[derive(Debug, Args)]
pub(crate) struct IntoArgs {
    /// The estate: a folder; one that is there is replaced in one step when all is written
    #[arg(long, value_name = "ESTATE", env = "COST_ESTATE")]
    pub(crate) into: PathBuf,
    /// Day the data is of [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<NaiveDate>,
    /// What to call the estate in reports [default: the folder's name]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Tag keys that reviews group by when none are asked for
    #[arg(long, value_name = "KEY,…", value_delimiter = ',')]
    pub(crate) tag_keys: Vec<String>,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}
