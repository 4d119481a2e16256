//! Anomaly thresholds tested on past days.

use std::collections::BTreeSet;

use cost_core::anomaly::{Trial, Tuning};

use crate::document::Document;
use crate::number::rounded;
use crate::report::{Report, ReportError, ViewOptions};
use crate::table::{Cell, Table, Value};
use crate::to_json;

/// Width of a count in the matrix, in characters.
const COUNT: usize = 6;

/// Report of `cost anomalies --tune`: anomalies per month that each pair of thresholds would have
/// raised.
#[derive(Clone, Copy, Debug)]
pub struct Tried<'a>(pub &'a Tuning);

impl Report for Tried<'_> {
    fn schema_name(&self) -> Option<&'static str> {
        Some("tune")
    }

    fn json(&self) -> Result<String, ReportError> {
        to_json::pretty(self.0)
    }

    fn documents(&self, _: &ViewOptions) -> Vec<Document> {
        vec![document(self.0)]
    }
}

fn document(tuning: &Tuning) -> Document {
    let last = tuning.until.pred_opt().unwrap_or(tuning.until);
    let mut doc =
        Document::new(format!("Anomalies per month by threshold, {} to {last}", tuning.from));
    doc.gap();
    doc.table(matrix(tuning));
    doc.gap();
    doc.line(match tuning.proposed {
        Some(Trial { thresholds: t, .. }) => format!(
            "* finds the most excess cost with at most {} per month: --threshold {}% --min-impact {}",
            tuning.most_a_month, t.relative_pct, t.floor
        ),
        None => format!("No thresholds stay within {} per month.", tuning.most_a_month),
    });
    doc
}

/// Returns a table with one row per percentage and one column per minimum excess per day.
fn matrix(tuning: &Tuning) -> Table {
    let percents: BTreeSet<u32> = tuning.trials.iter().map(|t| t.thresholds.relative_pct).collect();
    let floors: BTreeSet<u32> = tuning.trials.iter().map(|t| t.thresholds.floor).collect();
    let mut table = Table::new(&["minimum per day"]);
    for floor in floors {
        table.number_column(floor.to_string(), COUNT);
    }
    table.across("above expected");
    for percent in percents {
        let trials = tuning.trials.iter().filter(|t| t.thresholds.relative_pct == percent);
        let cell = |t: &Trial| {
            let mark = if Some(t) == tuning.proposed.as_ref() { "*" } else { "" };
            Cell::shown_as(
                format!("{mark}{:.1}", rounded(t.raised_a_month, 1)),
                Value::Number(t.raised_a_month),
            )
        };
        table.row(std::iter::once(Cell::text(format!("{percent:>14} %"))).chain(trials.map(cell)));
    }
    table
}
