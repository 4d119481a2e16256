//! Settings of the anomaly detector.

use chrono::NaiveDate;
use polars::prelude::{Expr, lit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::scope::Scope;

/// Highest relative threshold, percent: 100 times the expected cost. Chosen: above it, no anomaly
/// is ever raised in practice.
pub const MOST_RELATIVE_PCT: u32 = 10_000;
/// Highest [`Thresholds::floor_per_mille_of_estate`]: ten times the estate's mean cost. Chosen.
const MOST_FLOOR_PER_MILLE: u32 = 10_000;
/// Highest [`Thresholds::deviations_tenths`]: 100 robust standard deviations. Chosen.
const MOST_DEVIATIONS_TENTHS: u32 = 1_000;

/// Error: a threshold so high that no anomaly is ever raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{key}` is {value}, but at most {most} is allowed: no anomaly could be raised; use anomalies.exclude for parts that \
     should not be monitored"
)]
pub struct WrongThreshold {
    /// Setting.
    pub key: &'static str,
    /// Its value.
    pub value: u32,
    /// Highest value.
    pub most: u32,
}

/// Thresholds for an anomaly. A day must exceed all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Thresholds {
    /// Smallest excess as a share of the expected cost, percent. Default 25: the project's promise
    /// to scheduled jobs.
    pub relative_pct: u32,
    /// Smallest excess per day, in the bill's currency. Default 10.
    pub floor: u32,
    /// Smallest excess as a share of the estate's mean daily cost so far, in thousandths. Default 1
    /// (0.1 %).
    pub floor_per_mille_of_estate: u32,
    /// Smallest excess in robust standard deviations of the series' own errors, in tenths. Default
    /// 45 (4.5), chosen on the development half of the benchmark (docs/adr/0010).
    pub deviations_tenths: u32,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { relative_pct: 25, floor: 10, floor_per_mille_of_estate: 1, deviations_tenths: 45 }
    }
}

/// Thresholds for a part of the estate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Part of the estate.
    #[serde(rename = "where")]
    pub scope: Scope,
    /// Replaces [`Thresholds::relative_pct`].
    pub relative_pct: Option<u32>,
    /// Replaces [`Thresholds::floor`].
    pub floor: Option<u32>,
    /// Replaces [`Thresholds::floor_per_mille_of_estate`].
    pub floor_per_mille_of_estate: Option<u32>,
    /// Replaces [`Thresholds::deviations_tenths`].
    pub deviations_tenths: Option<u32>,
}

/// Known event: a planned change whose cost creates a note instead of an anomaly.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownEvent {
    /// Name of the event.
    pub name: String,
    /// First day.
    pub first_day: NaiveDate,
    /// Last day.
    pub last_day: NaiveDate,
    /// Part of the estate; the entire estate if not set.
    #[serde(rename = "where", default)]
    pub scope: Scope,
}

/// Settings of the anomaly detector.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Thresholds for the estate.
    pub thresholds: Thresholds,
    /// Thresholds for parts of the estate. If several rules apply to a part, the last one counts.
    pub rules: Vec<Rule>,
    /// Parts of the estate that are not monitored, not even as part of others.
    pub exclude: Vec<Scope>,
    /// Known events.
    pub events: Vec<KnownEvent>,
    /// Whether to report drops too.
    pub drops: bool,
}

impl Settings {
    /// Returns an error if a threshold, of the estate or of a rule, is so high that it turns off
    /// monitoring. Floors depend on the bill, and are checked with it.
    ///
    /// # Errors
    /// [`WrongThreshold`].
    pub fn validate(&self) -> Result<(), WrongThreshold> {
        let t = &self.thresholds;
        let estate = [t.relative_pct, t.floor_per_mille_of_estate, t.deviations_tenths].map(Some);
        let rules = self
            .rules
            .iter()
            .map(|r| [r.relative_pct, r.floor_per_mille_of_estate, r.deviations_tenths]);
        let limits = [
            ("relative_pct", MOST_RELATIVE_PCT),
            ("floor_per_mille_of_estate", MOST_FLOOR_PER_MILLE),
            ("deviations_tenths", MOST_DEVIATIONS_TENTHS),
        ];
        for values in std::iter::once(estate).chain(rules) {
            for (value, (key, most)) in values.into_iter().zip(limits) {
                if let Some(value) = value.filter(|value| *value > most) {
                    return Err(WrongThreshold { key, value, most });
                }
            }
        }
        Ok(())
    }

    /// Returns the rows of `filter` that are monitored.
    pub(super) fn watched(&self, filter: Expr) -> Expr {
        self.exclude
            .iter()
            .fold(filter, |filter, scope| filter.and(scope.filter().fill_null(lit(false)).not()))
    }

    /// Returns the tag keys of its scopes, which the roll-up must have.
    pub fn tag_keys(&self) -> impl Iterator<Item = &str> {
        self.scopes().filter_map(|s| s.tag.as_deref()?.split_once('=')).map(|(key, _)| key)
    }

    /// Returns a tag that does not have the form `key=value`, if there is one.
    #[must_use]
    pub fn wrong_tag(&self) -> Option<&str> {
        self.scopes().filter_map(|s| s.tag.as_deref()).find(|tag| !tag.contains('='))
    }

    fn scopes(&self) -> impl Iterator<Item = &Scope> {
        let rules = self.rules.iter().map(|r| &r.scope);
        rules.chain(&self.exclude).chain(self.events.iter().map(|e| &e.scope))
    }

    /// Returns the thresholds for a part of the estate.
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

    /// Returns the known event that explains a run of days for a part of the estate.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_that_mute_everything_are_refused() {
        let rule = Rule {
            scope: Scope::default(),
            relative_pct: None,
            floor: Some(u32::MAX),
            floor_per_mille_of_estate: Some(10_000),
            deviations_tenths: Some(1_001),
        };
        let thresholds = Thresholds { relative_pct: 10_000, ..Thresholds::default() };
        let mut settings = Settings { thresholds, rules: vec![rule], ..Settings::default() };
        let wrong = settings.validate().unwrap_err();
        assert_eq!((wrong.key, wrong.value, wrong.most), ("deviations_tenths", 1_001, 1_000));
        settings.rules.clear();
        assert_eq!(settings.validate(), Ok(()));
        settings.thresholds.relative_pct = 10_001;
        assert_eq!(settings.validate().unwrap_err().key, "relative_pct");
    }
}
