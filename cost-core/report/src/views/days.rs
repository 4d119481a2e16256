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
    pub(super) fn of(compared: &Compared, month: Month) -> Self {
        let label = |days: Option<ComparedDays>, month: Month| match days {
            Some(days) if compared.is_running => first_days(days),
            _ => month.to_string(),
        };
        Self {
            this: label(Some(compared.this_month), month),
            last: label(compared.last_month, month.minus(1)),
            year: label(compared.last_year, month.minus(12)),
        }
    }
}

/// Returns the days as `2026-11-01..02`: the first day, and the day of the month of the last.
fn first_days(days: ComparedDays) -> String {
    format!("{}..{}", days.first_day, days.last_day.format("%d"))
}
