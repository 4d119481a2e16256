//! Arguments for the estate that a pull writes.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::shown::FormatArgs;

/// Destination of a pull.
#[derive(Debug, Args)]
pub(crate) struct IntoArgs {
    /// Estate folder to write. An existing one is replaced in one step when the pull is complete
    #[arg(long, value_name = "ESTATE", env = "COST_ESTATE")]
    pub(crate) into: PathBuf,
    /// Date of the data [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<NaiveDate>,
    /// Name of the estate in reports [default: name of the folder]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Tag keys that reviews group by default
    #[arg(long, value_name = "KEY,…", value_delimiter = ',')]
    pub(crate) tag_keys: Vec<String>,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}
