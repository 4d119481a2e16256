//! Arguments of `cost review`.

use std::num::NonZeroUsize;

use clap::Args;
use cost_core::rollup::Dimension;

use super::bill::ConfigArgs;
use super::decisions::DecisionsArgs;
use super::shown::ReportArgs;

#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Tables to show: service, account, region, provider, usage-type, charge-category,
    /// pricing-category, tag:KEY [default: service, account, region and the estate's tag keys]
    #[arg(long, value_name = "DIMENSION,…", value_delimiter = ',')]
    pub(crate) group_by: Vec<Dimension>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) decisions: DecisionsArgs,
    /// Maximum rows per table
    #[arg(long, value_name = "N", default_value = "10")]
    pub(crate) top: NonZeroUsize,
}
