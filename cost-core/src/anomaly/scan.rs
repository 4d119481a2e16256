//! One daily series, day by day: which days stand out, and which belong together.

use super::expect::{Basis, Calendar, Expected, MIN_DAYS, SETTLED_DAYS, expect, median, number};

/// Days looked back on for how much the series usually varies.
const SPREAD_DAYS: usize = 91;
/// Days looked back on for how far it has strayed before.
const MEMORY_DAYS: usize = 182;
/// Share of the days looked back on that may have strayed further.
const STRAYED: f64 = 0.015;
/// How much further than that a day must stray.
const FURTHER: f64 = 1.1;
/// 1 ÷ Φ⁻¹(0.75): makes the median absolute deviation of normal data estimate its standard deviation.
const MAD_TO_SIGMA: f64 = 1.482_6;
/// Days judged together, besides single days: what a day's noise hides, the median of a week shows.
const WINDOWS: [usize; 3] = [1, 3, 7];
/// Quiet days that end a run: fewer than a week, so that what recurs on each weekend is one.
const GAP_DAYS: usize = 6;
/// Days for which something new is new.
const NEW_DAYS: usize = 14;

/// When a day stands out. All must hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Least excess, as a share of the expectation (0.25 is 25 %).
    pub relative: f64,
    /// Least excess a day, in money.
    pub floor: f64,
    /// Least excess in robust standard deviations of the series' own errors.
    pub deviations: f64,
}

/// Days that stand out and belong together. Days are indices into the series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// First day above what was to be expected.
    pub first: usize,
    /// The day on which it was clear: nothing after it was used.
    pub raised: usize,
    /// Last day.
    pub last: usize,
    /// Whether it is the start of something that was not there before.
    pub new: bool,
}

/// What was found in a series.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// Expectations.
    pub expected: Expected,
    /// Runs, in order.
    pub runs: Vec<Run>,
}

/// Finds the runs of a series: `costs` has one cost a day of `calendar`, 0 before it begins and where there was no charge. A
/// series that begins `new_from` or later is news in itself.
#[must_use]
pub fn scan(costs: &[f64], calendar: &Calendar, new_from: usize, limits: &Limits) -> Scan {
    let Some(start) = costs.iter().position(|c| *c > 0.0) else { return Scan::default() };
    let expected = expect(costs, start, calendar);
    let mut walk = Walk { costs, start, expected, limits, quiet: vec![f64::NAN; costs.len()], runs: Vec::new() };
    for t in start..costs.len() {
        walk.step(t, start >= new_from);
    }
    Scan { expected: walk.expected, runs: walk.runs }
}

struct Walk<'a> {
    costs: &'a [f64],
    start: usize,
    expected: Expected,
    limits: &'a Limits,
    /// Errors by level of the days that are in no run, and of each run its largest; NaN elsewhere.
    quiet: Vec<f64>,
    runs: Vec<Run>,
}

impl Walk<'_> {
    fn step(&mut self, t: usize, new: bool) {
        let age = t - self.start;
        if new && age < NEW_DAYS {
            if self.costs[t] > self.limits.floor {
                self.join(t, self.start, true);
            }
            return;
        }
        if age < MIN_DAYS {
            return;
        }
        let excess = self.excess(t);
        let standing = excess > self.limits.relative * self.expected.value[t] / 2.0 && excess > self.limits.floor / 2.0;
        let goes_on = standing && self.runs.last().is_some_and(|r| t - r.last <= GAP_DAYS);
        if goes_on {
            self.join(t, t, false);
        } else if let Some(first) = WINDOWS.into_iter().find_map(|days| self.stands_out(t, days)) {
            self.join(t, first, false);
        } else {
            self.quiet[t] = excess / self.scale(t);
        }
    }

    fn excess(&self, t: usize) -> f64 {
        self.costs[t] - self.expected.value[t]
    }

    fn scale(&self, t: usize) -> f64 {
        self.expected.level[t].max(f64::MIN_POSITIVE)
    }

    /// Adds a day to the run that is going on, or begins one.
    fn join(&mut self, t: usize, first: usize, new: bool) {
        let error = if new { f64::NAN } else { self.excess(t) / self.scale(t) };
        match self.runs.last_mut() {
            Some(run) if t - run.last <= GAP_DAYS => {
                run.last = t;
                // The run's largest error stands for it.
                let peak = &mut self.quiet[run.raised];
                *peak = peak.max(error);
            }
            _ => {
                self.runs.push(Run { first, raised: t, last: t, new });
                self.quiet[t] = error;
            }
        }
    }

    /// If the `days` up to `t` stand out together: the first day that belongs to it.
    fn stands_out(&self, t: usize, days: usize) -> Option<usize> {
        let from = (t + 1).checked_sub(days).filter(|f| *f >= self.start + MIN_DAYS)?;
        let value = &self.expected.value;
        let short = t - self.start < SETTLED_DAYS;
        let relative = self.limits.relative * if short { 2.0 } else { 1.0 };
        let least = |i: usize| (relative * value[i]).max(self.limits.floor);
        // The day itself must be above, or this is but the echo of what came before.
        let today = if days == 1 { 1.0 } else { 0.5 };
        if self.excess(t) <= today * least(t) {
            return None;
        }
        let mut over: Vec<f64> = (from..=t).map(|i| self.excess(i) - least(i)).collect();
        if median(&mut over) <= 0.0 {
            return None;
        }
        if self.expected.basis[t] == Basis::Sparse {
            let before = &self.costs[t.saturating_sub(MEMORY_DAYS)..from];
            let most = before.iter().copied().fold(0.0, f64::max);
            return (self.costs[t] > (1.0 + self.limits.relative) * most).then_some(t);
        }
        let error = self.error(t, days);
        let limit = self.limit(t, days) * if short { 2.0 } else { 1.0 };
        if error <= limit {
            return None;
        }
        (from..=t).find(|i| self.excess(*i) > least(*i) / 2.0)
    }

    /// The median error by level of the `days` up to `t`.
    fn error(&self, t: usize, days: usize) -> f64 {
        let mut errors: Vec<f64> = (t + 1 - days..=t).map(|i| self.excess(i) / self.scale(i)).collect();
        median(&mut errors)
    }

    /// How far the median error of `days` usually strays: the larger of `deviations` robust standard deviations, and a bit
    /// more than all but a few of the half year before.
    fn limit(&self, t: usize, days: usize) -> f64 {
        let first = t.saturating_sub(MEMORY_DAYS).max(self.start + MIN_DAYS);
        let mut all: Vec<f64> = Vec::with_capacity(MEMORY_DAYS);
        for end in first..=t - days {
            if end + 1 < first + days {
                continue;
            }
            let mut window: Vec<f64> =
                self.quiet[end + 1 - days..=end].iter().copied().filter(|e| !e.is_nan()).collect();
            if !self.quiet[end].is_nan() && 2 * window.len() > days {
                all.push(median(&mut window));
            }
        }
        if all.is_empty() {
            return 0.0;
        }
        let recent = all.len().saturating_sub(SPREAD_DAYS);
        let mut spread = all[recent..].to_vec();
        let centre = median(&mut spread);
        spread.iter_mut().for_each(|e| *e = (*e - centre).abs());
        let sigma = MAD_TO_SIGMA * median(&mut spread);
        all.sort_unstable_by(f64::total_cmp);
        let strayed = number(all.len()) * STRAYED;
        #[expect(clippy::as_conversions, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
        let at = all.len() - 1 - (strayed.floor() as usize).min(all.len() - 1);
        (centre + self.limits.deviations * sigma).max(all[at] * FURTHER)
    }
}
