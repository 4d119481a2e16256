//! One file a command.

pub(crate) mod anomalies;
pub(crate) mod checks;
pub(crate) mod completions;
pub(crate) mod explain;
pub(crate) mod review;
pub(crate) mod savings;
pub(crate) mod schema;
pub(crate) mod validate;

use cost_core::report::{Look, View, renderer};
use cost_core::review::Review;

use crate::args::Format;
use crate::output;

/// Prints one view of a review.
fn show(review: &Review, view: View, format: Format, look: &Look) -> anyhow::Result<()> {
    let name = format.name();
    let renderer = renderer(name).ok_or_else(|| anyhow::anyhow!("format {name} is not built in"))?;
    output::print(&renderer.render(review, view, look)?)
}
