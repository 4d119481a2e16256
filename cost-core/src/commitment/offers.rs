//! What commitments can be bought, and at what rates: those of an estate, as the provider lists them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::cells::Texts;

/// Columns of `commitments/offers.parquet` of an estate. Grain: instrument, term, payment, region, usage type, operation.
///
/// `Instrument` ([`Product::as_str`]), `TermYears` (1 or 3), `PaymentOption` ([`Payment::as_str`]), `RegionId`, `SkuMeter` (AWS usage type, with the
/// prefix of its region), `Operation` (`RunInstances`, …; empty if there is none), `UsdPerUnit` (`Decimal(38, 12)`: USD a unit of usage, upfront
/// payments spread over the hours of the term), `UpfrontPct` (of what the term costs, percent), `AsOf` (Date).
pub const OFFER_COLUMNS: &[&str] = &[
    "Instrument",
    "TermYears",
    "PaymentOption",
    "RegionId",
    "SkuMeter",
    "Operation",
    "UsdPerUnit",
    "UpfrontPct",
    "AsOf",
];

/// What can be bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Product {
    /// Standard reserved instances; reserved nodes and instances of other services.
    #[serde(rename = "Standard Reserved Instances")]
    StandardReservation,
    /// Convertible reserved instances.
    #[serde(rename = "Convertible Reserved Instances")]
    ConvertibleReservation,
    /// EC2 Instance Savings Plans.
    #[serde(rename = "EC2 Instance Savings Plans")]
    Ec2InstancePlan,
    /// Compute Savings Plans.
    #[serde(rename = "Compute Savings Plans")]
    ComputePlan,
    /// `SageMaker` Savings Plans.
    #[serde(rename = "SageMaker Savings Plans")]
    SageMakerPlan,
    /// Database Savings Plans.
    #[serde(rename = "Database Savings Plans")]
    DatabasePlan,
}

impl Product {
    /// All of them, in the order in which they apply.
    pub const ALL: [Self; 6] = [
        Self::StandardReservation,
        Self::ConvertibleReservation,
        Self::Ec2InstancePlan,
        Self::ComputePlan,
        Self::SageMakerPlan,
        Self::DatabasePlan,
    ];

    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StandardReservation => "Standard Reserved Instances",
            Self::ConvertibleReservation => "Convertible Reserved Instances",
            Self::Ec2InstancePlan => "EC2 Instance Savings Plans",
            Self::ComputePlan => "Compute Savings Plans",
            Self::SageMakerPlan => "SageMaker Savings Plans",
            Self::DatabasePlan => "Database Savings Plans",
        }
    }

    /// Whether it is a reservation of instances, not a plan of USD an hour.
    #[must_use]
    pub fn is_reservation(self) -> bool {
        matches!(self, Self::StandardReservation | Self::ConvertibleReservation)
    }
}

/// How a commitment is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Payment {
    /// By the month.
    #[serde(rename = "No Upfront")]
    NoUpfront,
    /// A part at once, the rest by the month.
    #[serde(rename = "Partial Upfront")]
    PartialUpfront,
    /// All at once.
    #[serde(rename = "All Upfront")]
    AllUpfront,
}

impl Payment {
    /// All of them, the least upfront first.
    pub const ALL: [Self; 3] = [Self::NoUpfront, Self::PartialUpfront, Self::AllUpfront];

    /// AWS's name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoUpfront => "No Upfront",
            Self::PartialUpfront => "Partial Upfront",
            Self::AllUpfront => "All Upfront",
        }
    }
}

/// How long a commitment runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(into = "u8", try_from = "u8")]
#[schemars(with = "u8")]
pub enum Term {
    /// One year.
    OneYear,
    /// Three years.
    ThreeYears,
}

impl Term {
    /// Both.
    pub const ALL: [Self; 2] = [Self::OneYear, Self::ThreeYears];

    /// Years.
    #[must_use]
    pub fn years(self) -> u8 {
        match self {
            Self::OneYear => 1,
            Self::ThreeYears => 3,
        }
    }

    /// Months.
    #[must_use]
    pub fn months(self) -> u32 {
        12 * u32::from(self.years())
    }

    /// Hours: a year of a term is 31,536,000 seconds (EC2 User Guide, "How you are billed"; read 2026-11).
    #[must_use]
    pub fn hours(self) -> u32 {
        8_760 * u32::from(self.years())
    }
}

impl From<Term> for u8 {
    fn from(term: Term) -> Self {
        term.years()
    }
}

impl TryFrom<u8> for Term {
    type Error = String;

    fn try_from(years: u8) -> Result<Self, String> {
        Self::ALL.into_iter().find(|t| t.years() == years).ok_or_else(|| format!("no term has {years} years"))
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}y", self.years())
    }
}

/// One offer for one kind of usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What.
    pub product: Product,
    /// For how long.
    pub term: Term,
    /// Paid how.
    pub payment: Payment,
    /// USD a unit of usage, upfront payments spread over the hours of the term.
    pub usd_per_unit: Decimal,
    /// The part of what the term costs that is paid upfront, 0 to 1.
    pub upfront: Decimal,
}

/// Region, usage type.
type Usage = (String, String);

/// Everything that is offered.
#[derive(Clone, Debug, Default)]
pub struct Offers {
    /// With their operations.
    by_usage: BTreeMap<Usage, Vec<(String, Offer)>>,
    as_of: Option<NaiveDate>,
}

impl Offers {
    /// Of a frame with [`OFFER_COLUMNS`]. Offers of kinds, terms and payments that are not known are left out.
    ///
    /// # Errors
    /// The engine's, when a column is missing, or when a number is none, is negative, or of percent more than 100; with the row.
    pub fn from_frame(frame: &DataFrame) -> PolarsResult<Self> {
        let texts = Texts::of(frame, OFFER_COLUMNS)?;
        let mut all = Self::default();
        for row in 0..texts.height() {
            let named = |column: usize, name: &str| texts.get(column, row) == Some(name);
            let product = Product::ALL.into_iter().find(|p| named(0, p.as_str()));
            let term = texts.parsed::<u8>(1, row).and_then(|y| Term::try_from(y).ok());
            let payment = Payment::ALL.into_iter().find(|p| named(2, p.as_str()));
            let (Some(product), Some(term), Some(payment)) = (product, term, payment) else { continue };
            let (Some(region), Some(usage_type)) = (texts.get(3, row), texts.get(4, row)) else { continue };
            let number = |column: usize, most: Decimal| {
                let text = texts.get(column, row).unwrap_or_default();
                let number = Decimal::from_str(text).ok().filter(|n| *n >= Decimal::ZERO && *n <= most);
                number.map(|n| n.normalize()).ok_or_else(|| {
                    let column = OFFER_COLUMNS[column];
                    polars_err!(ComputeError: "row {}: column {column}: `{text}` is no number from 0 to {most}", row + 1)
                })
            };
            let usd_per_unit = number(6, Decimal::from(1_000_000))?;
            let upfront = number(7, Decimal::ONE_HUNDRED)? / Decimal::ONE_HUNDRED;
            let operation = texts.get(5, row).unwrap_or_default().to_owned();
            let offer = Offer { product, term, payment, usd_per_unit, upfront };
            all.by_usage.entry((region.to_owned(), usage_type.to_owned())).or_default().push((operation, offer));
            all.as_of = all.as_of.max(texts.parsed(8, row));
        }
        Ok(all)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_usage.is_empty()
    }

    /// The day of the newest of them.
    #[must_use]
    pub fn as_of(&self) -> Option<NaiveDate> {
        self.as_of
    }

    /// What is offered for usage of a type. If it is not known what runs there, only what is the same whatever runs.
    #[must_use]
    pub fn of(&self, region: &str, usage_type: &str, operation: Option<&str>) -> Vec<Offer> {
        let all = self.by_usage.get(&(region.to_owned(), usage_type.to_owned()));
        let all = all.map_or(&[][..], Vec::as_slice);
        if let Some(operation) = operation {
            return all.iter().filter(|(o, _)| o == operation || o.is_empty()).map(|(_, offer)| *offer).collect();
        }
        let same = |a: &Offer, b: &Offer| (a.product, a.term, a.payment) == (b.product, b.term, b.payment);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(rows: &[[&str; 9]]) -> DataFrame {
        let column = |at: usize, name: &str| {
            Series::new(name.into(), rows.iter().map(|r| r[at]).collect::<Vec<_>>()).into_column()
        };
        let columns = OFFER_COLUMNS.iter().enumerate().map(|(at, name)| column(at, name)).collect();
        DataFrame::new(rows.len(), columns).unwrap()
    }

    fn row<'a>(operation: &'a str, usd: &'a str, upfront: &'a str) -> [&'a str; 9] {
        let usage = "InstanceUsage:db.r5.large";
        ["Standard Reserved Instances", "1", "No Upfront", "us-east-1", usage, operation, usd, upfront, "2026-11-24"]
    }

    #[test]
    fn offers_are_by_what_runs() {
        let offers = Offers::from_frame(&frame(&[row("a", "0.1", "0"), row("b", "0.2", "50")])).unwrap();
        let of = |operation| offers.of("us-east-1", "InstanceUsage:db.r5.large", operation);
        assert_eq!(of(Some("b"))[0].usd_per_unit, Decimal::new(2, 1));
        assert_eq!(of(Some("b"))[0].upfront, Decimal::new(5, 1));
        assert!(of(None).is_empty() && of(Some("c")).is_empty());
        let alike = Offers::from_frame(&frame(&[row("a", "0.1", "0"), row("b", "0.1", "0")])).unwrap();
        assert_eq!(alike.of("us-east-1", "InstanceUsage:db.r5.large", None).len(), 1);
    }

    #[test]
    fn a_bad_number_says_where() {
        for (bad, what) in [(row("a", "-1", "0"), "UsdPerUnit"), (row("a", "1", "150"), "UpfrontPct")] {
            let error = Offers::from_frame(&frame(&[row("a", "0.1", "0"), bad])).unwrap_err().to_string();
            assert!(error.contains("row 2") && error.contains(what), "{error}");
        }
    }
}
