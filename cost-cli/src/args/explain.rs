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
    /// Id of a saving (op-…) or an anomaly (an-…), as the review shows it
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) estate: EstateArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// The review's month [default: the newest month that knows the id]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,
    /// The review's day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<NaiveDate>,
    /// The scheduled job's file: when an anomaly was raised, and what was decided on it
    #[arg(long, value_name = "FILE", env = "COST_STATE")]
    pub(crate) state: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) decisions: DecisionsArgs,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}
