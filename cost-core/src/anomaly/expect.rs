//! Expected cost of a day, based on the days before it.

use chrono::{Datelike, Days, Months, NaiveDate};

/// Number of previous weeks whose same weekday is used.
const WEEKS: usize = 6;
/// Fewest earlier days for an expectation.
pub(super) const MIN_DAYS: usize = 7;
/// Earlier days from which on weekly and monthly patterns and the spread are known: five weeks.
pub(super) const SETTLED_DAYS: usize = 35;
/// Previous months that are checked for charges on the same day of the month.
const RHYTHM_MONTHS: [u32; 3] = [1, 2, 3];
/// Number of days whose median is the level of a series.
const LEVEL_DAYS: usize = 28;
/// Number of days that determine whether a series is mostly zero.
const QUARTER_DAYS: usize = 91;
/// Smallest height of a monthly charge, as a share of the level.
const LEAST_HEIGHT: f64 = 0.1;

/// Days of an estate, with the same day of the month in previous months. All series of the estate
/// share it.
#[derive(Clone, Debug)]
pub struct Calendar {
    first: NaiveDate,
    rhythm: Vec<[[Option<usize>; RHYTHM_MONTHS.len()]; 2]>,
}

impl Calendar {
    /// Creates a calendar of `len` days from `first` on.
    #[must_use]
    pub fn new(first: NaiveDate, len: usize) -> Self {
        let index =
            |day: NaiveDate| usize::try_from(day.signed_duration_since(first).num_days()).ok();
        let rhythm = first.iter_days().take(len).map(|day| {
            let to_end = month_end(day).map(|end| end.signed_duration_since(day).num_days());
            let from_start = |back| {
                index(day.checked_sub_months(Months::new(back)).filter(|d| d.day() == day.day())?)
            };
            let from_end = |back| {
                let that = day.with_day(1)?.checked_sub_months(Months::new(back))?;
                index(month_end(that)?.checked_sub_days(Days::new(u64::try_from(to_end?).ok()?))?)
            };
            [RHYTHM_MONTHS.map(from_start), RHYTHM_MONTHS.map(from_end)]
        });
        Self { first, rhythm: rhythm.collect() }
    }

    /// Returns the number of days.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rhythm.len()
    }

    /// Returns whether it has no days.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rhythm.is_empty()
    }

    /// Returns whether a day is one of the first or last two of its month, on which monthly charges
    /// and batch jobs are common.
    #[must_use]
    pub fn is_month_edge(&self, index: usize) -> bool {
        let day = self.day(index);
        let left = month_end(day).map_or(31, |end| end.signed_duration_since(day).num_days());
        day.day() <= 2 || left <= 2
    }

    /// Returns the day at `index`.
    #[must_use]
    pub fn day(&self, index: usize) -> NaiveDate {
        let days = Days::new(u64::try_from(index).unwrap_or(u64::MAX));
        self.first.checked_add_days(days).unwrap_or(NaiveDate::MAX)
    }
}

/// Returns the day after the end of `day`'s month.
fn month_end(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))
}

/// Pattern that an expectation is based on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Basis {
    /// No expectation: too few earlier days.
    #[default]
    Unknown,
    /// Less than five weeks of history: limits are doubled.
    ShortHistory,
    /// Same weekday of the last six weeks.
    Weekly,
    /// Same weekday and same day of the month, counted from its start or end, of up to three
    /// previous months.
    Monthly,
    /// Mostly no cost: the expected cost is zero, and the limit is the largest day of the last half
    /// year.
    Sparse,
}

/// Expected costs of a series, one value per day. Each uses only earlier days.
#[derive(Clone, Debug, Default)]
pub struct Expected {
    /// Expected cost.
    pub value: Vec<f64>,
    /// Pattern it is based on.
    pub basis: Vec<Basis>,
    /// Level of the series before the day, which scales its errors.
    pub level: Vec<f64>,
}

/// Returns the expected cost of each day of `costs`, which has one cost per day of `calendar`. The
/// series begins at `start`.
///
/// Weekly pattern: the median of the same weekday in the last six weeks. Monthly pattern: if the
/// same day of the month (counted from the start or from the end) was above its weekday's median in
/// each of the previous months (at least one, at most three), the smallest of these heights is
/// added.
#[must_use]
pub fn expect(costs: &[f64], start: usize, calendar: &Calendar) -> Expected {
    let n = costs.len();
    let mut out =
        Expected { value: vec![0.0; n], basis: vec![Basis::Unknown; n], level: vec![0.0; n] };
    // The first week has no history; its own median shows its monthly charges.
    let first_week = median(&mut costs[start..(start + MIN_DAYS).min(n)].to_vec());
    let mut weekly = vec![first_week; n];
    let (mut level, mut sparse) = (0.0, false);
    for t in start + MIN_DAYS..n {
        let age = t - start;
        if age.is_multiple_of(7) {
            (level, sparse) = (level_before(costs, start, t), is_sparse(costs, start, t));
        }
        weekly[t] = weekday_median(costs, start, t);
        let height = |days: &[Option<usize>; 3]| {
            let seen =
                days.iter().map_while(|d| d.filter(|d| *d >= start).map(|d| costs[d] - weekly[d]));
            seen.reduce(f64::min)
        };
        let heights = calendar.rhythm[t].iter().filter_map(height);
        let monthly = heights.reduce(f64::max).filter(|h| *h > level * LEAST_HEIGHT);
        out.level[t] = level;
        out.value[t] = weekly[t] + monthly.unwrap_or(0.0);
        out.basis[t] = match () {
            () if monthly.is_some() => Basis::Monthly,
            () if sparse => Basis::Sparse,
            () if age < SETTLED_DAYS => Basis::ShortHistory,
            () => Basis::Weekly,
        };
    }
    out
}

/// Returns the level of the series before `t`: the median of its last four weeks, at least a
/// quarter of their mean.
fn level_before(costs: &[f64], start: usize, t: usize) -> f64 {
    let before = &costs[t.saturating_sub(LEVEL_DAYS).max(start)..t];
    let mean = before.iter().sum::<f64>() / number(before.len());
    median(&mut before.to_vec()).max(mean / 4.0)
}

/// Returns whether fewer than three in ten days of the quarter before `t` have a cost.
fn is_sparse(costs: &[f64], start: usize, t: usize) -> bool {
    let quarter = &costs[t.saturating_sub(QUARTER_DAYS).max(start)..t];
    quarter.iter().filter(|c| **c > 0.0).count() * 10 < quarter.len() * 3
}

/// Returns the median of `t`'s weekday in the last six weeks; with fewer than three such days, the
/// larger of it and the median of all days so far.
fn weekday_median(costs: &[f64], start: usize, t: usize) -> f64 {
    let mut same = [0.0; WEEKS];
    let mut n = 0;
    while n < WEEKS && t >= start + 7 * (n + 1) {
        same[n] = costs[t - 7 * (n + 1)];
        n += 1;
    }
    let weekly = median(&mut same[..n]);
    if n >= 3 {
        return weekly;
    }
    weekly.max(median(&mut costs[start..t].to_vec()))
}

/// Converts a count to a floating-point number.
#[must_use]
pub(super) fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// Returns the median, or 0 if empty. Reorders the values.
pub(super) fn median(values: &mut [f64]) -> f64 {
    let n = values.len();
    if n == 0 {
        return 0.0;
    }
    let (below, upper, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    let upper = *upper;
    if n % 2 == 1 {
        return upper;
    }
    f64::midpoint(below.iter().copied().fold(f64::NEG_INFINITY, f64::max), upper)
}
