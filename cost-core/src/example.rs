//! A small made-up bill, for examples and first steps.

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
/// The day from which on more data is sent out.
const LEAP: NaiveDate = NaiveDate::from_ymd_opt(2026, 9, 21).expect("a day");

const PRODUCTION: [&str; 2] = ["111111111111", "production"];
const DEVELOPMENT: [&str; 2] = ["222222222222", "development"];

const COMPUTE: &str = "Amazon Elastic Compute Cloud";
const NETWORK: &str = "Amazon Virtual Private Cloud";
const STORAGE: &str = "Amazon Simple Storage Service";

/// What the example is charged for each day: account, service, usage type, resource, pricing unit,
/// quantity in hundredths, cost in cents.
///
/// Prices are those of us-east-1, to a cent a day: m5.xlarge 0.192 USD an hour, gp2 0.10 a
/// GB-month, an idle address 0.005 an hour, S3 Standard 0.023 a GB-month, traffic 0.09 a GB. AWS
/// price list, read 2026-11.
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

/// What leaps.
const TRAFFIC: &str = "DataTransfer-Out-Bytes";

/// Quantity and cost of a charge on a day, in hundredths.
fn on(day: NaiveDate, &(_, _, usage_type, .., quantity, cost): &Charged) -> [i64; 2] {
    let times = if usage_type == TRAFFIC && day >= LEAP { 6 } else { 1 };
    [quantity * times, cost * times]
}

/// A made-up AWS bill in FOCUS 1.2, in USD: July to September 2026 by the day, of an instance, a
/// volume, traffic, an unused address and a bucket in two accounts. From September 21 on six times
/// as much data is sent out.
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

/// The charges of [`bill`], as a frame with columns of FOCUS 1.2: one row a charge, all of them
/// text.
///
/// # Errors
/// [`Error`] if they do not make a frame, which a test rules out.
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
