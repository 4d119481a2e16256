//! List prices from the Price List and the spot price history, for the regions and types in use.

mod offer;
mod offerings;
mod price;
mod product;
mod spot;

pub(crate) use offerings::Offerings;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use cost_core::inventory::{Kind, Resource};
use cost_core::price::{PriceRow, Usd};
use cost_core::table::frame_of;
use cost_provider_api::{ProviderError, Pulled, Steps};
use futures::FutureExt;
use polars::prelude::*;

use crate::connect::Aws;
use crate::gather::{Asking, gather};
use price::Price;

/// Concurrent offer requests; the calls of one service are limited further.
const AT_A_TIME: usize = 8;

/// List prices on a day, for the regions of an inventory.
pub(crate) struct PriceList<'a> {
    aws: &'a Aws,
    as_of: NaiveDate,
}

/// Products in use in one region.
#[derive(Clone, Debug, Default)]
struct InUse {
    kinds: BTreeSet<Kind>,
    instance_types: BTreeSet<String>,
    account: String,
}

impl<'a> PriceList<'a> {
    /// Prices on the day of the request, and spot prices of the 14 days before `as_of`.
    pub(crate) fn new(aws: &'a Aws, as_of: NaiveDate) -> Self {
        Self { aws, as_of }
    }

    /// Prices of what an inventory has.
    pub(crate) async fn of_inventory(
        &self,
        inventory: &[Resource],
        steps: &Steps,
    ) -> Result<Pulled<DataFrame>, ProviderError> {
        let regions = in_use(inventory);
        let payer = self.aws.payer();
        let mut asking: Vec<Asking<'_, Vec<Price>>> = Vec::new();
        for (region, used) in &regions {
            for offer in offer::OFFERS.iter().filter(|o| used.kinds.contains(&o.kind)) {
                let asked = offer::prices(&payer, offer, region);
                asking.push(Box::pin(
                    asked.map(|answer| (format!("list prices of {}", offer.what), answer)),
                ));
            }
            let account = self.aws.accounts.iter().find(|a| a.id == used.account);
            if let Some(account) = account.filter(|_| !used.instance_types.is_empty()) {
                let asked =
                    spot::prices(self.aws.at(account, region), &used.instance_types, self.as_of);
                asking.push(Box::pin(asked.map(|answer| ("spot prices".to_owned(), answer))));
            }
        }
        let (prices, gaps) = gather("prices", asking, AT_A_TIME, steps).await;
        let data = to_frame(prices.concat(), self.as_of)
            .map_err(|e| ProviderError::unreadable("prices", e))?;
        Ok(Pulled::partly(data, gaps))
    }
}

/// Returns the products in use, by region.
fn in_use(inventory: &[Resource]) -> BTreeMap<String, InUse> {
    let mut regions: BTreeMap<String, InUse> = BTreeMap::new();
    for resource in inventory {
        let (Some(region), Some(account)) = (&resource.region_id, &resource.sub_account_id) else {
            continue;
        };
        let used = regions.entry(region.clone()).or_default();
        used.kinds.insert(resource.kind.clone());
        if let Some(name) =
            resource.instance_type.as_ref().filter(|_| resource.kind == Kind::Instance)
        {
            used.instance_types.insert(name.clone());
            used.account.clone_from(account);
        }
    }
    regions
}

/// Returns the price list of the estate, by region, item, and terms.
fn to_frame(mut prices: Vec<Price>, as_of: NaiveDate) -> PolarsResult<DataFrame> {
    prices.sort_by(|a, b| (&a.region, &a.item, a.terms).cmp(&(&b.region, &b.item, b.terms)));
    let row = |p: Price| PriceRow {
        region_id: p.region,
        item: p.item,
        terms: p.terms.to_owned(),
        unit: Some(p.unit),
        usd_per_unit: Usd(p.usd),
        as_of: Some(as_of),
    };
    frame_of(&prices.into_iter().map(row).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_exact_and_in_order_in_the_list() {
        let price = |item: &str, usd: &str| Price {
            region: "eu-west-1".to_owned(),
            item: item.to_owned(),
            terms: "storage",
            unit: "GB-Mo".to_owned(),
            usd: usd.parse().expect("a number"),
        };
        let day = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day");
        let frame = to_frame(vec![price("gp3", "0.0880000000"), price("gp2", "0.11")], day)
            .expect("a frame");
        let book = cost_core::price::PriceBook::bundled()
            .and_then(|b| b.with(&frame))
            .expect("a price book");
        assert_eq!(book.storage("eu-west-1", "gp3").map(|p| p.to_string()), Ok("0.088".to_owned()));
        assert!(book.origin(day).contains("2026-11-24"), "{}", book.origin(day));
        let items = frame.column("Item").expect("items").cast(&DataType::String).expect("text");
        assert_eq!(items.str().expect("text").get(0), Some("gp2"));
    }
}
