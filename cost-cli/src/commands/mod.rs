//! One file a command.

pub(crate) mod anomalies;
pub(crate) mod aws;
pub(crate) mod checks;
pub(crate) mod completions;
pub(crate) mod decide;
pub(crate) mod explain;
mod job;
mod judge;
pub(crate) mod pull;
pub(crate) mod review;
pub(crate) mod savings;
pub(crate) mod schema;
pub(crate) mod sizing;
pub(crate) mod validate;
mod whoami;

use anyhow::Context;
use cost_core::lifecycle::{RealisedReport, SavingsLedger};
use cost_core::report::{Look, View, renderer};
use cost_core::review::{AnomalyReport, Review};

use crate::args::DecisionsArgs;
use crate::output;
use crate::state::State;

/// What was decided on savings, if a file was named.
fn decisions(args: &DecisionsArgs) -> anyhow::Result<SavingsLedger> {
    let read = args.decisions.as_deref().map(|path| State::lock(path)?.read()).transpose()?;
    Ok(read.unwrap_or_default())
}

/// Prints one view of a review.
fn show(review: &Review, view: View, format: &str, look: &Look) -> anyhow::Result<()> {
    let renderer = renderer(format).with_context(|| format!("there is no format `{format}`"))?;
    output::print(&renderer.render(review, view, look)?)
}

/// Prints a report of anomalies.
fn show_anomalies(report: &AnomalyReport, format: &str, look: &Look) -> anyhow::Result<()> {
    let renderer = renderer(format).with_context(|| format!("there is no format `{format}`"))?;
    output::print(&renderer.render_anomalies(report, look)?)
}

/// Prints what was done, held against the bill.
fn show_realised(report: &RealisedReport, format: &str, look: &Look) -> anyhow::Result<()> {
    let renderer = renderer(format).with_context(|| format!("there is no format `{format}`"))?;
    output::print(&renderer.render_realised(report, look)?)
}
