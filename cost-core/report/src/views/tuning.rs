//! Thresholds tried on past days.

use std::collections::BTreeSet;

use cost_core::anomaly::{Trial, Tuning};

use crate::document::Document;
use crate::number::rounded;
use crate::report::{Report, ReportError, ViewOptions};
use crate::table::{Cell, Table, Value};
use crate::to_json;

/// Characters of a count in the matrix.
const COUNT: usize = 6;

/// `cost anomalies --tune`: how many anomalies a month pairs of thresholds would have raised.
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
    let mut doc = Document::new(format!(
        "Anomalies a month that thresholds would have raised, {} to {last}",
        tuning.from
    ));
    doc.gap();
    doc.table(matrix(tuning));
    doc.gap();
    doc.line(match tuning.proposed {
        Some(Trial { thresholds: t, .. }) => format!(
            "* tells of the most excess cost with at most {} a month: --threshold {}% --min-impact {}",
            tuning.most_a_month, t.relative_pct, t.floor
        ),
        None => format!("None of these keeps to {} a month.", tuning.most_a_month),
    });
    doc
}

/// A row a percentage, a column a floor.
fn matrix(tuning: &Tuning) -> Table {
    let percents: BTreeSet<u32> = tuning.trials.iter().map(|t| t.thresholds.relative_pct).collect();
    let floors: BTreeSet<u32> = tuning.trials.iter().map(|t| t.thresholds.floor).collect();
    let mut table = Table::new(&["at least a day"]);
    for floor in floors {
        table.number_column(floor.to_string(), COUNT);
    }
    table.across("above expectation");
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
