//! The file of decisions on savings.

use std::path::PathBuf;

use clap::Args;

/// What was decided on savings.
#[derive(Debug, Args)]
pub(crate) struct DecisionsArgs {
    /// The file that remembers savings and what was decided on them: `cost savings` takes in what
    /// it finds
    #[arg(long, value_name = "FILE", env = "COST_DECISIONS")]
    pub(crate) decisions: Option<PathBuf>,
}
