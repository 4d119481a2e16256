//! What a day was to be expected to cost, from the days before it.

use chrono::{Datelike, Days, Months, NaiveDate};
use statrs::statistics::{Data, Median};

/// Weeks of the same weekday looked at.
const WEEKS: u64 = 6;
/// Fewest earlier days a judgement needs.
pub(super) const MIN_DAYS: i64 = 14;
/// Months looked back on for charges of the same day of the month.
const RHYTHM_MONTHS: u32 = 3;
/// 1 ÷ Φ⁻¹(0.75): makes the median absolute deviation of normal data estimate its standard deviation.
const MAD_TO_SIGMA: f64 = 1.482_6;

/// A daily series: the first day, and a value a day; days without charges are 0.
pub(super) struct Series {
    pub(super) first: NaiveDate,
    pub(super) values: Vec<f64>,
}

/// What a day was to be expected to cost.
pub(super) struct Expectation {
    /// The most likely cost.
    pub(super) value: f64,
    /// Robust standard deviation of days around it.
    pub(super) sigma: f64,
    /// What it is based on.
    pub(super) basis: &'static str,
}

impl Series {
    fn at(&self, day: NaiveDate) -> Option<f64> {
        let index = usize::try_from(day.signed_duration_since(self.first).num_days()).ok()?;
        self.values.get(index).copied()
    }

    /// Days before `day`.
    pub(super) fn age(&self, day: NaiveDate) -> i64 {
        day.signed_duration_since(self.first).num_days()
    }

    /// The expectation for `day` from the days before it; `None` with fewer than [`MIN_DAYS`] of them.
    ///
    /// Weekly rhythm: the median of the same weekday in the last six weeks. Monthly rhythm: where the same day of the
    /// month (counted from the start or the end) stood above its own weekday's median in each of the months before, at
    /// least one and at most three, the smallest of these heights is expected on top. Spread: 1.4826 × the median absolute deviation of the last
    /// six weeks' days from their weekday's median.
    pub(super) fn expect(&self, day: NaiveDate) -> Option<Expectation> {
        if self.age(day) < MIN_DAYS {
            return None;
        }
        let weekly = self.weekday_median(day, day)?;
        let sigma = self.spread(day);
        let monthly = self.monthly(day).filter(|height| *height > 0.0);
        let (value, basis) = monthly.map_or((weekly, "weekly rhythm"), |height| (weekly + height, "monthly rhythm"));
        Some(Expectation { value, sigma, basis })
    }

    /// The median of `day`'s weekday in the six weeks before `before`.
    fn weekday_median(&self, day: NaiveDate, before: NaiveDate) -> Option<f64> {
        let same = (0..=WEEKS).filter_map(|w| {
            let offset =
                i64::from(day.weekday().num_days_from_monday()) - i64::from(before.weekday().num_days_from_monday());
            let anchor =
                before.checked_add_signed(chrono::Duration::days(offset))?.checked_sub_days(Days::new(7 * w))?;
            (anchor < before).then(|| self.at(anchor)).flatten()
        });
        let same: Vec<f64> = same.take(usize::try_from(WEEKS).unwrap_or(6)).collect();
        (!same.is_empty()).then(|| Data::new(same).median())
    }

    fn spread(&self, day: NaiveDate) -> f64 {
        let medians: Vec<Option<f64>> = (0..7)
            .map(|d| {
                let weekday = day.checked_sub_days(Days::new(d))?;
                self.weekday_median(weekday, day)
            })
            .collect();
        let deviations = (1..=7 * WEEKS).filter_map(|back| {
            let earlier = day.checked_sub_days(Days::new(back))?;
            let median = medians.get(usize::try_from(back % 7).ok()?).copied().flatten()?;
            self.at(earlier).map(|v| (v - median).abs())
        });
        let deviations: Vec<f64> = deviations.collect();
        if deviations.is_empty() { 0.0 } else { MAD_TO_SIGMA * Data::new(deviations).median() }
    }

    /// By how much the same day of each of the months before stood above its weekday's median, at least; the day is
    /// counted from the month's start or from its end, whichever gives more.
    fn monthly(&self, day: NaiveDate) -> Option<f64> {
        let from_start = |back: u32| day.checked_sub_months(Months::new(back)).filter(|d| d.day() == day.day());
        let end = |d: NaiveDate| d.with_day(1)?.checked_add_months(Months::new(1));
        let to_end = end(day)?.signed_duration_since(day).num_days();
        let from_end = |back: u32| {
            let that = day.with_day(1)?.checked_sub_months(Months::new(back))?;
            end(that)?.checked_sub_days(Days::new(u64::try_from(to_end).ok()?))
        };
        let lowest = |at: &dyn Fn(u32) -> Option<NaiveDate>| {
            let height = |that: NaiveDate| Some(self.at(that)? - self.weekday_median(that, that)?);
            let seen: Vec<f64> = (1..=RHYTHM_MONTHS).map_while(|b| height(at(b)?)).collect();
            seen.into_iter().reduce(f64::min)
        };
        [lowest(&from_start), lowest(&from_end)].into_iter().flatten().reduce(f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(value: impl Fn(NaiveDate) -> f64, days: u64) -> Series {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        let values = (0..days).map(|d| value(first.checked_add_days(Days::new(d)).unwrap())).collect();
        Series { first, values }
    }

    fn day(m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, m, d).unwrap()
    }

    #[test]
    fn the_week_and_the_month_have_their_rhythm() {
        let s = series(
            |d| {
                if d.day() == 1 {
                    500.0
                } else if d.weekday().num_days_from_monday() >= 5 {
                    40.0
                } else {
                    100.0
                }
            },
            150,
        );
        let expected = |d| s.expect(d).map(|e| (e.value, e.basis));
        assert_eq!(expected(day(4, 15)), Some((100.0, "weekly rhythm")));
        assert_eq!(expected(day(4, 18)), Some((40.0, "weekly rhythm")));
        assert_eq!(expected(day(5, 1)), Some((500.0, "monthly rhythm")));
        assert_eq!(expected(day(1, 10)), None);
    }

    #[test]
    fn the_last_day_of_the_month_is_known_from_the_end() {
        let s = series(|d| if d.checked_add_days(Days::new(1)).unwrap().day() == 1 { 300.0 } else { 10.0 }, 150);
        assert!((s.expect(day(4, 30)).unwrap().value - 300.0).abs() < 1e-9);
        assert!((s.expect(day(4, 29)).unwrap().value - 10.0).abs() < 1e-9);
    }

    #[test]
    fn nothing_after_the_day_counts() {
        let quiet = series(|_| 10.0, 60);
        let later = series(|d| if d >= day(2, 10) { 1e6 } else { 10.0 }, 60);
        assert_eq!(quiet.expect(day(2, 10)).map(|e| e.value), later.expect(day(2, 10)).map(|e| e.value));
    }
}
