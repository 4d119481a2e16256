//! Event-level scores.

use std::collections::BTreeMap;

use cost_core::anomaly::Calendar;
use rayon::prelude::*;

use crate::corpus::Base;
use crate::inject::{Case, KINDS, Kind, SIZES, TRAPS, Trap, event, trap, untouched};
use crate::methods::Method;

/// Days in a month, on average over four years.
const DAYS_IN_MONTH: f64 = 30.44;
/// How often each event is placed in each series.
pub(crate) const DRAWS: u64 = 3;
/// An event is above the noise if it is at least this many times the series' noise.
pub(crate) const ABOVE_NOISE: f64 = 3.0;

/// Counts over one or more cases.
#[derive(Clone, Debug, Default)]
pub(crate) struct Score {
    pub(crate) events: usize,
    pub(crate) found: usize,
    pub(crate) false_alarms: usize,
    pub(crate) days: usize,
    /// Days from the first day of an event to the alarm.
    pub(crate) delays: Vec<usize>,
}

impl Score {
    /// Adds a case. The first alarm on a day of the event detects it; all others are false alarms,
    /// including repeats of the same event.
    fn add(&mut self, case: &Case, raised: &[usize]) {
        let (from, to) = case.scored;
        let mut raised: Vec<usize> =
            raised.iter().copied().filter(|r| (from..to).contains(r)).collect();
        self.days += to - from;
        if let Some((first, last)) = case.event {
            self.events += 1;
            if let Some(at) = raised.iter().position(|r| (first..=last).contains(r)) {
                self.found += 1;
                self.delays.push(raised.remove(at) - first);
            }
        }
        self.false_alarms += raised.len();
    }

    fn merge(&mut self, other: &Self) {
        self.events += other.events;
        self.found += other.found;
        self.false_alarms += other.false_alarms;
        self.days += other.days;
        self.delays.extend(&other.delays);
    }

    pub(crate) fn recall(&self) -> f64 {
        self.found as f64 / self.events.max(1) as f64
    }

    pub(crate) fn precision(&self) -> f64 {
        self.found as f64 / (self.found + self.false_alarms).max(1) as f64
    }

    pub(crate) fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }
    }

    /// Returns false alarms per series and month.
    pub(crate) fn false_alarms_a_month(&self) -> f64 {
        self.false_alarms as f64 / (self.days as f64 / DAYS_IN_MONTH)
    }

    /// Returns a quantile of the delays, days.
    pub(crate) fn delay(&self, quantile: f64) -> Option<usize> {
        let mut delays = self.delays.clone();
        delays.sort_unstable();
        let at = (quantile * delays.len().saturating_sub(1) as f64).round().max(0.0);
        #[expect(clippy::cast_sign_loss, reason = "not negative")]
        delays.get(at as usize).copied()
    }
}

/// Scores of a method.
#[derive(Debug, Default)]
pub(crate) struct Scores {
    /// By kind, size in percent, and whether the event is above the series' noise.
    pub(crate) events: BTreeMap<(Kind, u32, bool), Score>,
    pub(crate) traps: BTreeMap<Trap, Score>,
    /// Unchanged series, by source.
    pub(crate) untouched: BTreeMap<String, Score>,
}

impl Scores {
    /// Returns the score of all events of at least `least` percent; with `above_noise`, only of
    /// those above the noise.
    pub(crate) fn total(&self, least: u32, above_noise: bool) -> Score {
        let mut total = Score::default();
        let wanted = self
            .events
            .iter()
            .filter(|((_, size, above), _)| *size >= least && (*above || !above_noise));
        wanted.for_each(|(_, score)| total.merge(score));
        total
    }

    /// Returns the score of events of one kind and size.
    pub(crate) fn of(&self, kind: Kind, size: u32) -> Score {
        let mut total = Score::default();
        [false, true]
            .iter()
            .filter_map(|above| self.events.get(&(kind, size, *above)))
            .for_each(|s| total.merge(s));
        total
    }

    /// Returns the score of all unchanged series.
    pub(crate) fn untouched(&self) -> Score {
        let mut total = Score::default();
        self.untouched.values().for_each(|s| total.merge(s));
        total
    }
}

/// Scores a method on all events, traps and untouched series.
pub(crate) fn score(bases: &[Base], method: &Method) -> Scores {
    let each: Vec<Scores> = bases.par_iter().map(|base| score_one(base, method)).collect();
    let mut all = Scores::default();
    for one in each {
        one.events.iter().for_each(|(key, s)| all.events.entry(*key).or_default().merge(s));
        one.traps.iter().for_each(|(key, s)| all.traps.entry(*key).or_default().merge(s));
        one.untouched
            .iter()
            .for_each(|(key, s)| all.untouched.entry(key.clone()).or_default().merge(s));
    }
    all
}

fn score_one(base: &Base, method: &Method) -> Scores {
    let mut scores = Scores::default();
    let calendar = Calendar::new(base.first, base.costs.len());
    let raised = |case: &Case| (method.run)(case, &calendar);
    for kind in KINDS {
        for size in SIZES {
            let above = f64::from(size) / 100.0 >= ABOVE_NOISE * base.noise;
            let score = scores.events.entry((kind, size, above)).or_default();
            for draw in 0..DRAWS {
                let case = event(base, kind, size, draw);
                score.add(&case, &raised(&case));
            }
        }
    }
    for kind in TRAPS {
        let case = trap(base, kind);
        scores.traps.entry(kind).or_default().add(&case, &raised(&case));
    }
    let case = untouched(base);
    scores.untouched.entry(base.source.clone()).or_default().add(&case, &raised(&case));
    scores
}
