//! Labels of the days that a review compares.

use cost_core::month::Month;
use cost_core::review::{Compared, ComparedDays};

/// Column titles for the month, the previous month, and the same month of the previous year.
pub(super) struct Labels {
    pub(super) this: String,
    pub(super) last: String,
    pub(super) year: String,
}

impl Labels {
    /// Returns months as `2026-10`; for a running month the days, as `11-01..02`, and the year of
    /// the same days of the previous year.
    pub(super) fn of(compared: &Compared, month: Month) -> Self {
        let label = |days: Option<ComparedDays>, month: Month| match days {
            Some(days) if compared.is_running => first_days(days),
            _ => month.to_string(),
        };
        let year = month.minus(12);
        let running = compared.is_running.then(|| year.first_day().format("%Y").to_string());
        Self {
            this: label(Some(compared.this_month), month),
            last: label(compared.last_month, month.minus(1)),
            year: running.unwrap_or_else(|| year.to_string()),
        }
    }
}

/// Returns the days as `11-01..02`: the first day, and the day of the month of the last.
fn first_days(days: ComparedDays) -> String {
    format!("{}..{}", days.first_day.format("%m-%d"), days.last_day.format("%d"))
}
