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

use anyhow::Context;
use cost_core::lifecycle::{RealisedReport, SavingsLedger};
use cost_core::review::{AnomalyReport, Review};
use cost_report::{Look, Render, View, renderer};

use crate::args::DecisionsArgs;
use crate::output;
use crate::state::State;

/// What was decided on savings, if a file was named.
fn decisions(args: &DecisionsArgs) -> anyhow::Result<SavingsLedger> {
    Ok(State::peek(args.decisions.as_deref())?.unwrap_or_default())
}

/// The output format of a name.
fn named(format: &str) -> anyhow::Result<&'static dyn Render> {
    renderer(format).with_context(|| format!("there is no format `{format}`"))
}

/// Prints one view of reviews.
fn show(reviews: &[Review], view: View, format: &str, look: &Look) -> anyhow::Result<()> {
    output::print(&named(format)?.render(reviews, view, look)?)
}

/// Prints reports of anomalies.
fn show_anomalies(reports: &[AnomalyReport], format: &str, look: &Look) -> anyhow::Result<()> {
    output::print(&named(format)?.render_anomalies(reports, look)?)
}

/// Prints what was done, held against the bill.
fn show_realised(reports: &[RealisedReport], format: &str, look: &Look) -> anyhow::Result<()> {
    output::print(&named(format)?.render_realised(reports, look)?)
}
