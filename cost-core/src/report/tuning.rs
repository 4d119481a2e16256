//! Thresholds tried on past days, for people and programs.

use super::layout::Grid;
use super::{ReportError, json};
use crate::anomaly::{Trial, Tuning};

/// A tuning as JSON if `format` is `json`, else as a table.
///
/// # Errors
/// [`ReportError`].
pub fn tuning_text(tuning: &Tuning, format: &str) -> Result<String, ReportError> {
    if format == "json" { json::pretty(tuning) } else { Ok(table(tuning)) }
}

fn table(tuning: &Tuning) -> String {
    let last = tuning.until.pred_opt().unwrap_or(tuning.until);
    let mut out = format!("Anomalies a month that thresholds would have raised, {} to {last}\n\n", tuning.from);
    let mut grid = Grid::new(&[">above expectation", ">at least a day", ">raised", ">a month", ""]);
    for t in &tuning.trials {
        let mark = if Some(t) == tuning.proposed.as_ref() { "proposed" } else { "" };
        grid.row([
            format!("{} %", t.thresholds.relative_pct),
            t.thresholds.floor.to_string(),
            t.raised.to_string(),
            t.raised_a_month.to_string(),
            mark.to_owned(),
        ]);
    }
    out.push_str(&grid.render(80));
    out.push_str(&match tuning.proposed {
        Some(Trial { thresholds: t, .. }) => format!(
            "\nAt most {} a month: --threshold {}% --min-impact {}\n",
            tuning.most_a_month, t.relative_pct, t.floor
        ),
        None => format!("\nNone of these keeps to {} a month.\n", tuning.most_a_month),
    });
    out
}
