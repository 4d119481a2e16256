//! Commitment offers by kind of usage.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::row::OfferRow;
use super::terms::{Payment, Product, Term};
use crate::table::rows_of;

/// One offer for one kind of usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Product.
    pub product: Product,
    /// Term.
    pub term: Term,
    /// Payment option.
    pub payment: Payment,
    /// Price per unit of usage, USD, with upfront payments spread over the hours of the term.
    pub usd_per_unit: Decimal,
    /// Share of the cost of the term that is paid upfront, 0 to 1.
    pub upfront: Decimal,
}

/// Region, usage type.
type Usage = (String, String);

/// All commitment offers of an estate.
#[derive(Clone, Debug, Default)]
pub struct Offers {
    /// Offers and their operations, by region and usage type.
    by_usage: BTreeMap<Usage, Vec<(String, Offer)>>,
    as_of: Option<NaiveDate>,
}

impl Offers {
    /// Reads the offers of [`super::OFFERS`].
    ///
    /// # Errors
    /// The data engine's error if a column is missing, or if a number is missing, negative, or a
    /// percentage above 100. It contains the row.
    pub fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        Ok(rows_of(frame)?.into_iter().collect())
    }

    /// Returns whether there are no offers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_usage.is_empty()
    }

    /// Returns the day of the newest offer.
    #[must_use]
    pub fn as_of(&self) -> Option<NaiveDate> {
        self.as_of
    }

    /// Returns the offers for a usage type. If the operation is unknown, only offers whose price is
    /// the same for all operations.
    #[must_use]
    pub fn of(&self, region: &str, usage_type: &str, operation: Option<&str>) -> Vec<Offer> {
        let all = self.by_usage.get(&(region.to_owned(), usage_type.to_owned()));
        let all = all.map_or(&[][..], Vec::as_slice);
        if let Some(operation) = operation {
            return all
                .iter()
                .filter(|(o, _)| o == operation || o.is_empty())
                .map(|(_, offer)| *offer)
                .collect();
        }
        let same =
            |a: &Offer, b: &Offer| (a.product, a.term, a.payment) == (b.product, b.term, b.payment);
        let mut agreed: Vec<Offer> = Vec::new();
        for (_, offer) in all {
            let others = all.iter().filter(|(_, other)| same(offer, other));
            let alone = others.map(|(_, o)| o.usd_per_unit).all(|usd| usd == offer.usd_per_unit);
            if alone && !agreed.iter().any(|a| same(a, offer)) {
                agreed.push(*offer);
            }
        }
        agreed
    }
}

impl FromIterator<OfferRow> for Offers {
    fn from_iter<I: IntoIterator<Item = OfferRow>>(rows: I) -> Self {
        let mut all = Self::default();
        for row in rows {
            let OfferRow { product, term, payment, .. } = row;
            let upfront = row.upfront_pct.0 / Decimal::ONE_HUNDRED;
            let offer = Offer { product, term, payment, usd_per_unit: row.usd_per_unit.0, upfront };
            let usage = (row.region_id, row.usage_type);
            all.by_usage.entry(usage).or_default().push((row.operation.unwrap_or_default(), offer));
            all.as_of = all.as_of.max(row.as_of);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::super::OFFERS;
    use super::*;

    fn frame(rows: &[[&str; 9]]) -> DataFrame {
        let column = |at: usize, name: &str| {
            Series::new(name.into(), rows.iter().map(|r| r[at]).collect::<Vec<_>>()).into_column()
        };
        let columns = OFFERS.columns.iter().enumerate().map(|(at, c)| column(at, c.name)).collect();
        DataFrame::new(rows.len(), columns).unwrap()
    }

    fn row<'a>(operation: &'a str, usd: &'a str, upfront: &'a str) -> [&'a str; 9] {
        let usage = "InstanceUsage:db.r5.large";
        [
            "Standard Reserved Instances",
            "1",
            "No Upfront",
            "us-east-1",
            usage,
            operation,
            usd,
            upfront,
            "2026-11-24",
        ]
    }

    #[test]
    fn offers_are_by_what_runs() {
        let offers =
            Offers::from_frame(&frame(&[row("a", "0.1", "0"), row("b", "0.2", "50")])).unwrap();
        let of = |operation| offers.of("us-east-1", "InstanceUsage:db.r5.large", operation);
        assert_eq!(of(Some("b"))[0].usd_per_unit, Decimal::new(2, 1));
        assert_eq!(of(Some("b"))[0].upfront, Decimal::new(5, 1));
        assert!(of(None).is_empty() && of(Some("c")).is_empty());
        let alike =
            Offers::from_frame(&frame(&[row("a", "0.1", "0"), row("b", "0.1", "0")])).unwrap();
        assert_eq!(alike.of("us-east-1", "InstanceUsage:db.r5.large", None).len(), 1);
    }

    #[test]
    fn a_bad_number_says_where() {
        for (bad, what) in
            [(row("a", "-1", "0"), "UsdPerUnit"), (row("a", "1", "150"), "UpfrontPct")]
        {
            let error =
                Offers::from_frame(&frame(&[row("a", "0.1", "0"), bad])).unwrap_err().to_string();
            assert!(error.contains("row 2") && error.contains(what), "{error}");
        }
    }
}
