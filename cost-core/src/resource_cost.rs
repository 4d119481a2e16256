//! Costs by resource and day, where the bill itself names no resources.
//!
//! Cost Explorer tells them of some services and of the last days only. They are kept beside the
//! bill and not in it: in it, a month's cost of a resource would be that of some of its days, and
//! what a check then finds would be too little without a word. They name the resources behind an
//! anomaly, and are in no sum.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::money::{Currency, Money};
use crate::table::{Table, TableRow, each_row_is_read, row};

/// Costs by resource and day.
pub static RESOURCE_COSTS: Table = Table {
    name: "resource_costs",
    label: "costs by resource",
    path: "resources/daily.parquet",
    doc: "Costs by resource and day, for bills without resource IDs. One row per day, account, service, usage type, and resource.",
    columns: ResourceCost::COLUMNS,
    key: &["ChargeDay", "SubAccountId", "ServiceName", "SkuMeter", "ResourceId"],
    opt_in: false,
    rules: each_row_is_read::<ResourceCost>,
};

row! {
    /// What a resource cost on a day, of one usage type.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ResourceCost {
        /// Day of the charges.
        #[column("ChargeDay")]
        pub day: NaiveDate,
        /// Account.
        #[column("SubAccountId")]
        pub sub_account_id: String,
        /// Service.
        #[column("ServiceName")]
        pub service_name: String,
        /// AWS usage type.
        #[column("SkuMeter")]
        pub usage_type: String,
        /// Resource, as the bill would name it.
        #[column("ResourceId")]
        pub resource_id: String,
        /// Effective cost of the day.
        #[column("EffectiveCost", unit = "`BillingCurrency`")]
        pub effective_cost: Decimal,
        /// Currency of the cost.
        #[column("BillingCurrency")]
        pub billing_currency: Currency,
    }
}

impl ResourceCost {
    /// Effective cost of the day.
    #[must_use]
    pub fn effective(&self) -> Money {
        Money::new(self.effective_cost, self.billing_currency)
    }
}
