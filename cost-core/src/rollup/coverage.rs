//! Days that a bill's charges cover, at any granularity.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::spread::Days;

/// Most days that a monthly charge covers.
const MONTH: usize = 31;

/// Charges by month of their first day: those of a day or less, and longer ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OfMonth {
    /// First day on which a charge starts.
    first: i32,
    /// Number of charges of up to a day, and the last day of any of them.
    short: (u64, i32),
    /// Same for longer charges, with the last day that one of up to a month covers.
    long: (u64, i32),
    /// Last day that any charge covers.
    reach: i32,
}

impl OfMonth {
    const NONE: Self =
        Self { first: i32::MAX, short: (0, i32::MIN), long: (0, i32::MIN), reach: i32::MIN };

    /// Returns the number of charges.
    fn charges(&self) -> u64 {
        self.short.0.saturating_add(self.long.0)
    }

    /// Returns the last day that a charge of up to a month covers.
    fn last(&self) -> i32 {
        self.short.1.max(self.long.1)
    }
}

/// Days on which charges start, by month.
#[derive(Clone, Debug, Default)]
pub(super) struct Coverage {
    months: BTreeMap<i32, OfMonth>,
    endless: u64,
}

/// Days of a bill, days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    /// First and last day of the bill, without outlying days.
    pub(super) days: (i32, i32),
    /// Last day of all charges, also of those that are outlying.
    pub(super) latest: i32,
    /// Last day that is outlying because it is far before the bill's days.
    pub(super) before: Option<i32>,
    /// First day that is outlying because it is far after the bill's days.
    pub(super) after: Option<i32>,
}

/// Months without a long gap between their charges.
#[derive(Clone, Copy, Debug)]
struct Cluster {
    first: i32,
    last: i32,
    /// Last day that any charge covers.
    reach: i32,
    charges: u64,
}

impl Cluster {
    fn days(&self) -> u64 {
        u64::try_from(i64::from(self.last) - i64::from(self.first) + 1).unwrap_or(1)
    }
}

/// Days without any charge after which charges can be outlying. Chosen (ADR 0043): a monthly bill
/// has a charge every 31 days, and most gaps of delivery are shorter.
const GAP_DAYS: i32 = 31;
/// Share of the bill's charges below which those beyond such a gap are outlying, percent. Chosen
/// (ADR 0043).
const FEW_PCT: u64 = 1;
/// Days of a wrong date: charges on more days that are about as many as before the gap are the
/// bill after an interruption. Chosen (ADR 0043).
const BRIEF_DAYS: u64 = 3;
/// Their charges per day, as a share of those of the bill's main part, below which they are
/// outlying if they are on that few days, percent. Chosen (ADR 0043): the first day after missing
/// files has as many charges as others.
const BRIEF_PCT: u64 = 50;
/// The same share for charges on more days, percent. Chosen (ADR 0043): a quiet season has a tenth
/// of the charges of another one.
const SPARSE_PCT: u64 = 10;
/// Days of a gap that no delivery explains: a year. Chosen (ADR 0043).
const FAR_DAYS: i32 = 366;
/// Share of the bill's charges below which those beyond such a gap are outlying, percent. Chosen
/// (ADR 0043): a bill of ten charges can have one with a wrong year.
const FAR_FEW_PCT: u64 = 10;

impl Coverage {
    /// Adds charges by their first days. `long` marks rows that last more than a day, or that cover
    /// a day other than the UTC day of their start.
    #[inline]
    pub(super) fn add(&mut self, days: &[i32], long: &[(usize, Days)]) {
        let mut long = long.iter().peekable();
        let mut run: Option<(i32, i32, OfMonth)> = None;
        for (row, day) in days.iter().enumerate() {
            let covered = long
                .next_if(|(at, _)| *at == row)
                .map(|(_, days)| days)
                .filter(|days| days.len() > 1);
            let inside = run.filter(|(from, until, _)| from <= day && day < until);
            let (from, until, mut of_month) = inside.unwrap_or_else(|| {
                self.store(run);
                let (from, until) = month_of(*day);
                (from, until, OfMonth::NONE)
            });
            of_month.first = of_month.first.min(*day);
            match covered {
                None => {
                    of_month.short = (of_month.short.0 + 1, of_month.short.1.max(*day));
                    of_month.reach = of_month.reach.max(*day);
                }
                Some(days) => {
                    let is_monthly = days.len() <= MONTH;
                    let last = if is_monthly {
                        *day + i32::try_from(days.len()).unwrap_or(1) - 1
                    } else {
                        *day
                    };
                    of_month.long = (of_month.long.0 + 1, of_month.long.1.max(last));
                    let length = i32::try_from(days.len()).unwrap_or(i32::MAX);
                    of_month.reach = of_month.reach.max(day.saturating_add(length - 1));
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
        let of_month = self.months.entry(from).or_insert(OfMonth::NONE);
        of_month.first = of_month.first.min(more.first);
        of_month.short = (of_month.short.0 + more.short.0, of_month.short.1.max(more.short.1));
        of_month.long = (of_month.long.0 + more.long.0, of_month.long.1.max(more.long.1));
        of_month.reach = of_month.reach.max(more.reach);
    }

    /// Adds the days of another part.
    pub(super) fn merge(&mut self, other: &Self) {
        self.endless += other.endless;
        other.months.iter().for_each(|(from, of_month)| self.put(*from, *of_month));
    }

    /// Returns the days of several parts together.
    pub(super) fn of_all<'a>(parts: impl Iterator<Item = &'a Self>) -> Self {
        parts.fold(Self::default(), |mut all, part| {
            all.merge(part);
            all
        })
    }

    /// Returns the days of the bill; `None` without charges.
    ///
    /// For a daily or hourly bill, the last day is the last on which a charge begins: a monthly fee
    /// does not show that later days have arrived. For a monthly bill, the last day that a charge
    /// of up to a month covers. A few charges far from all others are outlying, and are not counted here.
    pub(super) fn extent(&self) -> Option<Extent> {
        let clusters = self.clusters();
        let kept = kept(&clusters)?;
        let (first, end) = (clusters[*kept.start()].first, clusters[*kept.end()].last);
        let months = self.months.values().filter(|m| first <= m.first && m.first <= end);
        let last = months.map(|m| if m.long.0 > m.short.0 { m.last() } else { m.short.1 }).max()?;
        // Charges of a long period that reaches the bill's days, such as annual fees, are usual.
        let earlier = clusters[..*kept.start()].iter();
        let before = earlier.rev().find(|c| c.reach < first).map(|c| c.last);
        let after = clusters.get(kept.end() + 1).map(|c| c.first);
        let latest = after.map_or(last, |_| clusters.last().map_or(last, |c| c.last));
        Some(Extent { days: (first, last), latest, before, after })
    }

    /// Returns the months as clusters with at most [`GAP_DAYS`] days without a charge between them.
    fn clusters(&self) -> Vec<Cluster> {
        let mut all: Vec<Cluster> = Vec::new();
        for month in self.months.values() {
            let own = Cluster {
                first: month.first,
                last: month.last().max(month.first),
                reach: month.reach,
                charges: month.charges(),
            };
            match all.last_mut().filter(|c| gap(c, &own) <= GAP_DAYS) {
                Some(cluster) => {
                    cluster.last = cluster.last.max(own.last);
                    cluster.reach = cluster.reach.max(own.reach);
                    cluster.charges = cluster.charges.saturating_add(own.charges);
                }
                None => all.push(own),
            }
        }
        all
    }
}

/// Returns the number of days without a charge between two clusters.
fn gap(earlier: &Cluster, later: &Cluster) -> i32 {
    later.first.saturating_sub(earlier.last).saturating_sub(1)
}

/// Returns the positions of the clusters that are not outlying. The one with the most charges is
/// the main part. From there, all clusters beyond a gap are outlying if they are few enough.
fn kept(clusters: &[Cluster]) -> Option<RangeInclusive<usize>> {
    let (main, _) = clusters.iter().enumerate().max_by_key(|(at, c)| (c.charges, *at))?;
    let is_beyond = |gap: i32, beyond: &[Cluster]| is_outlying(gap, beyond, clusters, main);
    let last = (main + 1..clusters.len())
        .find(|at| is_beyond(gap(&clusters[at - 1], &clusters[*at]), &clusters[*at..]))
        .map_or(clusters.len() - 1, |at| at - 1);
    let first = (0..main)
        .rev()
        .find(|at| is_beyond(gap(&clusters[*at], &clusters[at + 1]), &clusters[..=*at]))
        .map_or(0, |at| at + 1);
    Some(first..=last)
}

/// Returns whether the charges beyond a gap are outlying.
fn is_outlying(gap: i32, beyond: &[Cluster], all: &[Cluster], main: usize) -> bool {
    let sum = |of: &[Cluster]| of.iter().map(|c| c.charges).fold(0, u64::saturating_add);
    let (few, total) = (sum(beyond), sum(all));
    let is_below = |pct: u64| few.saturating_mul(100) < total.saturating_mul(pct);
    let (Some(first), Some(last)) = (beyond.first(), beyond.last()) else { return false };
    let days = Cluster { last: last.last, charges: few, ..*first }.days();
    let main = &all[main];
    let is_sparse = |pct: u64| {
        u128::from(few) * u128::from(main.days()) * 100
            < u128::from(main.charges) * u128::from(days) * u128::from(pct)
    };
    let is_brief = days <= BRIEF_DAYS;
    let near = is_sparse(SPARSE_PCT) || (is_brief && is_sparse(BRIEF_PCT));
    let far = is_sparse(SPARSE_PCT) || is_brief;
    (gap > GAP_DAYS && is_below(FEW_PCT) && near)
        || (gap > FAR_DAYS && is_below(FAR_FEW_PCT) && far)
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

    fn days(of: &Coverage) -> Option<(i32, i32)> {
        of.extent().map(|e| e.days)
    }

    /// Returns a bill with `rows` charges on each day of 90 days, and `more`.
    fn bill(rows: usize, more: &[i32]) -> Coverage {
        let mut bill = Coverage::default();
        for day in SEPTEMBER..SEPTEMBER + 90 {
            bill.add(&vec![day; rows], &[]);
        }
        bill.add(more, &[]);
        bill
    }

    #[test]
    fn a_few_charges_far_away_are_outlying_by_name() {
        let body = (SEPTEMBER, SEPTEMBER + 89);
        let extent = |bill: &Coverage| bill.extent().expect("days");
        let none = extent(&bill(8, &[]));
        assert_eq!((none.days, none.before, none.after), (body, None, None));
        // 2062-08-30, and 2001-01-01.
        let both = extent(&bill(8, &[33_844, 11_323]));
        assert_eq!((both.days, both.before, both.after), (body, Some(11_323), Some(33_844)));
        assert_eq!(both.latest, 33_844);
        // In many years: 1 % of the charges together.
        let many: Vec<i32> = (1..=7).map(|year| SEPTEMBER + 90 + 400 * year).collect();
        assert_eq!(extent(&bill(8, &many)).days, body);
        // 32 days without a charge, and 31.
        assert_eq!(extent(&bill(8, &[SEPTEMBER + 122])).days, body);
        assert_eq!(extent(&bill(8, &[SEPTEMBER + 121])).days.1, SEPTEMBER + 121);
        // One charge a day: one with a wrong year, and the first after two missing months.
        assert_eq!(extent(&bill(1, &[33_844])).days, body);
        assert_eq!(extent(&bill(1, &[SEPTEMBER + 150])).days.1, SEPTEMBER + 150);
        // Missing files of two months in a long history: the first day after it is as full as
        // others, and an archived year is a tenth of the bill.
        let mut long = Coverage::default();
        for day in SEPTEMBER - 800..SEPTEMBER {
            long.add(&[day; 50], &[]);
        }
        long.add(&[SEPTEMBER + 60; 50], &[]);
        assert_eq!(extent(&long).days.1, SEPTEMBER + 60);
        long.add(&vec![SEPTEMBER - 3_000; 5_000], &[]);
        assert_eq!(extent(&long).days.0, SEPTEMBER - 3_000);
    }

    #[test]
    fn a_bill_after_an_interruption_is_not_outlying() {
        let days = |rows: usize, from: i32, until: i32, bill: &mut Coverage| {
            (from..until).for_each(|day| bill.add(&vec![day; rows], &[]));
        };
        let end = |bill: &Coverage| bill.extent().expect("days").days.1;
        // Two years, 13 months without an export, and 70 days.
        let mut resumed = Coverage::default();
        days(5, 0, 730, &mut resumed);
        days(5, 1_130, 1_200, &mut resumed);
        assert_eq!(end(&resumed), 1_199);
        // 400 days of 10 charges, four months, and 9 days of 4.
        let mut quiet = Coverage::default();
        days(10, 0, 400, &mut quiet);
        days(4, 520, 529, &mut quiet);
        assert_eq!(end(&quiet), 528);
    }

    #[test]
    fn an_annual_fee_that_reaches_the_bill_is_not_outlying() {
        let mut daily = bill(8, &[]);
        let start = SEPTEMBER - 260;
        daily.add(&[start], &[(0, month(start, 365))]);
        let extent = daily.extent().expect("days");
        assert_eq!((extent.days, extent.before), ((SEPTEMBER, SEPTEMBER + 89), None));
        let start = SEPTEMBER - 500;
        daily.add(&[start], &[(0, month(start, 365))]);
        assert_eq!(daily.extent().expect("days").before, Some(start));
    }

    #[test]
    fn a_bill_by_the_month_is_complete_and_a_fee_does_not_reach_ahead() {
        let mut monthly = Coverage::default();
        monthly
            .add(&[SEPTEMBER, SEPTEMBER], &[(0, month(SEPTEMBER, 30)), (1, month(SEPTEMBER, 365))]);
        assert_eq!(days(&monthly), Some((SEPTEMBER, SEPTEMBER + 29)));
        let mut daily = Coverage::default();
        daily.add(
            &[SEPTEMBER, SEPTEMBER, SEPTEMBER + 1, SEPTEMBER + 2],
            &[(0, month(SEPTEMBER, 30))],
        );
        assert_eq!(days(&daily), Some((SEPTEMBER, SEPTEMBER + 2)));
        daily.merge(&monthly);
        assert_eq!(days(&daily), Some((SEPTEMBER, SEPTEMBER + 2)));
        assert_eq!(days(&Coverage::default()), None);
    }
}
