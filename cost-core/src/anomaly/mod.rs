//! Anomalies: days on which the cost of a part of the estate differed from the expected cost. Each
//! is reported once, with its causes.
//!
//! ```text
//! roll-up ─► series (every level) ─► expect ─► scan ─► runs ─► incident (same money is one) ─► detect ─► Anomaly
//!                                                                                             └ cause
//! ```
//!
//! Point in time: results for a day use no later data, so that a replay of past days ([`detect`]
//! with a range in the past) shows what would have been raised and when.

mod cause;
mod detect;
mod expect;
mod incident;
mod muted;
mod open;
mod resources;
mod scan;
mod scope;
mod series;
mod settings;
mod story;
mod tagged;
mod tune;
mod types;

pub use detect::detect;
pub use expect::{Basis, Calendar, Expected, expect};
pub use incident::{Raised, raised};
pub use resources::name_resources;
pub use scan::{Direction, Limits, Run, Scan, scan};
pub use scope::{Level, Scope};
pub use series::{Series, SeriesSet, series};
pub use settings::{KnownEvent, MOST_RELATIVE_PCT, Rule, Settings, Thresholds, WrongThreshold};
pub(crate) use tune::a_month;
pub use tune::{Trial, Tuning, tune};
pub use types::{
    AlsoMoved, Anomaly, Cause, CauseResource, Findings, Kind, Owner, SeriesDay, Severity,
};

#[cfg(test)]
mod tests;
