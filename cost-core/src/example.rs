//! Small fictional bill for examples and first steps.

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;

use crate::error::Error;
use crate::focus::{FocusFrame, unreadable};
use crate::month::Month;

/// The first day of the bill.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 1).expect("a day");
/// The day after its last.
const END: NaiveDate = NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day");
/// First day with more outgoing data.
const LEAP: NaiveDate = NaiveDate::from_ymd_opt(2026, 9, 21).expect("a day");

const PRODUCTION: [&str; 2] = ["111111111111", "production"];
const DEVELOPMENT: [&str; 2] = ["222222222222", "development"];

const COMPUTE: &str = "Amazon Elastic Compute Cloud";
const NETWORK: &str = "Amazon Virtual Private Cloud";
const STORAGE: &str = "Amazon Simple Storage Service";

/// Daily charges of the example: account, service, usage type, resource, pricing unit, quantity in
/// hundredths, cost in cents.
///
/// Prices are those of us-east-1, to a cent per day: m5.xlarge 0.192 USD per hour, gp2 0.10 per
/// GB-month, an idle address 0.005 per hour, S3 Standard 0.023 per GB-month, traffic 0.09 per GB.
/// AWS price list, read 2026-11.
const CHARGED: [Charged; 5] = [
    (PRODUCTION, COMPUTE, "BoxUsage:m5.xlarge", "i-0a1b2c3d4e5f60001", "Hours", 2400, 461),
    (PRODUCTION, COMPUTE, "EBS:VolumeUsage.gp2", "vol-0a1b2c3d4e5f60001", "GB-Mo", 3330, 333),
    (PRODUCTION, COMPUTE, TRAFFIC, "i-0a1b2c3d4e5f60001", "GB", 13_330, 1200),
    (
        DEVELOPMENT,
        NETWORK,
        "PublicIPv4:IdleAddress",
        "eipalloc-0a1b2c3d4e5f60001",
        "Hours",
        2400,
        12,
    ),
    (DEVELOPMENT, STORAGE, "TimedStorage-ByteHrs", "build-artifacts", "GB-Mo", 6660, 153),
];

type Charged =
    ([&'static str; 2], &'static str, &'static str, &'static str, &'static str, i64, i64);

/// Usage type that increases.
const TRAFFIC: &str = "DataTransfer-Out-Bytes";

/// Returns the quantity and cost of a charge on a day, in hundredths.
fn on(day: NaiveDate, &(_, _, usage_type, .., quantity, cost): &Charged) -> [i64; 2] {
    let times = if usage_type == TRAFFIC && day >= LEAP { 6 } else { 1 };
    [quantity * times, cost * times]
}

/// Returns a fictional AWS bill in FOCUS 1.2, in USD: July to September 2026 by day, with an
/// instance, a volume, traffic, an unused address, and a bucket in two accounts. From September 21
/// on, outgoing data is six times as much.
///
/// ```
/// use cost_core::prelude::*;
///
/// let session = Session::open(&cost_core::example::bill()?)?;
/// assert_eq!(session.rollup().line_items, 5 * 92);
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error`] if it cannot be read, which a test rules out.
pub fn bill() -> Result<FocusFrame, Error> {
    Ok(FocusFrame::from_lazy("the example", charges()?, &["team".to_owned()])?)
}

/// Returns the charges of [`bill`] as a frame with FOCUS 1.2 columns: one row per charge, all text.
///
/// # Errors
/// [`Error`] if they do not form a frame, which a test rules out.
pub fn charges() -> Result<LazyFrame, Error> {
    let days = FIRST.iter_days().take_while(|day| *day < END);
    let rows: Vec<(NaiveDate, &Charged)> =
        days.flat_map(|day| CHARGED.iter().map(move |c| (day, c))).collect();
    let column = |name: &str, of: &dyn Fn(NaiveDate, &Charged) -> String| {
        Column::new(
            name.into(),
            rows.iter().map(|(day, charged)| of(*day, charged)).collect::<Vec<_>>(),
        )
    };
    let all = |name: &str, text: &str| column(name, &|_, _| text.to_owned());
    let cost =
        |name: &str| column(name, &|day, charged| Decimal::new(on(day, charged)[1], 2).to_string());
    let columns = vec![
        cost("BilledCost"),
        cost("EffectiveCost"),
        cost("ListCost"),
        cost("ContractedCost"),
        all("BillingCurrency", "USD"),
        all("BillingAccountId", PRODUCTION[0]),
        column("BillingPeriodStart", &|day, _| instant(Month::of(day).first_day())),
        column("ChargePeriodStart", &|day, _| instant(day)),
        column("ChargePeriodEnd", &|day, _| instant(day.succ_opt().unwrap_or(day))),
        all("ChargeCategory", "Usage"),
        all("ChargeClass", ""),
        all("PricingCategory", "Standard"),
        column("PricingQuantity", &|day, charged| Decimal::new(on(day, charged)[0], 2).to_string()),
        column("PricingUnit", &|_, charged| charged.4.to_owned()),
        all("ProviderName", "AWS"),
        all("InvoiceIssuerName", "Amazon Web Services, Inc."),
        column("ServiceName", &|_, charged| charged.1.to_owned()),
        column("SubAccountId", &|_, charged| charged.0[0].to_owned()),
        column("SubAccountName", &|_, charged| charged.0[1].to_owned()),
        all("SubAccountType", "Account"),
        all("RegionId", "us-east-1"),
        column("ResourceId", &|_, charged| charged.3.to_owned()),
        all("ResourceType", ""),
        column("SkuMeter", &|_, charged| charged.2.to_owned()),
        all("CommitmentDiscountStatus", ""),
        all("CommitmentDiscountType", ""),
        all("CommitmentDiscountId", ""),
        column("Tags", &|_, charged| format!(r#"{{"team":"{}"}}"#, charged.0[1])),
    ];
    Ok(DataFrame::new(rows.len(), columns).map_err(|e| unreadable("the example", &e))?.lazy())
}

fn instant(day: NaiveDate) -> String {
    format!("{day}T00:00:00Z")
}
