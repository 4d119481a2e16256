//! [`WrongDate`]: dates of decisions that have no effect, or that never end.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::ledger::{SavingsLedger, Verdict};

/// Longest dismissal with an end, in days: five years. Chosen: the end of a later one would be
/// forgotten, and a dismissal without an end is possible.
const LONGEST_DISMISSAL_DAYS: u64 = 1_827;
/// Longest time between implementation and the newest data, in days: two years. Chosen: realized
/// savings compare the bill with the months before it, which no bill has after so long.
const OLDEST_DONE_DAYS: u64 = 731;

/// Error: the date of a decision has no effect, or it is not plausible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongDate {
    /// A dismissal that is over at once.
    #[error(
        "a dismissal until {until} would be over at once: data until {seen} has been processed; choose a later day"
    )]
    Over {
        /// Requested day.
        until: NaiveDate,
        /// Report date of the newest data.
        seen: NaiveDate,
    },
    /// A dismissal that ends too far away.
    #[error(
        "a dismissal until {until} is too long: at most until {longest}, or omit --until for no end"
    )]
    TooLong {
        /// Requested day.
        until: NaiveDate,
        /// Latest possible day.
        longest: NaiveDate,
    },
    /// An implementation in the future.
    #[error(
        "done on {on} is later than the clock, which shows {today}: use accept, and done once it is implemented"
    )]
    NotYet {
        /// Day of implementation.
        on: NaiveDate,
        /// Day of the clock.
        today: NaiveDate,
    },
    /// An implementation so long ago that no bill has the cost before it.
    #[error("done on {on} is too long ago to be measured: at the earliest on {earliest}")]
    TooOld {
        /// Day of implementation.
        on: NaiveDate,
        /// Earliest possible day.
        earliest: NaiveDate,
    },
}

impl SavingsLedger {
    /// Returns an error if a date of a decision has no effect or is not plausible: a dismissal must
    /// end after the report date of the newest data and within five years; an implementation is at
    /// the latest tomorrow (the clock of another time zone), and at most two years before the
    /// newest data.
    ///
    /// # Errors
    /// [`WrongDate`].
    pub fn check_dates(&self, verdict: &Verdict, now: DateTime<Utc>) -> Result<(), WrongDate> {
        let today = now.date_naive();
        let seen = self.seen.map_or(today, |(_, as_of)| as_of.min(today));
        let after = |days| today.checked_add_days(Days::new(days)).unwrap_or(today);
        match *verdict {
            Verdict::Dismissed { until: Some(until), .. } => {
                let longest = after(LONGEST_DISMISSAL_DAYS);
                match () {
                    () if until <= seen => Err(WrongDate::Over { until, seen }),
                    () if until > longest => Err(WrongDate::TooLong { until, longest }),
                    () => Ok(()),
                }
            }
            Verdict::Done { on, .. } => {
                let earliest = seen.checked_sub_days(Days::new(OLDEST_DONE_DAYS)).unwrap_or(seen);
                match () {
                    () if on > after(1) => Err(WrongDate::NotYet { on, today }),
                    () if on < earliest => Err(WrongDate::TooOld { on, earliest }),
                    () => Ok(()),
                }
            }
            Verdict::Accepted | Verdict::Dismissed { until: None, .. } => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn dates_without_effect_or_end_are_refused() {
        let now: DateTime<Utc> = "2026-11-27T12:00:00Z".parse().unwrap();
        let until = |ledger: &SavingsLedger, until: &str| {
            let until = Some(day(until));
            ledger.check_dates(&Verdict::Dismissed { reason: "r".into(), until }, now)
        };
        let done = |ledger: &SavingsLedger, on: &str| {
            let verdict = Verdict::Done { on: day(on), replaced_by: Vec::new() };
            ledger.check_dates(&verdict, now)
        };
        let new = SavingsLedger::default();
        assert!(matches!(until(&new, "2026-11-27"), Err(WrongDate::Over { .. })));
        assert_eq!(until(&new, "2026-11-28"), Ok(()));
        // Five years with one leap day: 365 × 5 + 1 = 1,826 days, and one more.
        assert_eq!(until(&new, "2031-11-28"), Ok(()));
        assert!(matches!(until(&new, "2031-11-29"), Err(WrongDate::TooLong { .. })));
        assert_eq!(done(&new, "2026-11-28"), Ok(()));
        assert!(matches!(done(&new, "2026-11-29"), Err(WrongDate::NotYet { .. })));
        // 731 days before: two years are 730 days here.
        assert_eq!(done(&new, "2024-11-26"), Ok(()));
        assert!(matches!(done(&new, "2024-11-25"), Err(WrongDate::TooOld { .. })));
        let seen = Some(("2026-08".parse().unwrap(), day("2026-09-01")));
        let old = SavingsLedger { seen, ..new };
        assert!(matches!(until(&old, "2026-09-01"), Err(WrongDate::Over { .. })));
        assert_eq!(until(&old, "2026-09-02"), Ok(()));
        assert_eq!(done(&old, "2024-09-01"), Ok(()));
    }
}
