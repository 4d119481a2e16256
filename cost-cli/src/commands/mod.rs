//! Commands, one file each.

pub(crate) mod anomalies;
#[cfg(feature = "aws")]
pub(crate) mod aws;
#[cfg(not(feature = "aws"))]
#[path = "no_aws.rs"]
pub(crate) mod aws;
pub(crate) mod checks;
pub(crate) mod commitments;
pub(crate) mod completions;
pub(crate) mod decide;
pub(crate) mod explain;
mod job;
mod judge;
pub(crate) mod man;
#[cfg(feature = "aws")]
mod paid;
#[cfg(feature = "aws")]
mod progress;
pub(crate) mod pull;
pub(crate) mod reconcile;
pub(crate) mod review;
mod runtime;
pub(crate) mod savings;
pub(crate) mod schema;
pub(crate) mod sizing;
pub(crate) mod validate;

use cost_core::lifecycle::SavingsLedger;

use crate::args::DecisionsArgs;
use crate::state::State;

/// Returns the decisions on savings opportunities; empty without a file.
fn decisions(args: &DecisionsArgs) -> anyhow::Result<SavingsLedger> {
    Ok(State::peek(args.decisions.as_deref())?.unwrap_or_default())
}
