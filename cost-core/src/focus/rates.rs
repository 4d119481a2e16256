//! Exchange rates in a bill's own columns.
//!
//! | column | whose | means | source |
//! | --- | --- | --- | --- |
//! | `x_BillingExchangeRate` | Microsoft | from `PricingCurrency` into `BillingCurrency` | Azure cost details, exchangeRatePricingToBilling: "Exchange rate used in conversion from pricing currency to billing currency" |
//! | `x_CurrencyConversionRate` | Google | from US dollars into `BillingCurrency` | Google Cloud Billing, `currencyConversionRate`: "USD * currency_conversion_rate = JPY" |

use std::collections::BTreeSet;
use std::str::FromStr;

use polars::prelude::*;
use rust_decimal::Decimal;

use super::expr::kernel;
use super::frame::FocusFrame;
use super::headers::Headers;
use super::rows::Rows;
use super::{FocusError, fold, kernels};
use crate::cells::day;
use crate::exchange::BillRate;
use crate::money::Currency;
use crate::shield::shield;

/// Columns with rates, each with the column that contains the source currency; `None` for US
/// dollars.
const COLUMNS: [(&str, Option<&str>); 2] =
    [("x_BillingExchangeRate", Some("PricingCurrency")), ("x_CurrencyConversionRate", None)];

impl FocusFrame {
    /// Returns the exchange rates in the bill's own columns, each once, in order. Line items
    /// without one are skipped.
    ///
    /// # Errors
    /// [`FocusError::Unreadable`].
    pub fn exchange_rates(&self) -> Result<Vec<BillRate>, FocusError> {
        let mut rates = BTreeSet::new();
        for part in self.parts() {
            for (column, of) in COLUMNS {
                let add =
                    |rows: &Rows, rates: &mut BTreeSet<BillRate>| add(rows, (column, of), rates);
                shield(|| add(&part.rows, &mut rates))
                    .map_err(|e| part.blame(&e, |rows| add(rows, &mut BTreeSet::new())))?;
            }
        }
        Ok(rates.into_iter().collect())
    }
}

/// Adds the rates of a column, where the rows have it and what it takes to read it.
fn add(
    all: &Rows,
    (column, of): (&'static str, Option<&str>),
    rates: &mut BTreeSet<BillRate>,
) -> PolarsResult<()> {
    let schema = all.schema();
    let header = |name: &str| {
        schema.iter_names().find(|h| h.eq_ignore_ascii_case(name)).map(PlSmallStr::to_string)
    };
    // Two headers for one column are said when the bill is opened.
    let Ok(headers) = Headers::read(schema, "") else { return Ok(()) };
    let Some(rate) = header(column) else { return Ok(()) };
    let (Some(period), Some(billing)) =
        (headers.get("BillingPeriodStart"), headers.get("BillingCurrency"))
    else {
        return Ok(());
    };
    let from = match of.map(header) {
        None => lit(Currency::USD.to_string()),
        Some(Some(pricing)) => code(&pricing),
        Some(None) => return Ok(()),
    };
    let columns = vec![
        kernel(col(period), DataType::Date, kernels::to_period).alias("period"),
        from.alias("from"),
        code(billing).alias("to"),
        col(rate.as_str()).cast(DataType::String).alias("rate"),
    ];
    let keys = ["period", "from", "to", "rate"];
    for batch in all.select(columns)?.batches() {
        let distinct = |batch: LazyFrame| {
            batch
                .group_by(keys.map(col))
                .agg([col("rate").len().alias("n")])
                .select(keys.map(col))
                .collect()
        };
        let frame = batch.and_then(distinct)?;
        let text = |name: &str| frame.column(name).and_then(|c| c.str());
        let periods = frame.column("period").and_then(|c| Ok(c.date()?.physical().clone()))?;
        let (from, to, rate) = (text("from")?, text("to")?, text("rate")?);
        for row in 0..frame.height() {
            let read = || {
                Some(BillRate {
                    billing_period: periods.get(row).and_then(day)?,
                    from: from.get(row)?.parse().ok()?,
                    to: to.get(row)?.parse().ok()?,
                    rate: number(rate.get(row)?)?,
                    column,
                })
            };
            rates.extend(read());
        }
    }
    Ok(())
}

/// A column of currency codes.
fn code(name: &str) -> Expr {
    kernel(col(name).cast(DataType::String), DataType::String, fold::currencies)
}

/// A rate; exporters write small ones with an exponent.
fn number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let rate =
        Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text)).ok()?.normalize();
    (rate > Decimal::ZERO).then_some(rate)
}
