//! Detection in one daily series: which days are anomalous, and which belong together.
//!
//! A day is evaluated by its expected cost ([`expect`]), by the usual spread of the series, and by
//! whether such a cost occurred before. Numbers without another source were chosen on the
//! development half of the benchmark (docs/adr/0010).

use super::expect::{Basis, Calendar, Expected, MIN_DAYS, SETTLED_DAYS, expect, median};

/// Previous days that determine the usual spread of the series.
const SPREAD_DAYS: usize = 91;
/// Previous days that determine the largest earlier deviation.
const MEMORY_DAYS: usize = 182;
/// Factor by which a day must exceed the largest earlier deviation.
const FURTHER: f64 = 1.1;
/// 1 ÷ Φ⁻¹(0.75): makes the median absolute deviation of normal data estimate its standard
/// deviation.
const MAD_TO_SIGMA: f64 = 1.482_6;
/// Numbers of days evaluated together. A change that is hidden in a single day's noise shows in the
/// median of a week.
const WINDOWS: [usize; 3] = [1, 3, 7];
/// Number of quiet days that end a run: a bit more than a week, so that a change on each weekend is
/// one run.
const GAP_DAYS: usize = 9;
/// Days of interruption, such as a weekend, after which a run still continues.
const BREAK_DAYS: usize = 3;
/// Days for which something counts as new.
const NEW_DAYS: usize = 14;
/// Days of history in which not every day of the month has occurred.
const FIRST_MONTH_DAYS: usize = 33;
/// Age, nine weeks, up to which a series needs twice the deviation, because its spread is not yet
/// known.
const YOUNG_DAYS: usize = 63;
/// Factor for the limits of a series with a short history.
const SHORT_FACTOR: f64 = 2.0;
/// Weeks that are checked for a level that returns after a drop, and the number of them that must
/// have had it.
const RECALL_WEEKS: (usize, usize) = (13, 4);
/// Share above the most expensive weekday up to which a single day may only be a different kind of
/// day.
const OTHER_WEEKDAY: f64 = 0.1;
/// Factor above all earlier days of its run from which on a day is an anomaly of its own.
const ESCALATION: f64 = 3.5;

/// Direction of a deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Cost above the expected cost.
    Rise,
    /// Cost below the expected cost.
    Drop,
}

/// Limits for an anomalous day. All must be exceeded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits<'a> {
    /// Smallest excess as a share of the expected cost (0.25 is 25 %).
    pub relative: f64,
    /// Smallest daily excess as an amount, for each day of the calendar.
    pub floor: &'a [f64],
    /// Smallest excess in robust standard deviations of the series' own errors.
    pub deviations: f64,
}

/// Anomalous days that belong together. Days are indices into the series.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// First anomalous day.
    pub first: usize,
    /// Day on which it was raised, using no later data.
    pub raised: usize,
    /// Anomalous days, in order.
    pub days: Vec<usize>,
    /// Whether it is the start of new cost.
    pub new: bool,
    /// Usual deviation of a single day from the expected cost, as an amount, as known on the day it
    /// was raised; 0 for new cost.
    pub usual: f64,
    /// Largest error as a share of the series' level; 0 for new cost.
    peak: f64,
}

impl Run {
    /// Returns the last day.
    #[must_use]
    pub fn last(&self) -> usize {
        self.days.last().copied().unwrap_or(self.raised)
    }

    /// Returns whether it is still ongoing at the end of `len` days: at most a weekend has passed
    /// since its last day.
    #[must_use]
    pub fn goes_on(&self, len: usize) -> bool {
        len <= self.last() + 1 + BREAK_DAYS
    }

    /// Returns whether day `t` could still belong to it.
    #[must_use]
    pub fn is_open(&self, t: usize) -> bool {
        t <= self.last() + GAP_DAYS
    }
}

/// Result for one series.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Expected costs.
    pub expected: Expected,
    /// Runs, in order.
    pub runs: Vec<Run>,
}

/// Finds the runs of a series. `costs` has one cost per day of `calendar`, 0 before the series
/// begins and on days without charges. A series that begins at `new_from` or later is itself new
/// cost. Results for a day use no later data.
#[must_use]
pub fn scan(
    costs: &[f64],
    calendar: &Calendar,
    new_from: usize,
    direction: Direction,
    limits: &Limits<'_>,
) -> Scan {
    let Some(start) = costs.iter().position(|c| *c > 0.0) else { return Scan::default() };
    let expected = expect(costs, start, calendar);
    let sign = if direction == Direction::Rise { 1.0 } else { -1.0 };
    let errors = costs.iter().zip(&expected.value).map(|(c, e)| sign * (c - e)).collect();
    let n = costs.len();
    let (quiet, in_run, runs) = (vec![f64::NAN; n], vec![false; n], Vec::new());
    let mut walk =
        Walk { costs, calendar, start, expected, errors, direction, limits, quiet, in_run, runs };
    // Cost that first occurs at the start or end of a month may recur each month, if not a full
    // month has been observed.
    let monthly = start < FIRST_MONTH_DAYS && calendar.is_month_edge(start);
    let new = start >= new_from && direction == Direction::Rise && !monthly;
    for t in start..n {
        walk.step(t, new);
    }
    Scan { expected: walk.expected, runs: walk.runs }
}

struct Walk<'a> {
    costs: &'a [f64],
    calendar: &'a Calendar,
    start: usize,
    expected: Expected,
    /// Cost minus expected cost; the reverse for drops.
    errors: Vec<f64>,
    direction: Direction,
    limits: &'a Limits<'a>,
    /// Errors divided by the level, for days in no run; NaN for others.
    quiet: Vec<f64>,
    in_run: Vec<bool>,
    runs: Vec<Run>,
}

impl Walk<'_> {
    fn step(&mut self, t: usize, new: bool) {
        let age = t - self.start;
        if new && age < NEW_DAYS {
            if self.costs[t] > self.limits.floor[t] {
                self.join(t, self.start, true);
            }
            return;
        }
        // The end of short-lived cost is not a drop.
        let least_age = if self.direction == Direction::Rise { MIN_DAYS } else { YOUNG_DAYS };
        if age < least_age {
            return;
        }
        let error = self.errors[t];
        // Half of the limit continues a run; after an interruption of some days, the full limit is
        // needed.
        let goes_on = |r: &Run| {
            error > self.least(t, 1.0) * if t - r.last() <= BREAK_DAYS { 0.5 } else { 1.0 }
        };
        let open = self.runs.last().is_some_and(|r| r.is_open(t) && goes_on(r));
        if open && self.escalates(t) {
            self.begin(t, t, false);
        } else if open {
            self.join(t, t, false);
        } else if let Some(first) = WINDOWS.into_iter().find_map(|days| self.stands_out(t, days)) {
            self.join(t, first, false);
        } else {
            self.quiet[t] = error / self.scale(t);
        }
    }

    fn scale(&self, t: usize) -> f64 {
        self.expected.level[t].max(f64::MIN_POSITIVE)
    }

    fn join(&mut self, t: usize, first: usize, new: bool) {
        let error = if new { 0.0 } else { self.errors[t] / self.scale(t) };
        match self.runs.last_mut() {
            Some(run) if run.is_open(t) => {
                run.days.push(t);
                run.peak = run.peak.max(error);
                self.in_run[t] = true;
            }
            _ => self.begin(t, first, new),
        }
    }

    fn begin(&mut self, t: usize, first: usize, new: bool) {
        let least = |i: usize| new || self.errors[i] > self.least(i, 1.0) / 2.0;
        let days = (first..=t).filter(|i| *i == t || least(*i)).collect();
        let (peak, usual) = if new {
            (0.0, 0.0)
        } else {
            (self.errors[t] / self.scale(t), self.usual(t, 1) * self.scale(t))
        };
        self.runs.push(Run { first, raised: t, days, new, usual, peak });
        self.in_run[t] = true;
    }

    /// Returns whether a day of an ongoing run is an anomaly of its own.
    fn escalates(&self, t: usize) -> bool {
        let Some(run) = self.runs.last() else { return false };
        let before = (run.first..t).map(|i| self.errors[i]).fold(0.0, f64::max);
        self.errors[t] > ESCALATION * before && self.stands_out(t, 1).is_some()
    }

    /// Returns the smallest error that counts on a day.
    fn least(&self, t: usize, factor: f64) -> f64 {
        (factor * self.limits.relative * self.expected.value[t]).max(self.limits.floor[t])
    }

    /// Returns the first anomalous day, if the `days` up to `t` are anomalous together.
    fn stands_out(&self, t: usize, days: usize) -> Option<usize> {
        let from = (t + 1).checked_sub(days).filter(|f| *f >= self.start + MIN_DAYS)?;
        let short = if t - self.start < SETTLED_DAYS { SHORT_FACTOR } else { 1.0 };
        let least = |i: usize| self.least(i, short);
        // The day itself must deviate too; otherwise this only repeats earlier days.
        let today = if days == 1 { 1.0 } else { 0.5 };
        if self.errors[t] <= today * least(t) {
            return None;
        }
        if median(&mut (from..=t).map(|i| self.errors[i] - least(i)).collect::<Vec<f64>>()) <= 0.0 {
            return None;
        }
        if self.expected.basis[t] == Basis::Sparse {
            return self.beyond_all(t).then_some(t);
        }
        let first_edge = t - self.start < FIRST_MONTH_DAYS && self.calendar.is_month_edge(t);
        if self.known_before(t) || first_edge || (days == 1 && self.other_weekday(t)) {
            return None;
        }
        let young = if t - self.start < YOUNG_DAYS { SHORT_FACTOR } else { 1.0 };
        let error =
            median(&mut (from..=t).map(|i| self.errors[i] / self.scale(i)).collect::<Vec<f64>>());
        if error <= young * self.usual(t, days) {
            return None;
        }
        (from..=t).find(|i| self.errors[*i] > least(*i) / 2.0)
    }

    /// Returns whether a day of a mostly zero series costs more than every day of the half year
    /// before.
    fn beyond_all(&self, t: usize) -> bool {
        let before = &self.costs[t.saturating_sub(MEMORY_DAYS)..t];
        let most = before.iter().copied().fold(0.0, f64::max);
        self.direction == Direction::Rise && self.costs[t] > (1.0 + self.limits.relative) * most
    }

    /// Returns whether the same weekday cost as much in several of the last weeks outside a run:
    /// the day only ends a drop.
    fn known_before(&self, t: usize) -> bool {
        let same =
            (1..=RECALL_WEEKS.0).map_while(|w| t.checked_sub(7 * w)).filter(|d| *d >= self.start);
        let enough = self.costs[t] / (1.0 + self.limits.relative);
        let weeks_as_expensive =
            same.filter(|d| !self.in_run[*d] && self.costs[*d] >= enough).count();
        self.direction == Direction::Rise && weeks_as_expensive >= RECALL_WEEKS.1
    }

    /// Returns whether a single day costs no more than other days of the week, such as a weekend on
    /// which people worked. A second such day does not count as single.
    fn other_weekday(&self, t: usize) -> bool {
        let week = t.saturating_sub(6).max(self.start + MIN_DAYS)..t;
        let value = |d: usize| self.expected.value[d];
        let off = |d: usize| {
            d >= self.start + MIN_DAYS && self.errors[d] > self.limits.relative * value(d)
        };
        let within = match self.direction {
            Direction::Rise => {
                self.costs[t] <= (1.0 + OTHER_WEEKDAY) * week.map(value).fold(0.0, f64::max)
            }
            Direction::Drop => {
                self.costs[t] >= (1.0 - OTHER_WEEKDAY) * week.map(value).fold(f64::MAX, f64::min)
            }
        };
        within && !off(t - 1) && !off(t - 7)
    }

    /// Returns the usual deviation of the median error of `days`, divided by the level: the largest
    /// of `deviations` robust standard deviations, slightly more than the largest on quiet days of
    /// the half year before, and slightly more than in all but one of its runs.
    fn usual(&self, t: usize, days: usize) -> f64 {
        let first = t.saturating_sub(MEMORY_DAYS).max(self.start + MIN_DAYS);
        let window = |end: usize| {
            let mut known: Vec<f64> =
                self.quiet[end + 1 - days..=end].iter().copied().filter(|e| !e.is_nan()).collect();
            (!self.quiet[end].is_nan() && 2 * known.len() > days).then(|| median(&mut known))
        };
        let all: Vec<f64> = (first + days - 1..=t - days).filter_map(window).collect();
        let mut spread = all[all.len().saturating_sub(SPREAD_DAYS)..].to_vec();
        let center = median(&mut spread);
        let mut off: Vec<f64> = spread.iter().map(|e| (e - center).abs()).collect();
        let sigma = MAD_TO_SIGMA * median(&mut off);
        let most = all.into_iter().fold(0.0, f64::max);
        (center + self.limits.deviations * sigma).max(FURTHER * most.max(self.second_peak(t)))
    }

    /// Returns the second largest error of the runs in the half year before: one of them may have
    /// been a real anomaly.
    fn second_peak(&self, t: usize) -> f64 {
        let recent = self.runs.iter().rev().take_while(|r| r.last() + MEMORY_DAYS >= t);
        let (_, second) = recent.map(|r| r.peak).fold((0.0, 0.0), |(most, second), peak: f64| {
            if peak > most { (peak, most) } else { (most, peak.max(second)) }
        });
        second
    }
}
