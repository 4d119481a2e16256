//! Labeled events and traps, placed by a seeded generator.

use chrono::{Datelike, Weekday};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::corpus::Base;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Spike,
    Shift,
    Ramp,
    Weekend,
    NewService,
}

impl Kind {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Spike => "spike, 1 day",
            Self::Shift => "level shift",
            Self::Ramp => "ramp, 14 days",
            Self::Weekend => "weekends",
            Self::NewService => "new service",
        }
    }
}

pub(crate) const KINDS: [Kind; 5] =
    [Kind::Spike, Kind::Shift, Kind::Ramp, Kind::Weekend, Kind::NewService];
pub(crate) const SIZES: [u32; 4] = [25, 50, 100, 300];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trap {
    MonthStart,
    Credit,
    LateData,
    Holiday,
    Drop,
    DropAndBack,
}

impl Trap {
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::MonthStart => "charges on each month's first day",
            Self::Credit => "credit of one day",
            Self::LateData => "late data",
            Self::Holiday => "holiday of three days",
            Self::Drop => "drop for good",
            Self::DropAndBack => "drop for four weeks, and back",
        }
    }
}

pub(crate) const TRAPS: [Trap; 6] =
    [Trap::MonthStart, Trap::Credit, Trap::LateData, Trap::Holiday, Trap::Drop, Trap::DropAndBack];

/// Copy of a base series with one event, or without any.
pub(crate) struct Case {
    pub(crate) costs: Vec<f64>,
    /// First and last day of the event.
    pub(crate) event: Option<(usize, usize)>,
    /// Half-open range of days that are scored.
    pub(crate) scored: (usize, usize),
    /// Whether the series starts with the event.
    pub(crate) new: bool,
}

/// Days of history before the scored days.
const HISTORY: usize = 91;
/// Scored days before and after an event.
const BEFORE: usize = 60;
const AFTER: usize = 30;
/// Length of a lasting event in days.
const LONG: usize = 28;

fn place(base: &Base, salt: u64) -> usize {
    let seed =
        base.name.bytes().fold(salt, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let n = base.costs.len();
    rng.random_range(HISTORY + BEFORE..n - LONG - AFTER)
}

pub(crate) fn event(base: &Base, kind: Kind, size: u32, draw: u64) -> Case {
    let mut at = place(base, u64::from(size) * 31 + kind as u64 + draw * 100_003);
    let by = f64::from(size) / 100.0;
    let mut costs = base.costs.clone();
    let weekend = |t: usize| {
        let day = base.first + days(t);
        matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
    };
    let n = costs.len();
    let mut last = if kind == Kind::Spike { at } else { (at + LONG - 1).min(n - 1) };
    match kind {
        Kind::Spike => costs[at] *= 1.0 + by,
        Kind::Shift => costs[at..=last].iter_mut().for_each(|c| *c *= 1.0 + by),
        Kind::Ramp => {
            for (day, cost) in costs[at..=last].iter_mut().enumerate() {
                *cost *= 1.0 + by * ((day + 1) as f64 / 14.0).min(1.0);
            }
        }
        Kind::Weekend => {
            (at..=last).filter(|t| weekend(*t)).for_each(|t| costs[t] *= 1.0 + by);
            at = (at..=last).find(|t| weekend(*t)).unwrap_or(at);
            last = (at..=last).rfind(|t| weekend(*t)).unwrap_or(last);
        }
        Kind::NewService => {
            costs[..at].fill(0.0);
            costs[at..].iter_mut().for_each(|c| *c *= by);
        }
    }
    let scored = (at.saturating_sub(BEFORE), (last + 1 + AFTER).min(n));
    Case { costs, event: Some((at, last)), scored, new: kind == Kind::NewService }
}

pub(crate) fn trap(base: &Base, trap: Trap) -> Case {
    let at = place(base, 7_001 + trap as u64);
    let mut costs = base.costs.clone();
    let n = costs.len();
    let mut scored = (at, (at + LONG + AFTER).min(n));
    match trap {
        Trap::MonthStart => {
            let first = |t: &usize| (base.first + days(*t)).day() == 1;
            (0..n).filter(first).for_each(|t| costs[t] += 300.0);
            scored = (HISTORY, n);
        }
        Trap::Credit => costs[at] *= 0.2,
        Trap::LateData => {
            costs.truncate(at + 1);
            costs[at] *= 0.3;
            costs[at - 1] *= 0.8;
            scored = (at - 1, at + 1);
        }
        Trap::Holiday => costs[at..at + 3].iter_mut().for_each(|c| *c *= 0.5),
        Trap::Drop => costs[at..].iter_mut().for_each(|c| *c *= 0.6),
        Trap::DropAndBack => costs[at..at + LONG].iter_mut().for_each(|c| *c *= 0.6),
    }
    Case { costs, event: None, scored, new: false }
}

pub(crate) fn untouched(base: &Base) -> Case {
    let n = base.costs.len();
    Case { costs: base.costs.clone(), event: None, scored: (HISTORY, n), new: false }
}

fn days(count: usize) -> chrono::Days {
    chrono::Days::new(count as u64)
}
