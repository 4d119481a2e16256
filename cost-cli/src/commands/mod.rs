//! One file a command.

pub(crate) mod anomalies;
pub(crate) mod aws;
mod aws_session;
pub(crate) mod checks;
pub(crate) mod commitments;
pub(crate) mod completions;
pub(crate) mod decide;
pub(crate) mod explain;
mod job;
mod judge;
pub(crate) mod pull;
pub(crate) mod review;
mod runtime;
pub(crate) mod savings;
pub(crate) mod schema;
pub(crate) mod sizing;
pub(crate) mod validate;
mod whoami;

use cost_core::lifecycle::SavingsLedger;

use crate::args::DecisionsArgs;
use crate::state::State;

/// What was decided on savings, if a file was named.
fn decisions(args: &DecisionsArgs) -> anyhow::Result<SavingsLedger> {
    Ok(State::peek(args.decisions.as_deref())?.unwrap_or_default())
}
