//! When a day is an anomaly, where, and when not.

use chrono::NaiveDate;
use polars::prelude::{Expr, lit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scope::Scope;

/// When a day is an anomaly. All must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Above expectation by this share, percent. Default 25: the project's promise to scheduled
    /// jobs.
    pub relative_pct: u32,
    /// Above expectation by this amount a day, in the bill's currency. Default 10.
    pub floor: u32,
    /// Above expectation by this share of the estate's mean daily cost so far, in thousandths.
    /// Default 1 (0.1 %).
    pub floor_per_mille_of_estate: u32,
    /// Above expectation by this many robust standard deviations of the series' own errors, in
    /// tenths. Default 45 (4.5), chosen on the development half of the yardstick (docs/adr/0010).
    pub deviations_tenths: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { relative_pct: 25, floor: 10, floor_per_mille_of_estate: 1, deviations_tenths: 45 }
    }
}

/// Other thresholds for a part of the estate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Which part.
    #[serde(rename = "where")]
    pub scope: Scope,
    /// Instead of [`Thresholds::relative_pct`].
    pub relative_pct: Option<u32>,
    /// Instead of [`Thresholds::floor`].
    pub floor: Option<u32>,
    /// Instead of [`Thresholds::floor_per_mille_of_estate`].
    pub floor_per_mille_of_estate: Option<u32>,
    /// Instead of [`Thresholds::deviations_tenths`].
    pub deviations_tenths: Option<u32>,
}

/// Something that was known beforehand: what it costs is no anomaly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownEvent {
    /// What to call it.
    pub name: String,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// Which part of the estate; all of it if nothing is said.
    #[serde(rename = "where", default)]
    pub scope: Scope,
}

/// How to look for anomalies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// When a day is an anomaly.
    pub thresholds: Thresholds,
    /// Other thresholds for parts of the estate; of several that hold for a part the last one
    /// counts.
    pub rules: Vec<Rule>,
    /// Parts of the estate that are not watched, not even within others.
    pub exclude: Vec<Scope>,
    /// What was known beforehand.
    pub events: Vec<KnownEvent>,
    /// Whether to look for drops too.
    pub drops: bool,
}

impl Settings {
    /// The rows of `filter` that are watched.
    pub(super) fn watched(&self, filter: Expr) -> Expr {
        self.exclude
            .iter()
            .fold(filter, |filter, scope| filter.and(scope.filter().fill_null(lit(false)).not()))
    }

    /// Tag keys that its scopes name: the roll-up must have them.
    pub fn tag_keys(&self) -> impl Iterator<Item = &str> {
        self.scopes().filter_map(|s| s.tag.as_deref()?.split_once('=')).map(|(key, _)| key)
    }

    /// A tag that is not of the form `key=value`, if there is one.
    #[must_use]
    pub fn wrong_tag(&self) -> Option<&str> {
        self.scopes().filter_map(|s| s.tag.as_deref()).find(|tag| !tag.contains('='))
    }

    fn scopes(&self) -> impl Iterator<Item = &Scope> {
        let rules = self.rules.iter().map(|r| &r.scope);
        rules.chain(&self.exclude).chain(self.events.iter().map(|e| &e.scope))
    }

    /// The thresholds of a part of the estate.
    pub(super) fn thresholds_of(&self, scope: &Scope) -> Thresholds {
        let rules = self.rules.iter().filter(|r| scope.is_within(&r.scope));
        rules.fold(self.thresholds, |t, rule| Thresholds {
            relative_pct: rule.relative_pct.unwrap_or(t.relative_pct),
            floor: rule.floor.unwrap_or(t.floor),
            floor_per_mille_of_estate: rule
                .floor_per_mille_of_estate
                .unwrap_or(t.floor_per_mille_of_estate),
            deviations_tenths: rule.deviations_tenths.unwrap_or(t.deviations_tenths),
        })
    }

    /// The known event that a run of days of a part of the estate is.
    pub(super) fn event(
        &self,
        scope: &Scope,
        first: NaiveDate,
        raised: NaiveDate,
    ) -> Option<&KnownEvent> {
        self.events
            .iter()
            .find(|e| scope.is_within(&e.scope) && first <= e.last_day && raised >= e.first_day)
    }
}
