//! Argument for the file of decisions on savings opportunities.

use std::path::PathBuf;

use clap::Args;

/// Decisions on savings opportunities.
#[derive(Debug, Args)]
pub(crate) struct DecisionsArgs {
    /// File with savings opportunities and the decisions on them; `cost savings` adds those it
    /// finds
    #[arg(long, value_name = "FILE", env = "COST_DECISIONS")]
    pub(crate) decisions: Option<PathBuf>,
}
