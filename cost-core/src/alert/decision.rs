//! Decisions on alerts.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Days after which a snooze ends in any case, counted from the decision. Chosen (ADR 0043): a year.
/// An alert that should never be sent again is resolved.
pub(super) const LONGEST_SNOOZE_DAYS: u64 = 366;

/// Kind of decision on an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Acknowledged: someone is working on it. No more notices, except that it ended.
    Acknowledged,
    /// Snoozed: no notices until a day.
    Snoozed,
    /// Resolved: no more notices.
    Resolved,
}

/// Decision on an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Kind of decision.
    pub verdict: Verdict,
    /// Time of the decision.
    pub at: DateTime<Utc>,
    /// For snoozed alerts: first day with notices again.
    pub until: Option<NaiveDate>,
    /// Reason given by the person.
    pub note: Option<String>,
}

/// Short text without time and reason: `snoozed until 2026-03-14`.
impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.verdict, self.until) {
            (Verdict::Acknowledged, _) => f.write_str("acknowledged"),
            (Verdict::Snoozed, Some(until)) => write!(f, "snoozed until {until}"),
            (Verdict::Snoozed, None) => f.write_str("snoozed"),
            (Verdict::Resolved, _) => f.write_str("resolved"),
        }
    }
}

impl Decision {
    /// Returns the first day with notices again, for a snoozed alert: at most a year after the
    /// decision.
    #[must_use]
    pub fn snoozed_until(&self) -> Option<NaiveDate> {
        let until = self.until.filter(|_| self.verdict == Verdict::Snoozed)?;
        let longest = self.at.date_naive().checked_add_days(Days::new(LONGEST_SNOOZE_DAYS));
        Some(longest.map_or(until, |longest| until.min(longest)))
    }
}
