//! Thresholds tried on past days, for people and programs.

use std::collections::BTreeSet;

use super::{ReportError, json};
use cost_core::anomaly::{Trial, Tuning};

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
    let percents: BTreeSet<u32> = tuning.trials.iter().map(|t| t.thresholds.relative_pct).collect();
    let floors: BTreeSet<u32> = tuning.trials.iter().map(|t| t.thresholds.floor).collect();
    out.push_str("at least a day  ");
    for floor in &floors {
        out.push_str(&format!("{floor:>8}"));
    }
    out.push_str("\nabove expectation\n");
    for percent in percents {
        out.push_str(&format!("{percent:>14} %"));
        for t in tuning.trials.iter().filter(|t| t.thresholds.relative_pct == percent) {
            let mark = if Some(t) == tuning.proposed.as_ref() { "*" } else { "" };
            out.push_str(&format!("{:>8}", format!("{mark}{:.1}", t.raised_a_month)));
        }
        out.push('\n');
    }
    out.push_str(&match tuning.proposed {
        Some(Trial { thresholds: t, .. }) => format!(
            "\n* tells of the most excess cost with at most {} a month: --threshold {}% --min-impact {}\n",
            tuning.most_a_month, t.relative_pct, t.floor
        ),
        None => format!("\nNone of these keeps to {} a month.\n", tuning.most_a_month),
    });
    out
}
