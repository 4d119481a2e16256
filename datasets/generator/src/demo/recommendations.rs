//! What the provider's advisers recommend for some resources: mostly something else than this
//! program does. Amounts are those of the advisers, made up from list prices.

use cost_core::money::Currency;
use cost_core::recommendation::RecommendationRow;
use cost_core::table::frame_of;
use polars::prelude::{DataFrame, PolarsResult};
use rust_decimal::Decimal;

use super::company::{self, SHARED, US, WANDERLUST};
use super::thing::Thing;

/// Name of the resource; adviser, action, current and recommended configuration; savings in cents.
type Advice = (&'static str, &'static str, &'static str, &'static str, &'static str, i64);

const OPTIMIZER: &str = "Compute Optimizer";
const HUB: &str = "Cost Optimization Hub";

const ADVICE: [Advice; 4] = [
    // A smaller type is enough for what its CPU and memory did.
    ("print", OPTIMIZER, "Overprovisioned", "m5.4xlarge", "m5.xlarge", 42_048),
    // Nobody uses it: it can go.
    ("intranet", OPTIMIZER, "Overprovisioned", "m5.large", "t3.medium", 3_971),
    // The same class, with another estimate of what it saves.
    ("crm", HUB, "Rightsize", "db.r5.2xlarge", "db.r5.xlarge", 29_200),
    // A read replica: as large as the primary that it can replace.
    ("crm-replica", HUB, "Rightsize", "db.r5.2xlarge", "db.r5.large", 54_750),
];

/// The recommendations for resources among these, and one for a purchase.
pub(super) fn recommendations(things: &[Thing]) -> PolarsResult<DataFrame> {
    let named = |name: &str| things.iter().find(|t| t.name == name).map(|t| t.id.clone());
    let of = |(name, source, action, current, recommended, cents): Advice| RecommendationRow {
        source: source.to_owned(),
        resource_id: named(name),
        sub_account_id: Some(WANDERLUST.0.to_owned()),
        region_id: Some(US.0.to_owned()),
        action: action.to_owned(),
        current: Some(current.to_owned()),
        recommended: Some(recommended.to_owned()),
        monthly_savings: Some(Decimal::new(cents, 2)),
        currency: Some(Currency::USD),
        restart_needed: Some(true),
        rollback_possible: Some(true),
        lookback_days: Some(14),
        refreshed_on: Some(company::as_of()),
        basis: Some("list price".to_owned()),
        ..RecommendationRow::default()
    };
    let mut rows: Vec<RecommendationRow> = ADVICE.into_iter().map(of).collect();
    rows.push(RecommendationRow {
        source: HUB.to_owned(),
        sub_account_id: Some(SHARED.0.to_owned()),
        action: "PurchaseSavingsPlans".to_owned(),
        recommended: Some("Compute Savings Plan, 1 year, no upfront".to_owned()),
        monthly_savings: Some(Decimal::new(21_000, 2)),
        currency: Some(Currency::USD),
        refreshed_on: Some(company::as_of()),
        basis: Some("list price".to_owned()),
        ..RecommendationRow::default()
    });
    frame_of(&rows)
}
