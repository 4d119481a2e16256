//! What rules of right-sizing would have saved and risked, as text and JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::layout::{Grid, title, wrap};
use super::{Look, ReportError, json};
use cost_core::opportunity::Variant;
use cost_core::rightsizing::backtest::{Score, Sizing};

/// Version of the JSON output: the first number changes when a reader of the old one would break.
const SCHEMA_VERSION: &str = "1.0";

/// The measurement as JSON has it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SizingReport")]
pub(super) struct SizingReport<'a> {
    /// Version of this output.
    schema_version: &'a str,
    /// Program and version.
    generator: &'a str,
    /// What was measured.
    #[serde(flatten)]
    sizing: &'a Sizing,
}

/// As JSON.
///
/// # Errors
/// [`ReportError`].
pub fn sizing_json(sizing: &Sizing) -> Result<String, ReportError> {
    json::pretty(&SizingReport { schema_version: SCHEMA_VERSION, generator: cost_core::GENERATOR, sizing })
}

/// For people.
#[must_use]
pub fn sizing_table(sizing: &Sizing, look: &Look) -> String {
    let s = sizing;
    let about = format!(
        "{} machines, each on the cheapest type that holds what it was given: {:.2} USD an hour. Advice from the first {} days, judged \
         on the days after. Shortfall is the share of samples in which a machine asked for more CPU than its type has; the types they \
         are placed on already fall short in {:.3} %.",
        s.machines, s.usd_per_hour, s.train_days, s.shortfall_today_pct
    );
    let mut out = wrap("", &about, look.width);
    if !s.not_placed.is_empty() {
        out.push_str(&wrap("No type holds: ", &s.not_placed.join(", "), look.width));
    }
    out.push_str(&table(
        "Rules, from the same catalogue",
        "safe: same class and maker, no CPU credits; balanced: same architecture; bold: any type",
        &s.rules,
        look,
    ));
    out.push_str(&table("This tool with other limits", "", &s.curve, look));
    out
}

fn table(heading: &str, about: &str, all: &[Score], look: &Look) -> String {
    let mut out = title(look, heading);
    if !about.is_empty() {
        out.push_str(&wrap("", about, look.width));
    }
    let mut grid = Grid::new(&["may be", "rule", ">saving", ">shortfall", ">worst machine", ">changed"]);
    let mut last: Option<Variant> = None;
    for score in all {
        let reach = if last == Some(score.reach) { "" } else { score.reach.as_str() };
        last = Some(score.reach);
        let pct = |value: f64, digits: usize| format!("{value:.digits$} %");
        grid.row([
            reach.to_owned(),
            score.rule.clone(),
            pct(score.saving_pct, 1),
            pct(score.shortfall_pct, 3),
            pct(score.worst_pct, 2),
            score.changed.to_string(),
        ]);
    }
    out.push_str(&grid.show(look, look.width));
    out
}
