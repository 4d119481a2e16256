//! Commitment utilization and coverage by month, as the provider itself reports them.
//!
//! Bills that contain commitments show the same. A bill from Cost Explorer does not, and then this
//! is the only source.

use polars::prelude::*;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::percent;
use crate::money::{Currency, Money};
use crate::month::Month;
use crate::table::{Table, TableRow, each_row_is_read, row, rows_of};

/// The table of commitment utilization and coverage, as the provider reports them.
pub static COMMITMENTS: Table = Table {
    name: "commitments",
    label: "commitments",
    path: "commitments/monthly.parquet",
    doc: "Commitment utilization and coverage, as the provider reports them. One row per month and type of commitment.",
    columns: CommitmentRow::COLUMNS,
    key: &["Month", "CommitmentDiscountType"],
    opt_in: false,
    rules: each_row_is_read::<CommitmentRow>,
};

row! {
    /// One month of one type of commitment, as the provider reports it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct CommitmentRow {
        /// Month, such as `2026-10`.
        #[column("Month")]
        pub month: Month,
        /// `Savings Plans` or `EC2 Reserved Instances`.
        #[column("CommitmentDiscountType")]
        pub commitment_discount_type: String,
        /// Unit of the five columns that follow: a currency, or `Hours`.
        #[column("Unit")]
        pub unit: String,
        /// Committed amount.
        #[column("Committed", unit = "`Unit`")]
        pub committed: Option<Decimal>,
        /// Used part of it.
        #[column("Used", unit = "`Unit`")]
        pub used: Option<Decimal>,
        /// Unused part of it.
        #[column("Unused", unit = "`Unit`")]
        pub unused: Option<Decimal>,
        /// Usage that commitments covered.
        #[column("Covered", unit = "`Unit`")]
        pub covered: Option<Decimal>,
        /// Eligible usage that was not covered.
        #[column("Uncovered", unit = "`Unit`")]
        pub uncovered: Option<Decimal>,
        /// Amortized cost of the commitment.
        #[column("AmortizedCost", unit = "`Currency`")]
        pub amortized_cost: Option<Decimal>,
        /// On-demand cost of the covered usage.
        #[column("OnDemandEquivalent", unit = "`Currency`")]
        pub on_demand_equivalent: Option<Decimal>,
        /// On-demand equivalent minus amortized cost.
        #[column("NetSavings", unit = "`Currency`")]
        pub net_savings: Option<Decimal>,
        /// Currency of the costs.
        #[column("Currency")]
        pub currency: Option<Currency>,
    }
}

/// Utilization and coverage of one type of commitment in one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitmentMonth {
    /// Calendar month.
    pub month: Month,
    /// `Savings Plans` or `EC2 Reserved Instances`.
    pub commitment_discount_type: String,
    /// Unit of `unused`: a currency, or `Hours`.
    pub unit: String,
    /// Unused part of the commitment. It is paid although it covered no usage.
    pub unused: Option<Decimal>,
    /// Used ÷ committed × 100.
    pub utilization_pct: Option<Decimal>,
    /// Covered ÷ (covered + uncovered) × 100, for the usage that such a commitment can cover.
    pub coverage_pct: Option<Decimal>,
    /// Amortized cost of the commitment.
    pub amortized_cost: Option<Money>,
    /// What the covered usage would have cost on demand.
    pub on_demand_equivalent: Option<Money>,
    /// Net savings: on-demand equivalent − amortized cost. Negative if too little was used.
    pub net_savings: Option<Money>,
}

impl From<CommitmentRow> for CommitmentMonth {
    fn from(row: CommitmentRow) -> Self {
        let money = |amount: Option<Decimal>| Some(Money::new(amount?, row.currency?));
        let coverable = row.covered.zip(row.uncovered).and_then(|(a, b)| a.checked_add(b));
        Self {
            month: row.month,
            unused: row.unused,
            utilization_pct: percent(row.used, row.committed),
            coverage_pct: percent(row.covered, coverable),
            amortized_cost: money(row.amortized_cost),
            on_demand_equivalent: money(row.on_demand_equivalent),
            net_savings: money(row.net_savings),
            commitment_discount_type: row.commitment_discount_type,
            unit: row.unit,
        }
    }
}

/// Returns the rows of [`COMMITMENTS`], by month and type.
///
/// # Errors
/// The data engine's error if a column is missing.
pub fn from_frame(frame: &DataFrame) -> PolarsResult<Vec<CommitmentMonth>> {
    let mut all: Vec<CommitmentMonth> =
        rows_of::<CommitmentRow>(frame)?.into_iter().map(CommitmentMonth::from).collect();
    all.sort_by(|a, b| {
        (a.month, &a.commitment_discount_type).cmp(&(b.month, &b.commitment_discount_type))
    });
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::frame_of;

    fn row(month: &str) -> CommitmentRow {
        CommitmentRow {
            month: month.parse().unwrap(),
            commitment_discount_type: "Savings Plans".to_owned(),
            unit: "USD".to_owned(),
            committed: None,
            used: None,
            unused: Some(Decimal::ZERO),
            covered: None,
            uncovered: None,
            amortized_cost: None,
            on_demand_equivalent: None,
            net_savings: None,
            currency: Some(Currency::USD),
        }
    }

    #[test]
    fn percentages_are_of_the_amounts_reported() {
        let amount = |n: i64| Some(Decimal::from(n));
        let known = CommitmentRow {
            committed: amount(40),
            used: amount(30),
            covered: amount(40),
            uncovered: amount(60),
            net_savings: amount(10),
            ..row("2026-10")
        };
        let frame = frame_of(&[known, row("2026-09")]).unwrap();
        let all = from_frame(&frame).unwrap();
        assert_eq!(all[1].utilization_pct, Some(Decimal::from(75)));
        assert_eq!(all[1].coverage_pct, Some(Decimal::from(40)));
        assert_eq!(all[1].net_savings, Some(Money::new(Decimal::TEN, Currency::USD)));
        assert_eq!(
            (all[0].utilization_pct, all[0].coverage_pct, all[0].unused),
            (None, None, Some(Decimal::ZERO))
        );
        assert!(from_frame(&frame.drop("Unit").unwrap()).is_err());
    }
}
