//! Arguments of `cost explain`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use cost_core::month::Month;

use super::bill::{ConfigArgs, EstateArgs};
use super::decisions::DecisionsArgs;
use super::shown::FormatArgs;

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// ID of an opportunity (op-…) or an anomaly (an-…), as shown by `cost review`
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) estate: EstateArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Month of the review [default: the newest month that contains the ID]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,
    /// Report date of the review: hides charges from this day on
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<NaiveDate>,
    /// File of the scheduled job: shows when an anomaly was raised and the decision on it
    #[arg(long, value_name = "FILE", env = "COST_STATE")]
    pub(crate) state: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) decisions: DecisionsArgs,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}
