//! Provider recommendations, shown next to our opportunities and never added to them.

mod compare;
mod types;

pub use compare::{Agreement, Ours};
pub use types::Recommendation;

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::inventory::short_id;
use crate::money::{Currency, Money};
use crate::opportunity::{Claim, Opportunity};
use crate::table::{Table, TableRow, each_row_is_read, row, rows_of};

/// Table of provider recommendations.
pub static RECOMMENDATIONS: Table = Table {
    name: "recommendations",
    label: "recommendations",
    path: "recommendations/list.parquet",
    doc: "Provider recommendations. One row per recommendation.",
    columns: RecommendationRow::COLUMNS,
    key: &[],
    opt_in: true,
    rules: each_row_is_read::<RecommendationRow>,
};

row! {
    /// Provider recommendation as stored in an estate.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct RecommendationRow {
        /// Adviser: `Compute Optimizer` or `Cost Optimization Hub`.
        #[column("Source")]
        pub source: String,
        /// Resource that it applies to.
        #[column("ResourceId")]
        pub resource_id: Option<String>,
        /// Account.
        #[column("SubAccountId")]
        pub sub_account_id: Option<String>,
        /// Region.
        #[column("RegionId")]
        pub region_id: Option<String>,
        /// Recommended action, as the provider names it, such as `Rightsize`.
        #[column("Action")]
        pub action: String,
        /// Current configuration.
        #[column("Current")]
        pub current: Option<String>,
        /// Recommended configuration.
        #[column("Recommended")]
        pub recommended: Option<String>,
        /// Estimated savings per month.
        #[column("MonthlySavings", unit = "`Currency`")]
        pub monthly_savings: Option<Decimal>,
        /// Currency of the savings.
        #[column("Currency")]
        pub currency: Option<Currency>,
        /// Effort, as the provider names it.
        #[column("Effort")]
        pub effort: Option<String>,
        /// Risk, as the provider names it.
        #[column("Risk")]
        pub risk: Option<String>,
        /// Whether the resource must be restarted.
        #[column("RestartNeeded")]
        pub restart_needed: Option<bool>,
        /// Whether the change can be rolled back.
        #[column("RollbackPossible")]
        pub rollback_possible: Option<bool>,
        /// Days of utilization that it is based on.
        #[column("LookbackDays", unit = "days")]
        pub lookback_days: Option<i64>,
        /// Day on which it was last updated.
        #[column("RefreshedOn")]
        pub refreshed_on: Option<NaiveDate>,
        /// Price basis of the savings, such as `after discounts`.
        #[column("Basis")]
        pub basis: Option<String>,
    }
}

/// Provider recommendation with our opportunities for the same resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "SecondOpinion")]
#[non_exhaustive]
pub struct ProviderRecommendation {
    /// Provider recommendation.
    #[serde(flatten)]
    pub recommendation: Recommendation,
    /// Our opportunities for the same resource, by ID.
    pub opportunities: Vec<String>,
    /// ID of the one that it was compared with; omitted if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<String>,
    /// How it compares with that one.
    #[serde(default)]
    pub agreement: Agreement,
    /// Why it differs, one reason each; empty if it does not.
    #[serde(default)]
    pub why: Vec<String>,
}

impl From<RecommendationRow> for Recommendation {
    fn from(row: RecommendationRow) -> Self {
        let saved = row.monthly_savings.zip(row.currency);
        Self {
            source: row.source,
            resource_id: row.resource_id,
            sub_account_id: row.sub_account_id,
            region_id: row.region_id,
            action: row.action,
            current: row.current,
            recommended: row.recommended,
            monthly_savings: saved.map(|(amount, currency)| Money::new(amount, currency)),
            basis: row.basis,
            effort: row.effort,
            risk: row.risk,
            restart_needed: row.restart_needed,
            rollback_possible: row.rollback_possible,
            lookback_days: row.lookback_days,
            refreshed_on: row.refreshed_on,
        }
    }
}

/// Reads the rows of [`RECOMMENDATIONS`], largest savings first.
///
/// # Errors
/// The engine's error if a column is missing.
pub fn from_frame(frame: &DataFrame) -> PolarsResult<Vec<Recommendation>> {
    let mut all: Vec<Recommendation> =
        rows_of::<RecommendationRow>(frame)?.into_iter().map(Recommendation::from).collect();
    let saved = |r: &Recommendation| r.monthly_savings.map(|m| m.amount());
    all.sort_by(|a, b| {
        saved(b).cmp(&saved(a)).then_with(|| {
            (&a.resource_id, &a.source, &a.action).cmp(&(&b.resource_id, &b.source, &b.action))
        })
    });
    Ok(all)
}

/// Returns each recommendation with our opportunities for the same resource, and how they differ.
#[must_use]
pub fn with_opportunities(
    recommendations: &[Recommendation],
    ours: Ours<'_>,
) -> Vec<ProviderRecommendation> {
    let same = |r: &Recommendation| -> Vec<&Opportunity> {
        let Some(id) = r.resource_id.as_deref().map(short_id) else { return Vec::new() };
        let account = |known: &Option<String>| {
            known.is_none() || r.sub_account_id.is_none() || *known == r.sub_account_id
        };
        // A group has the claims of its members.
        let is_of = |o: &&Opportunity| {
            let of_claim = |c: &Claim| short_id(&c.resource_id) == id && account(&c.sub_account_id);
            o.claims.iter().any(of_claim)
                || short_id(&o.subject) == id && account(&o.scope.sub_account_id)
        };
        ours.opportunities.iter().filter(is_of).collect()
    };
    let compared = |r: &Recommendation| {
        let same = same(r);
        let compared = compare::compare(r, &same, ours);
        ProviderRecommendation {
            recommendation: r.clone(),
            opportunities: same.into_iter().map(|o| o.id.clone()).collect(),
            compared_with: compared.opportunity,
            agreement: compared.agreement,
            why: compared.why,
        }
    };
    recommendations.iter().map(compared).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::frame_of;

    #[test]
    fn the_largest_saving_is_first_and_an_unknown_one_last() {
        let row = |id: &str, saved: Option<i64>| RecommendationRow {
            source: "x".to_owned(),
            resource_id: Some(id.to_owned()),
            action: "x".to_owned(),
            current: Some("x".to_owned()),
            monthly_savings: saved.map(|s| Decimal::new(s, 1)),
            currency: Some(Currency::USD),
            restart_needed: Some(true),
            lookback_days: Some(14),
            refreshed_on: NaiveDate::from_ymd_opt(2026, 11, 20),
            ..RecommendationRow::default()
        };
        let frame = frame_of(&[row("a", None), row("b", Some(15)), row("c", Some(200))]).unwrap();
        let all = from_frame(&frame).unwrap();
        let ids: Vec<_> = all.iter().filter_map(|r| r.resource_id.as_deref()).collect();
        assert_eq!(ids, ["c", "b", "a"]);
        assert_eq!(
            (all[0].restart_needed, all[0].rollback_possible, all[0].lookback_days),
            (Some(true), None, Some(14))
        );
        assert_eq!(all[0].refreshed_on, NaiveDate::from_ymd_opt(2026, 11, 20));
        assert_eq!((all[0].summary().as_str(), all[2].monthly_savings), ("x x", None));
    }
}
