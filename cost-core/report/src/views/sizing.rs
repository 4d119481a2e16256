//! Rightsizing rules: what they would have saved and risked.

use cost_core::opportunity::Variant;
use cost_core::rightsizing::backtest::{Score, Sizing};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;

use crate::document::{Document, Item, List, Mark};
use crate::report::{Audience, Report, ReportError, ViewOptions};
use crate::table::{Cell, Table, Value};
use crate::text::Text;
use crate::to_json;

/// Version of the JSON output. A breaking change increases the first number.
const SCHEMA_VERSION: &str = "1.0";

/// Measurement of rightsizing rules, as JSON.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "SizingReport")]
pub(crate) struct SizingReport<'a> {
    /// Version of this output format.
    schema_version: &'a str,
    /// Program name and version.
    generator: &'a str,
    /// Results of the measurement.
    #[serde(flatten)]
    sizing: &'a Sizing,
}

/// Report of `cost sizing`.
#[derive(Clone, Copy, Debug)]
pub struct SizingRules<'a>(pub &'a Sizing);

impl Report for SizingRules<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        Some("sizing")
    }

    fn json(&self) -> Result<String, ReportError> {
        let generator = cost_core::GENERATOR;
        to_json::pretty(&SizingReport { schema_version: SCHEMA_VERSION, generator, sizing: self.0 })
    }

    fn documents(&self, view: &ViewOptions) -> Vec<Document> {
        vec![document(self.0, view.audience)]
    }
}

fn document(s: &Sizing, audience: Audience) -> Document {
    let title = audience.is_page().then(|| Text::from("Rightsizing rules"));
    let mut doc = Document { title, blocks: Vec::new() };
    doc.paragraph(format!(
        "{} machines, each on the cheapest type that fits its allocated capacity: {:.2} USD per hour. The advice uses the first {} days and \
         is evaluated on the following days. Shortfall is the share of samples in which a machine needed more CPU than its type has; \
         with the current types it is {:.3} %.",
        s.machines, s.usd_per_hour, s.train_days, s.shortfall_today_pct
    ));
    if !s.not_placed.is_empty() {
        doc.list(List::new(Mark::None, [Item::labeled("No type fits", s.not_placed.join(", "))]));
    }
    doc.heading("Rules, with the same catalog of types");
    doc.paragraph(
        "safe: same class and manufacturer, no CPU credits; balanced: same architecture; bold: any type",
    );
    doc.table(scores(&s.rules));
    doc.heading("Prediction");
    doc.list(prediction(s));
    doc.heading("Rules of this tool with other limits");
    doc.table(scores(&s.curve));
    doc
}

/// Facts on the prediction of CPU, and on machines that are too small.
fn prediction(s: &Sizing) -> List {
    let (p, small) = (&s.predicted, &s.too_small);
    let pct = |value: Option<f64>| value.map_or("–".to_owned(), |v| format!("{v:.0} %"));
    let cpu = format!(
        "{} machines: mean error {:.1} points, bias {:+.1} points; {:.0} % needed over 5 points more, {:.0} % over 5 points less",
        p.machines, p.mean_error_points, p.bias_points, p.too_low_pct, p.too_high_pct
    );
    let too_small = format!(
        "{} found from the first days, {} on the following days: precision {}, recall {}",
        small.found,
        small.observed,
        pct(small.precision_pct),
        pct(small.recall_pct)
    );
    List::new(
        Mark::None,
        [
            Item::labeled("CPU p99 of hourly maxima on the current type", cpu),
            Item::labeled("Too small, CPU p99 over 70 %", too_small),
        ],
    )
}

fn scores(all: &[Score]) -> Table {
    let mut table =
        Table::new(&["variant", "rule", ">saving", ">shortfall", ">worst machine", ">changed"]);
    let mut last: Option<Variant> = None;
    for score in all {
        let reach = if last == Some(score.reach) { "" } else { score.reach.as_str() };
        last = Some(score.reach);
        table.row([
            Cell::text(reach),
            Cell::text(&score.rule),
            percent(score.saving_pct, 1),
            percent(score.shortfall_pct, 3),
            percent(score.worst_pct, 2),
            Cell::shown_as(score.changed, Value::Number(score.changed.into())),
        ]);
    }
    table
}

fn percent(value: f64, digits: usize) -> Cell {
    let exact = Decimal::try_from(value).map_or(Value::Unknown, Value::Percent);
    Cell::shown_as(format!("{value:.digits$} %"), exact)
}
