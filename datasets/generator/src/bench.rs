//! Bills of any size for benchmarks: 25 FOCUS columns, one million rows per Parquet file.
//!
//! Shape of a large bill: 13 months, 40 accounts, 30 services, 12 regions, 400 usage types, 20,000
//! resources; costs with 6 to 12 decimal places; tags as JSON. One seeded generator creates all
//! values.

use std::fs;
use std::path::Path;

use anyhow::Context;
use polars::prelude::*;
use polars_io::parquet::write::{ParquetCompression, ParquetWriter};

use crate::noise::Noise;

const ROWS_A_FILE: usize = 1_000_000;
/// 2025-10-01T00:00:00Z, microseconds.
const START_US: i64 = 1_759_276_800_000_000;
const HOUR_US: i64 = 3_600_000_000;
/// Days of each month from October 2025 on.
const MONTH_DAYS: [u32; 13] = [31, 30, 31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31];

pub(crate) fn write(into: &Path, millions: u32) -> anyhow::Result<()> {
    fs::create_dir_all(into).with_context(|| into.display().to_string())?;
    for file in 0..millions {
        let path = into.join(format!("bill-{file:03}.parquet"));
        let temporary = path.with_extension("tmp");
        let out = fs::File::create(&temporary).with_context(|| temporary.display().to_string())?;
        let month = usize::try_from(file).unwrap_or(0) % MONTH_DAYS.len();
        ParquetWriter::new(out)
            .with_compression(ParquetCompression::Zstd(None))
            .finish(&mut frame(file, month)?)?;
        fs::rename(&temporary, &path)?;
    }
    Ok(())
}

/// Random values of one file, column by column.
struct Draw {
    /// Resource of each row: it determines everything except time and amount.
    resource: Vec<u32>,
    noise: Noise,
}

/// The columns in alphabetical order of their names.
fn frame(file: u32, month: usize) -> anyhow::Result<DataFrame> {
    let mut noise = Noise::of(&format!("bench-{file}"));
    let resource = (0..ROWS_A_FILE).map(|_| noise.below(20_000)).collect();
    let mut draw = Draw { resource, noise };
    let mut columns = draw.periods(month);
    columns.extend(draw.amounts());
    columns.extend(draw.charges());
    columns.extend(draw.places());
    columns.sort_by(|a, b| a.name().cmp(b.name()));
    Ok(DataFrame::new(ROWS_A_FILE, columns)?)
}

/// Whether a commitment covers the usage of a resource.
fn is_covered(resource: u32) -> bool {
    resource.is_multiple_of(5)
}

/// Returns the account of a resource.
fn account(resource: u32) -> u64 {
    111_111_111_000 + u64::from(resource % 40)
}

impl Draw {
    fn periods(&mut self, month: usize) -> Vec<Column> {
        let days_before: u32 = MONTH_DAYS[..month].iter().sum();
        let month_start = START_US + i64::from(days_before) * 24 * HOUR_US;
        let month_end = month_start + i64::from(MONTH_DAYS[month]) * 24 * HOUR_US;
        let hours: Vec<i64> = (0..ROWS_A_FILE)
            .map(|_| month_start + i64::from(self.noise.below(MONTH_DAYS[month] * 24)) * HOUR_US)
            .collect();
        vec![
            instants("BillingPeriodStart", vec![month_start; ROWS_A_FILE]),
            instants("BillingPeriodEnd", vec![month_end; ROWS_A_FILE]),
            instants("ChargePeriodEnd", hours.iter().map(|h| h + HOUR_US).collect()),
            instants("ChargePeriodStart", hours),
        ]
    }

    fn amounts(&mut self) -> Vec<Column> {
        let mut below = |most: u32, units: u32| -> Vec<i128> {
            let amount = |_| i128::from(self.noise.below(most) + 1) * 10_i128.pow(units);
            (0..ROWS_A_FILE).map(amount).collect()
        };
        let quantity = below(5_000_000, 6);
        let effective = below(900_000_000, 3);
        let billed = effective.iter().zip(&self.resource);
        let billed = billed.map(|(c, r)| if is_covered(*r) { 0 } else { *c }).collect();
        let list: Vec<i128> = effective.iter().map(|c| c * 5 / 4).collect();
        vec![
            decimals("BilledCost", billed),
            decimals("ContractedCost", list.clone()),
            decimals("EffectiveCost", effective),
            decimals("ListCost", list),
            decimals("PricingQuantity", quantity),
        ]
    }

    /// Service, usage type, and pricing of each row.
    fn charges(&self) -> Vec<Column> {
        let category = |r: u32| if r.is_multiple_of(997) { "Purchase" } else { "Usage" };
        let pricing = |r: u32| if is_covered(r) { "Committed" } else { "Standard" };
        vec![
            self.text("ChargeCategory", |r| category(r).into()),
            self.optional("ChargeClass", |r| r.is_multiple_of(4_001).then(|| "Correction".into())),
            self.optional("CommitmentDiscountStatus", |r| is_covered(r).then(|| "Used".into())),
            self.text("PricingCategory", |r| pricing(r).into()),
            self.text("PricingUnit", |_| "Hours".into()),
            self.text("ServiceName", |r| format!("Service {}", r % 30)),
            self.text("SkuMeter", |r| format!("Usage:type-{}", r % 400)),
        ]
    }

    /// Account and region of each row.
    fn places(&self) -> Vec<Column> {
        let arn =
            |r: u32| format!("arn:aws:ec2:region-{}:{}:instance/i-{r:08x}", r % 12, account(r));
        let tags =
            |r: u32| format!(r#"{{"app":"app-{}","env":"prod","team":"team-{}"}}"#, r % 60, r % 15);
        vec![
            self.text("BillingAccountId", |_| "900000000001".into()),
            self.text("BillingCurrency", |_| "USD".into()),
            self.text("InvoiceIssuerName", |_| "Amazon Web Services, Inc.".into()),
            self.text("ProviderName", |_| "AWS".into()),
            self.text("RegionId", |r| format!("region-{}", r % 12)),
            self.text("ResourceId", arn),
            self.text("SubAccountId", |r| account(r).to_string()),
            self.text("SubAccountName", |r| format!("account {}", r % 40)),
            self.optional("Tags", |r| (!r.is_multiple_of(7)).then(|| tags(r))),
        ]
    }

    fn text(&self, name: &str, value: impl Fn(u32) -> String) -> Column {
        self.optional(name, |r| Some(value(r)))
    }

    fn optional(&self, name: &str, value: impl Fn(u32) -> Option<String>) -> Column {
        let values: StringChunked = self.resource.iter().map(|r| value(*r)).collect();
        values.with_name(name.into()).into_series().into_column()
    }
}

fn decimals(name: &str, values: Vec<i128>) -> Column {
    Int128Chunked::from_vec(name.into(), values)
        .into_decimal_unchecked(38, 12)
        .into_series()
        .into_column()
}

fn instants(name: &str, values: Vec<i64>) -> Column {
    let values = Int64Chunked::from_vec(name.into(), values);
    values.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)).into_series().into_column()
}
