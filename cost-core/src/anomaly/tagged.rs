//! Runs of tags: which incidents can show the same cost, by their excess.
//!
//! The series do not split tags, so a tag shares cost with every run that was raised together with
//! it. An estate can have as many tags as runs. Runs of tags on the same days have the same
//! candidates: these are ranked once, instead of being compared with each tag.

use std::collections::HashMap;

use super::scope::{Level, Scope};
use super::series::SeriesSet;

/// Largest number of rankings that are stored, which bounds the memory: 16 bytes per candidate.
const MOST_RANKINGS: usize = 16;

/// Run that a run of a tag can show the cost of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Position of its incident.
    pub(super) incident: usize,
    /// Position of its series.
    pub(super) series: usize,
    /// Whether it is something new.
    pub(super) new: bool,
}

/// Excess of a candidate on the days of a run of a tag.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ranked {
    pub(super) incident: usize,
    pub(super) excess: f64,
}

/// What the runs of tags of one day are compared with.
pub(super) struct Tagged {
    /// Whether tags are at their own level only, and all other levels but the total are restricted:
    /// then no run of a tag contains another run, or is within one.
    is_regular: bool,
    day: Option<usize>,
    /// Runs below the entire estate that were raised together with the day's runs.
    candidates: Vec<Candidate>,
    /// Incidents with such a run of the entire estate, in order.
    pub(super) of_estate: Vec<usize>,
    /// Number of runs of tags by their days up to the day.
    seen: HashMap<Vec<usize>, usize>,
    /// Candidates by the same days, largest excess first.
    ranked: HashMap<Vec<usize>, Vec<Ranked>>,
}

impl Tagged {
    pub(super) fn new(set: &SeriesSet) -> Self {
        let is_regular = set.series.iter().all(|s| match s.level {
            Level::Tag => s.scope.tag.is_some() && !is_restricted(&s.scope),
            Level::Total => s.scope == Scope::default(),
            _ => s.scope.tag.is_none() && is_restricted(&s.scope),
        });
        Self {
            is_regular,
            day: None,
            candidates: Vec::new(),
            of_estate: Vec::new(),
            seen: HashMap::new(),
            ranked: HashMap::new(),
        }
    }

    /// Returns one that ranks nothing.
    #[cfg(test)]
    pub(super) fn off(set: &SeriesSet) -> Self {
        Self { is_regular: false, ..Self::new(set) }
    }

    /// Returns whether the runs of a level are ranked.
    pub(super) fn takes(&self, level: Level) -> bool {
        self.is_regular && level == Level::Tag
    }

    /// Begins a day, unless it has begun: `recent` returns the runs that were raised together with
    /// its runs, with their levels. Runs of tags do not change them.
    pub(super) fn begin(&mut self, day: usize, recent: impl FnOnce() -> Vec<(Level, Candidate)>) {
        if self.day.replace(day) == Some(day) {
            return;
        }
        self.seen.clear();
        self.ranked.clear();
        self.candidates.clear();
        self.of_estate.clear();
        for (level, run) in recent() {
            match level {
                Level::Tag => {}
                Level::Total => self.of_estate.push(run.incident),
                _ => self.candidates.push(run),
            }
        }
        self.of_estate.sort_unstable();
        self.of_estate.dedup();
    }

    /// Returns the candidates on these days, largest excess first, and the first incident first if
    /// they have the same; `None` if it takes less time to compare them with a single run.
    pub(super) fn ranked(
        &mut self,
        days: &[usize],
        excess: impl Fn(&Candidate) -> f64,
    ) -> Option<&[Ranked]> {
        if !self.ranked.contains_key(days) {
            let seen = self.seen.entry(days.to_vec()).or_default();
            *seen += 1;
            if *seen == 1 || self.ranked.len() == MOST_RANKINGS {
                return None;
            }
            let rank = |c: &Candidate| Ranked { incident: c.incident, excess: excess(c) };
            let mut all: Vec<Ranked> = self.candidates.iter().map(rank).collect();
            all.sort_by(|a, b| b.excess.total_cmp(&a.excess).then(a.incident.cmp(&b.incident)));
            self.ranked.insert(days.to_vec(), all);
        }
        self.ranked.get(days).map(Vec::as_slice)
    }
}

fn is_restricted(scope: &Scope) -> bool {
    let fields = [&scope.sub_account_id, &scope.service_name, &scope.region_id, &scope.usage_type];
    fields.into_iter().any(Option::is_some)
}
