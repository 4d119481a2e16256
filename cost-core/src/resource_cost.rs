//! Costs by resource and day, for bills without resource IDs.
//!
//! Cost Explorer provides them for some services and only for the last days. They are stored next
//! to the bill and not in it: otherwise, a resource's monthly cost would cover only some of its
//! days, and checks would report savings that are too low. They name the resources behind an
//! anomaly and are not included in any sum.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::money::{Currency, Money};
use crate::table::{Table, TableRow, each_row_is_read, row};

/// Table of costs by resource and day.
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
    /// Cost of a resource on a day, for one usage type.
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
        /// Resource ID as in bills.
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
