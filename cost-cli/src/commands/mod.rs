//! One file a command.

pub(crate) mod anomalies;
pub(crate) mod aws;
pub(crate) mod checks;
pub(crate) mod completions;
pub(crate) mod decide;
pub(crate) mod explain;
mod job;
pub(crate) mod pull;
pub(crate) mod review;
pub(crate) mod savings;
pub(crate) mod schema;
pub(crate) mod sizing;
pub(crate) mod validate;
mod whoami;

use anyhow::Context;
use cost_core::report::{Look, View, renderer};
use cost_core::review::{AnomalyReport, Review};

use crate::output;

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
