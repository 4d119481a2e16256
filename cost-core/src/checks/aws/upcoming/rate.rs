//! The prices of extended support.

use rust_decimal::Decimal;
use serde::Deserialize;

use super::units::Item;
use crate::check::{Context, ResourceUse};
use crate::checks::aws::managed_class::class_of;

/// Prices by item and region; sources in `cost-core/data/lifecycle/SOURCES.md`.
const PRICES: &str = include_str!("../../../../data/lifecycle/aws_extended_support_prices.csv");
/// Region of prices that are the same in all regions.
const EVERYWHERE: &str = "*";

/// A row of the prices.
#[derive(Clone, Debug, Deserialize)]
struct Row {
    item: String,
    region: String,
    usd_year_1: Decimal,
    usd_year_3: Option<Decimal>,
}

/// Prices of one unit, per hour, in the currency of the bill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rate {
    /// Years 1 and 2.
    pub(super) year_1: Decimal,
    /// Year 3; `None` if it has no price of its own.
    pub(super) year_3: Option<Decimal>,
    /// Unit and origin, for people.
    pub(super) unit: String,
}

/// The bundled prices.
pub(super) struct Rates(Vec<Row>);

impl Rates {
    /// Returns the bundled prices. A test rules out the error.
    pub(super) fn bundled() -> Result<Self, String> {
        let rows = csv::Reader::from_reader(PRICES.as_bytes()).into_deserialize();
        let all: Result<Vec<Row>, csv::Error> = rows.collect();
        all.map(Self).map_err(|e| format!("the prices of extended support are damaged: {e}"))
    }

    fn row(&self, item: &str, region: &str) -> Result<&Row, String> {
        let of = |at: &str| self.0.iter().find(|r| r.item == item && r.region == at);
        of(region).or_else(|| of(EVERYWHERE)).ok_or_else(|| {
            format!("the price of extended support in {region} is unknown: the list lacks it")
        })
    }

    /// Returns the price of a unit of a usage.
    ///
    /// # Errors
    /// Why it is unknown.
    pub(super) fn of(
        &self,
        cx: &Context<'_>,
        used: &ResourceUse,
        item: Item,
    ) -> Result<Rate, String> {
        let region = used.region_id.as_str();
        let (name, unit) = match item {
            Item::RdsVcpu => ("rds-vcpu-hour", "vCPU hour"),
            Item::ServerlessAcu => ("aurora-serverless-acu-hour", "ACU hour"),
            Item::DocumentVcpu => (document_item(&class_of(cx, used))?, "vCPU hour"),
            Item::Cluster => ("eks-cluster-hour", "cluster hour"),
            Item::CacheNode => return self.of_node(cx, used),
            Item::SearchNode => {
                return Err(
                    "the price of extended support of search nodes is not listed".to_owned()
                );
            }
        };
        let row = self.row(name, region)?;
        cx.usd_bill("extended support").map_err(|unknown| unknown.to_string())?;
        Ok(Rate {
            year_1: row.usd_year_1,
            year_3: row.usd_year_3,
            unit: format!("{unit} (list price {} USD)", row.usd_year_1.normalize()),
        })
    }

    /// Returns the price of a node hour: a share of its on-demand price, which is the list price in
    /// the bill, else that of the price list.
    fn of_node(&self, cx: &Context<'_>, used: &ResourceUse) -> Result<Rate, String> {
        let row = self.row("elasticache-share-of-node-price", &used.region_id)?;
        let billed = used.now().list_unit_price().filter(|price| *price > Decimal::ZERO);
        let listed = || {
            let item = format!("redis {}", class_of(cx, used));
            cx.list(&used.region_id, &item).map_err(|unknown| unknown.to_string())
        };
        let price = billed.map_or_else(listed, Ok)?;
        let percent = (row.usd_year_1 * Decimal::ONE_HUNDRED).normalize();
        Ok(Rate {
            year_1: price * row.usd_year_1,
            year_3: row.usd_year_3.map(|share| price * share),
            unit: format!("node hour ({percent} % of its on-demand price)"),
        })
    }
}

/// Returns the item of a `DocumentDB` class. Other families do not run versions that have extended
/// support.
fn document_item(class: &str) -> Result<&'static str, String> {
    match class.split('.').nth(1) {
        Some("r4" | "r5") => Ok("docdb-r5-vcpu-hour"),
        Some("t3") => Ok("docdb-t3-vcpu-hour"),
        _ => Err(format!("the price of extended support of {class} is unknown")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_prices_are_complete_and_year_3_costs_twice_as_much() {
        let all = Rates::bundled().expect("the prices").0;
        let keys: BTreeSet<(&str, &str)> =
            all.iter().map(|r| (r.item.as_str(), r.region.as_str())).collect();
        assert_eq!(keys.len(), all.len(), "a price is there twice");
        for r in &all {
            assert!(r.usd_year_1 > Decimal::ZERO, "{r:?}");
            if let Some(year_3) = r.usd_year_3 {
                // To the third decimal place, as published.
                let error = (year_3 - r.usd_year_1 * Decimal::TWO).abs();
                assert!(error <= Decimal::new(1, 3), "{r:?}");
            }
        }
    }
}
