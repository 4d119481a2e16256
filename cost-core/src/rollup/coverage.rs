//! Days that a bill's charges cover, at any granularity.

use std::collections::BTreeMap;

use super::spread::Days;

/// Most days that a monthly charge covers.
const MONTH: usize = 31;

/// Charges by month of their first day: those of a day or less, and longer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OfMonth {
    /// Number of charges of up to a day, and the last day of any of them.
    short: (u64, i32),
    /// Same for longer charges, with the last day that one of up to a month covers.
    long: (u64, i32),
}

/// First and last day of the charges, days since 1970.
#[derive(Clone, Debug, Default)]
pub(super) struct Coverage {
    first: Option<i32>,
    months: BTreeMap<i32, OfMonth>,
    endless: u64,
}

impl Coverage {
    /// Adds charges by their first days. `long` marks rows that last more than a day, or that cover
    /// a day other than the UTC day of their start.
    #[inline]
    pub(super) fn add(&mut self, days: &[i32], long: &[(usize, Days)]) {
        let mut long = long.iter().peekable();
        let mut run: Option<(i32, i32, OfMonth)> = None;
        for (row, day) in days.iter().enumerate() {
            self.first = Some(self.first.map_or(*day, |f| f.min(*day)));
            let covered = long
                .next_if(|(at, _)| *at == row)
                .map(|(_, days)| days)
                .filter(|days| days.len() > 1);
            let inside = run.filter(|(from, until, _)| from <= day && day < until);
            let (from, until, mut of_month) = inside.unwrap_or_else(|| {
                self.store(run);
                let (from, until) = month_of(*day);
                (from, until, OfMonth { short: (0, i32::MIN), long: (0, i32::MIN) })
            });
            match covered {
                None => of_month.short = (of_month.short.0 + 1, of_month.short.1.max(*day)),
                Some(days) => {
                    let is_monthly = days.len() <= MONTH;
                    let last = if is_monthly {
                        *day + i32::try_from(days.len()).unwrap_or(1) - 1
                    } else {
                        *day
                    };
                    of_month.long = (of_month.long.0 + 1, of_month.long.1.max(last));
                }
            }
            run = Some((from, until, of_month));
        }
        self.store(run);
    }

    /// Adds charges that are too long to be spread over their days.
    pub(super) fn add_endless(&mut self, count: usize) {
        self.endless += u64::try_from(count).unwrap_or(u64::MAX);
    }

    /// Returns a note on these charges; `None` if there are none.
    pub(super) fn note(&self) -> Option<String> {
        let many = format!("{} charges last", self.endless);
        let charges = if self.endless == 1 { "1 charge lasts" } else { &many };
        (self.endless > 0).then(|| {
            format!(
                "{charges} more than five years by ChargePeriodEnd, such as until 9999-12-31: the total cost is on the first day and \
                 not spread over the charge period"
            )
        })
    }

    #[inline]
    fn store(&mut self, run: Option<(i32, i32, OfMonth)>) {
        if let Some((from, _, of_month)) = run {
            self.put(from, of_month);
        }
    }

    #[inline]
    fn put(&mut self, from: i32, more: OfMonth) {
        let of_month = self
            .months
            .entry(from)
            .or_insert(OfMonth { short: (0, i32::MIN), long: (0, i32::MIN) });
        of_month.short = (of_month.short.0 + more.short.0, of_month.short.1.max(more.short.1));
        of_month.long = (of_month.long.0 + more.long.0, of_month.long.1.max(more.long.1));
    }

    /// Adds the days of another part.
    pub(super) fn merge(&mut self, other: &Self) {
        self.first = match (self.first, other.first) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.endless += other.endless;
        other.months.iter().for_each(|(from, of_month)| self.put(*from, *of_month));
    }

    /// Returns the first and the last day; `None` without charges.
    ///
    /// For a daily or hourly bill, the last day on which a charge begins: a monthly fee does not
    /// show that later days have arrived. For a monthly bill, the last day that a charge of up to a
    /// month covers.
    pub(super) fn days(&self) -> Option<(i32, i32)> {
        let last = self
            .months
            .values()
            .map(|m| if m.long.0 > m.short.0 { m.long.1.max(m.short.1) } else { m.short.1 });
        Some((self.first?, last.max()?))
    }
}

/// Returns the first day of a day's month, and that of the next month.
fn month_of(day: i32) -> (i32, i32) {
    use chrono::Datelike;
    let Some(date) = crate::cells::day(day) else { return (day, day + 1) };
    let back = i32::try_from(date.day0()).unwrap_or(0);
    let length = i32::from(date.num_days_in_month());
    (day - back, day - back + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_US: i64 = 86_400_000_000;
    /// 2026-09-01.
    const SEPTEMBER: i32 = 20_697;

    fn month(first: i32, days: i64) -> Days {
        Days::of(i64::from(first) * DAY_US, (i64::from(first) + days) * DAY_US).expect("many days")
    }

    #[test]
    fn a_bill_by_the_month_is_complete_and_a_fee_does_not_reach_ahead() {
        let mut monthly = Coverage::default();
        monthly
            .add(&[SEPTEMBER, SEPTEMBER], &[(0, month(SEPTEMBER, 30)), (1, month(SEPTEMBER, 365))]);
        assert_eq!(monthly.days(), Some((SEPTEMBER, SEPTEMBER + 29)));
        let mut daily = Coverage::default();
        daily.add(
            &[SEPTEMBER, SEPTEMBER, SEPTEMBER + 1, SEPTEMBER + 2],
            &[(0, month(SEPTEMBER, 30))],
        );
        assert_eq!(daily.days(), Some((SEPTEMBER, SEPTEMBER + 2)));
        daily.merge(&monthly);
        assert_eq!(daily.days(), Some((SEPTEMBER, SEPTEMBER + 2)));
        assert_eq!(Coverage::default().days(), None);
    }
}
