//! Bills of any size for benchmarks: 25 FOCUS columns, a million rows a Parquet file.
//!
//! Shape of a large bill: 13 months, 40 accounts, 30 services, 12 regions, 400 usage types, 20,000
//! resources; costs with 6 to 12 decimal places; tags as JSON. All drawn from one seeded generator.

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

/// Draws of one file, column by column.
struct Draw {
    /// Resource of each row: everything else but time and amount follows from it.
    resource: Vec<u32>,
    noise: Noise,
}

fn frame(file: u32, month: usize) -> anyhow::Result<DataFrame> {
    let mut noise = Noise::of(&format!("bench-{file}"));
    let resource = (0..ROWS_A_FILE).map(|_| noise.below(20_000)).collect();
    let mut draw = Draw { resource, noise };
    let days_before: u32 = MONTH_DAYS[..month].iter().sum();
    let month_start = START_US + i64::from(days_before) * 24 * HOUR_US;
    let month_end = month_start + i64::from(MONTH_DAYS[month]) * 24 * HOUR_US;
    let hours: Vec<i64> = (0..ROWS_A_FILE)
        .map(|_| month_start + i64::from(draw.noise.below(MONTH_DAYS[month] * 24)) * HOUR_US)
        .collect();
    let quantity: Vec<i128> = (0..ROWS_A_FILE)
        .map(|_| i128::from(draw.noise.below(5_000_000) + 1) * 10_i128.pow(6))
        .collect();
    let effective: Vec<i128> = (0..ROWS_A_FILE)
        .map(|_| i128::from(draw.noise.below(900_000_000) + 1) * 10_i128.pow(3))
        .collect();
    let covered = |r: u32| r.is_multiple_of(5);
    let billed = effective
        .iter()
        .zip(&draw.resource)
        .map(|(c, r)| if covered(*r) { 0 } else { *c })
        .collect();
    let list: Vec<i128> = effective.iter().map(|c| c * 5 / 4).collect();
    let columns = vec![
        decimals("BilledCost", billed),
        draw.text("BillingAccountId", |_| "900000000001".into()),
        draw.text("BillingCurrency", |_| "USD".into()),
        instants("BillingPeriodEnd", vec![month_end; ROWS_A_FILE]),
        instants("BillingPeriodStart", vec![month_start; ROWS_A_FILE]),
        draw.text(
            "ChargeCategory",
            |r| if r % 997 == 0 { "Purchase".into() } else { "Usage".into() },
        ),
        draw.optional("ChargeClass", |r| (r % 4_001 == 0).then(|| "Correction".into())),
        instants("ChargePeriodEnd", hours.iter().map(|h| h + HOUR_US).collect()),
        instants("ChargePeriodStart", hours),
        draw.optional("CommitmentDiscountStatus", |r| covered(r).then(|| "Used".into())),
        decimals("ContractedCost", list.clone()),
        decimals("EffectiveCost", effective),
        draw.text("InvoiceIssuerName", |_| "Amazon Web Services, Inc.".into()),
        decimals("ListCost", list),
        draw.text("PricingCategory", |r| {
            if covered(r) { "Committed".into() } else { "Standard".into() }
        }),
        decimals("PricingQuantity", quantity),
        draw.text("PricingUnit", |_| "Hours".into()),
        draw.text("ProviderName", |_| "AWS".into()),
        draw.text("RegionId", |r| format!("region-{}", r % 12)),
        draw.text("ResourceId", |r| {
            format!(
                "arn:aws:ec2:region-{}:{}:instance/i-{r:08x}",
                r % 12,
                111_111_111_000 + u64::from(r % 40)
            )
        }),
        draw.text("ServiceName", |r| format!("Service {}", r % 30)),
        draw.text("SkuMeter", |r| format!("Usage:type-{}", r % 400)),
        draw.text("SubAccountId", |r| (111_111_111_000 + u64::from(r % 40)).to_string()),
        draw.text("SubAccountName", |r| format!("account {}", r % 40)),
        draw.optional("Tags", |r| {
            (r % 7 != 0).then(|| {
                format!(r#"{{"app":"app-{}","env":"prod","team":"team-{}"}}"#, r % 60, r % 15)
            })
        }),
    ];
    Ok(DataFrame::new(ROWS_A_FILE, columns)?)
}

impl Draw {
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
