//! What the provider's own advisers recommend: second opinions, shown beside our advice and never added to it.

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cells::Texts;
use crate::inventory::short_id;
use crate::money::{Currency, Money};
use crate::opportunity::Opportunity;

/// Columns of `recommendations/list.parquet`, grain: one row a recommendation. What was not told is null.
///
/// `Source` (`Compute Optimizer`, `Cost Optimization Hub`), `ResourceId`, `SubAccountId`, `RegionId`, `Action` (the adviser's word, such as
/// `Rightsize`), `Current`, `Recommended`, `MonthlySavings` (`Decimal(38, 12)`, in `Currency`), `Currency`, `Effort`, `Risk` (the adviser's words),
/// `RestartNeeded`, `RollbackPossible` (`true`, `false`), `LookbackDays` (i64), `RefreshedOn` (Date), `Basis` (what the saving is reckoned from,
/// such as `after discounts`).
pub const COLUMNS: &[&str] = &[
    "Source",
    "ResourceId",
    "SubAccountId",
    "RegionId",
    "Action",
    "Current",
    "Recommended",
    "MonthlySavings",
    "Currency",
    "Effort",
    "Risk",
    "RestartNeeded",
    "RollbackPossible",
    "LookbackDays",
    "RefreshedOn",
    "Basis",
];

/// The type of one of [`COLUMNS`].
#[must_use]
pub fn column_type(name: &str) -> DataType {
    match name {
        "MonthlySavings" => DataType::Decimal(38, 12),
        "RestartNeeded" | "RollbackPossible" => DataType::Boolean,
        "LookbackDays" => DataType::Int64,
        "RefreshedOn" => DataType::Date,
        _ => DataType::String,
    }
}

/// One recommendation of the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Recommendation {
    /// Who recommends it.
    pub source: String,
    /// For which resource; `None` for purchases.
    pub resource_id: Option<String>,
    /// Account.
    pub sub_account_id: Option<String>,
    /// Region.
    pub region_id: Option<String>,
    /// What to do, in the adviser's word.
    pub action: String,
    /// What is there now.
    pub current: Option<String>,
    /// What should be there.
    pub recommended: Option<String>,
    /// What the adviser says it saves in a month; `None` if it does not say.
    pub monthly_savings: Option<Money>,
    /// What that is reckoned from.
    pub basis: Option<String>,
    /// Effort, in the adviser's word.
    pub effort: Option<String>,
    /// Risk, in the adviser's word.
    pub risk: Option<String>,
    /// Whether the resource has to be restarted.
    pub restart_needed: Option<bool>,
    /// Whether it can be undone.
    pub rollback_possible: Option<bool>,
    /// Days of use it was judged by.
    pub lookback_days: Option<i64>,
    /// The day it was last judged.
    pub refreshed_on: Option<NaiveDate>,
}

/// A recommendation beside our own advice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SecondOpinion {
    /// What the provider recommends.
    #[serde(flatten)]
    pub recommendation: Recommendation,
    /// Our opportunities for the same resource, by id.
    pub opportunities: Vec<String>,
}

impl Recommendation {
    /// What is recommended, in one line: `Rightsize m5.large to m5.medium`.
    #[must_use]
    pub fn summary(&self) -> String {
        let change = match (&self.current, &self.recommended) {
            (Some(now), Some(then)) if now != then => format!(" {now} to {then}"),
            (Some(one), _) | (None, Some(one)) => format!(" {one}"),
            (None, None) => String::new(),
        };
        format!("{}{change}", self.action)
    }
}

/// The rows of a frame with [`COLUMNS`], the largest saving first.
///
/// # Errors
/// The engine's, when a column is missing.
pub fn from_frame(frame: &DataFrame) -> PolarsResult<Vec<Recommendation>> {
    let texts = Texts::of(frame, COLUMNS)?;
    let mut all = Vec::new();
    for row in 0..texts.height() {
        let text = |column: usize| texts.get(column, row).map(ToOwned::to_owned);
        let (Some(source), Some(action)) = (text(0), text(4)) else { continue };
        let saved = texts.parsed::<Decimal>(7, row).zip(texts.parsed::<Currency>(8, row));
        all.push(Recommendation {
            source,
            action,
            resource_id: text(1),
            sub_account_id: text(2),
            region_id: text(3),
            current: text(5),
            recommended: text(6),
            monthly_savings: saved.map(|(amount, currency)| Money::new(amount.normalize(), currency)),
            effort: text(9),
            risk: text(10),
            restart_needed: texts.parsed(11, row),
            rollback_possible: texts.parsed(12, row),
            lookback_days: texts.parsed(13, row),
            refreshed_on: texts.parsed(14, row),
            basis: text(15),
        });
    }
    let saved = |r: &Recommendation| r.monthly_savings.map(|m| m.amount());
    all.sort_by(|a, b| {
        saved(b)
            .cmp(&saved(a))
            .then_with(|| (&a.resource_id, &a.source, &a.action).cmp(&(&b.resource_id, &b.source, &b.action)))
    });
    Ok(all)
}

/// Each recommendation with those of our opportunities that are for the same resource.
#[must_use]
pub fn beside(recommendations: &[Recommendation], ours: &[Opportunity]) -> Vec<SecondOpinion> {
    let same = |r: &Recommendation| {
        let Some(id) = r.resource_id.as_deref().map(short_id) else { return Vec::new() };
        let claims = |o: &&Opportunity| {
            let account = |known: &Option<String>| known.is_none() || *known == r.sub_account_id;
            o.claims.iter().any(|c| short_id(&c.resource_id) == id && account(&c.sub_account_id))
        };
        ours.iter().filter(claims).map(|o| o.id.clone()).collect()
    };
    recommendations.iter().map(|r| SecondOpinion { recommendation: r.clone(), opportunities: same(r) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_saving_is_first_and_an_unknown_one_last() {
        let rows = [("a", None), ("b", Some("1.5")), ("c", Some("20"))];
        let columns = COLUMNS.iter().map(|name| {
            let value = |(id, saved): &(&'static str, Option<&'static str>)| match *name {
                "ResourceId" => Some(*id),
                "MonthlySavings" => *saved,
                "Currency" => Some("USD"),
                "RestartNeeded" => Some("true"),
                "RefreshedOn" => Some("2026-11-20"),
                "LookbackDays" => Some("14"),
                "Recommended" | "RollbackPossible" => None,
                _ => Some("x"),
            };
            let texts: StringChunked = rows.iter().map(value).collect();
            let series = match column_type(name) {
                DataType::Boolean => {
                    rows.iter().map(|r| value(r).map(|v| v == "true")).collect::<BooleanChunked>().into_series()
                }
                other => texts.into_series().cast(&other)?,
            };
            Ok(series.with_name((*name).into()).into_column())
        });
        let frame = DataFrame::new(3, columns.collect::<PolarsResult<_>>().unwrap()).unwrap();
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
