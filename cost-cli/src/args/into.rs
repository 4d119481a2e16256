//! Arguments for the estate that a pull writes.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;

use super::shown::FormatArgs;

/// Destination of a pull.
#[derive(Debug, Args)]
pub(crate) struct IntoArgs {
    /// Estate folder to write. An existing one is replaced in one step when the pull is complete;
    /// other files in the folder stay
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
    /// Replace an estate that has more data, even if this pull is incomplete, for example because a
    /// region did not answer. Otherwise the estate stays as it is, and the pull fails
    #[arg(long)]
    pub(crate) allow_partial: bool,
    /// Exit with code 3 if data is missing from the estate
    #[arg(long)]
    pub(crate) strict: bool,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}
