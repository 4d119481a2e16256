//! How well commitments are used, as the provider itself reports it, month by month.
//!
//! Bills that name commitments tell the same; a bill from Cost Explorer does not, and then this is all there is.

use polars::prelude::*;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::percent;
use crate::cells::Texts;
use crate::money::{Currency, Money};
use crate::month::Month;

/// Columns of `commitments/monthly.parquet`, grain: one row a month and type of commitment. What was not told is null.
///
/// `Month` (`YYYY-MM`), `CommitmentDiscountType` (`Savings Plans`, `EC2 Reserved Instances`), `Unit` (of the five that follow: a currency,
/// or `Hours`), `Committed`, `Used`, `Unused` (of what is committed), `Covered`, `Uncovered` (of the usage that can be covered),
/// `AmortizedCost`, `OnDemandEquivalent` (what the covered usage would cost on demand), `NetSavings` (in `Currency`), `Currency`. All amounts
/// are `Decimal(38, 12)`.
pub const COLUMNS: &[&str] = &[
    "Month",
    "CommitmentDiscountType",
    "Unit",
    "Committed",
    "Used",
    "Unused",
    "Covered",
    "Uncovered",
    "AmortizedCost",
    "OnDemandEquivalent",
    "NetSavings",
    "Currency",
];

/// The type of one of [`COLUMNS`].
#[must_use]
pub fn column_type(name: &str) -> DataType {
    match name {
        "Month" | "CommitmentDiscountType" | "Unit" | "Currency" => DataType::String,
        _ => DataType::Decimal(38, 12),
    }
}

/// One month of one type of commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitmentMonth {
    /// Which month.
    pub month: Month,
    /// `Savings Plans` or `EC2 Reserved Instances`.
    pub commitment_discount_type: String,
    /// What `unused` counts: a currency, or `Hours`.
    pub unit: String,
    /// What was committed and not used; that is paid all the same.
    pub unused: Option<Decimal>,
    /// Used ÷ committed × 100.
    pub utilization_pct: Option<Decimal>,
    /// Covered ÷ (covered + uncovered) × 100, of the usage that such a commitment can cover.
    pub coverage_pct: Option<Decimal>,
    /// What the commitment cost, amortised.
    pub amortized_cost: Option<Money>,
    /// What the usage it covered would have cost on demand.
    pub on_demand_equivalent: Option<Money>,
    /// What it saved: on-demand equivalent − amortised cost, so less than nothing if it was hardly used.
    pub net_savings: Option<Money>,
}

/// The rows of a frame with [`COLUMNS`], by month and type.
///
/// # Errors
/// The engine's, when a column is missing.
pub fn from_frame(frame: &DataFrame) -> PolarsResult<Vec<CommitmentMonth>> {
    let texts = Texts::of(frame, COLUMNS)?;
    let mut all = Vec::new();
    for row in 0..texts.height() {
        let number = |column: usize| texts.parsed::<Decimal>(column, row).map(|d| d.normalize());
        let (Some(month), Some(kind), Some(unit)) = (texts.parsed(0, row), texts.get(1, row), texts.get(2, row)) else {
            continue;
        };
        let currency: Option<Currency> = texts.parsed(11, row);
        let money = |column: usize| Some(Money::new(number(column)?, currency?));
        let (covered, uncovered) = (number(6), number(7));
        let coverable = covered.zip(uncovered).and_then(|(a, b)| a.checked_add(b));
        all.push(CommitmentMonth {
            month,
            commitment_discount_type: kind.to_owned(),
            unit: unit.to_owned(),
            unused: number(5),
            utilization_pct: percent(number(4), number(3)),
            coverage_pct: percent(covered, coverable),
            amortized_cost: money(8),
            on_demand_equivalent: money(9),
            net_savings: money(10),
        });
    }
    all.sort_by(|a, b| (a.month, &a.commitment_discount_type).cmp(&(b.month, &b.commitment_discount_type)));
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_of_what_was_told() {
        let columns = COLUMNS.iter().map(|name| {
            let (known, unknown) = match *name {
                "Month" => ("2026-10", Some("2026-09")),
                "CommitmentDiscountType" => ("Savings Plans", Some("Savings Plans")),
                "Unit" | "Currency" => ("USD", Some("USD")),
                "Used" => ("30", None),
                "Committed" | "Covered" => ("40", None),
                "Uncovered" => ("60", None),
                _ => ("10", Some("0")),
            };
            let series = Series::new((*name).into(), [Some(known), unknown]);
            series.cast(&column_type(name)).map(Series::into_column)
        });
        let frame = DataFrame::new(2, columns.collect::<PolarsResult<_>>().unwrap()).unwrap();
        let all = from_frame(&frame).unwrap();
        assert_eq!(all[1].utilization_pct, Some(Decimal::from(75)));
        assert_eq!(all[1].coverage_pct, Some(Decimal::from(40)));
        assert_eq!(all[1].net_savings, Some(Money::new(Decimal::TEN, Currency::USD)));
        assert_eq!((all[0].utilization_pct, all[0].coverage_pct, all[0].unused), (None, None, Some(Decimal::ZERO)));
        assert!(from_frame(&frame.drop("Unit").unwrap()).is_err());
    }
}
