//! What things cost at list price: the Price List, and the spot price history, of the regions and types that are in use.

mod offer;
mod offerings;
mod price;
mod product;
mod spot;

pub use offerings::Offerings;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use cost_core::cells::{Texts, dates};
use cost_core::price::COLUMNS;
use cost_provider_api::{PriceSource, ProviderError, Pulled, Pulling};
use futures::FutureExt;
use polars::prelude::*;

use crate::connect::Aws;
use crate::gather::Asking;
use price::Price;

/// Offers asked for at a time; the calls of one service are held to a few besides.
const AT_A_TIME: usize = 8;

/// List prices on a day, for the regions of an inventory.
pub struct PriceList<'a> {
    aws: &'a Aws,
    as_of: NaiveDate,
}

/// What is in use in one region.
#[derive(Clone, Debug, Default)]
struct InUse {
    kinds: BTreeSet<String>,
    instance_types: BTreeSet<String>,
    account: String,
}

impl<'a> PriceList<'a> {
    /// Prices of the day they are asked for, and spot prices of the 14 days before `as_of`.
    #[must_use]
    pub fn new(aws: &'a Aws, as_of: NaiveDate) -> Self {
        Self { aws, as_of }
    }

    async fn pull(&self, inventory: &DataFrame) -> Result<Pulled<DataFrame>, ProviderError> {
        let unreadable = |e: PolarsError| ProviderError::unreadable("prices", e);
        let regions = in_use(inventory).map_err(unreadable)?;
        let payer = self.aws.payer();
        let mut asking: Vec<Asking<'_, Vec<Price>>> = Vec::new();
        for (region, used) in &regions {
            for offer in offer::OFFERS.iter().filter(|o| used.kinds.contains(o.kind)) {
                let asked = offer::prices(&payer, offer, region);
                asking.push(Box::pin(asked.map(|answer| (format!("list prices of {}", offer.what), answer))));
            }
            let account = self.aws.accounts.iter().find(|a| a.id == used.account);
            if let Some(account) = account.filter(|_| !used.instance_types.is_empty()) {
                let asked = spot::prices(self.aws.at(account, region), &used.instance_types, self.as_of);
                asking.push(Box::pin(asked.map(|answer| ("spot prices".to_owned(), answer))));
            }
        }
        let (prices, gaps) = self.aws.gather("prices", asking, AT_A_TIME).await;
        Ok(Pulled::partly(to_frame(prices.concat(), self.as_of).map_err(unreadable)?, gaps))
    }
}

impl PriceSource for PriceList<'_> {
    fn prices<'a>(&'a self, inventory: &'a DataFrame) -> Pulling<'a, DataFrame> {
        Box::pin(self.pull(inventory))
    }
}

/// What is in use, by region.
fn in_use(inventory: &DataFrame) -> PolarsResult<BTreeMap<String, InUse>> {
    let texts = Texts::of(inventory, &["RegionId", "Kind", "InstanceType", "SubAccountId"])?;
    let mut regions: BTreeMap<String, InUse> = BTreeMap::new();
    for row in 0..texts.height() {
        let cell = |column: usize| texts.get(column, row);
        let (Some(region), Some(kind), Some(account)) = (cell(0), cell(1), cell(3)) else { continue };
        let used = regions.entry(region.to_owned()).or_default();
        used.kinds.insert(kind.to_owned());
        if let Some(name) = cell(2).filter(|_| kind == "instance") {
            used.instance_types.insert(name.to_owned());
            account.clone_into(&mut used.account);
        }
    }
    Ok(regions)
}

/// The prices as the estate's list, by region, item and terms.
fn to_frame(mut prices: Vec<Price>, as_of: NaiveDate) -> PolarsResult<DataFrame> {
    prices.sort_by(|a, b| (&a.region, &a.item, a.terms).cmp(&(&b.region, &b.item, b.terms)));
    let text = |get: fn(&Price) -> String| prices.iter().map(|p| Some(get(p))).collect::<StringChunked>().into_series();
    let columns = [
        text(|p| p.region.clone()),
        text(|p| p.item.clone()),
        text(|p| p.terms.to_owned()),
        text(|p| p.unit.clone()),
        text(|p| p.usd.to_string()).cast(&DataType::Decimal(38, 12))?,
        dates(prices.iter().map(|_| Some(as_of))),
    ];
    let named = COLUMNS.iter().zip(columns).map(|(name, series)| series.with_name((*name).into()).into_column());
    DataFrame::new(prices.len(), named.collect())
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
        let frame = to_frame(vec![price("gp3", "0.0880000000"), price("gp2", "0.11")], day).expect("a frame");
        let book = cost_core::price::PriceBook::bundled().and_then(|b| b.with(&frame)).expect("a price book");
        assert_eq!(book.storage("eu-west-1", "gp3").map(|p| p.to_string()), Ok("0.088".to_owned()));
        assert!(book.origin(day).contains("2026-11-24"), "{}", book.origin(day));
        let items = frame.column("Item").expect("items").cast(&DataType::String).expect("text");
        assert_eq!(items.str().expect("text").get(0), Some("gp2"));
    }
}
