//! Monthly exchange rates between currencies.
//!
//! Input: daily rates from a file ([`RateTable::parse`]) or a bill's own columns
//! ([`RateTable::of_bill`]). Output: a [`MonthRate`] for a currency and a calendar month.
//!
//! The rate of a month is the mean of its available rates, as in bills and accounting: providers
//! convert a billing period at one rate, and IAS 21.22 allows "an average rate for the period".
//! This module does not convert amounts; the roll-up does.

mod factor;
mod published;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use factor::Factor;
pub use published::RateFileError;

use crate::money::Currency;
use crate::month::Month;

/// Significant digits of a rate. Chosen: the displayed rate is the rate used, and with 12 digits
/// the error is less than a cent in a billion.
const DIGITS: u32 = 12;

/// Days before a month whose rates can be used if the month has none yet. The European Central Bank
/// publishes on working days; its longest gap is five days (Easter, and Christmas next to a
/// weekend).
const LATE: u64 = 7;

/// Currencies that are tried first for indirect conversion, because rates are published against
/// them.
const PIVOTS: [&str; 2] = ["EUR", "USD"];

/// Exchange rate of a currency in one month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct MonthRate {
    /// Source currency.
    pub currency: Currency,
    /// Target currency.
    pub into: Currency,
    /// Calendar month (UTC) of the charges; for `BilledCost`, the month in which the billing period
    /// starts.
    pub month: Month,
    /// Units of `into` per unit of `currency`: the mean of the month, 12 significant digits, as
    /// used.
    pub rate: Decimal,
    /// Source of the rate.
    pub source: String,
    /// Day of the earliest rate in the mean.
    pub first_day: NaiveDate,
    /// Day of the latest rate in the mean.
    pub last_day: NaiveDate,
    /// Number of days with a rate.
    pub days: usize,
}

/// Rate in a bill: the rate that the issuer of the bill used for a billing period.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BillRate {
    /// `BillingPeriodStart`.
    pub billing_period: NaiveDate,
    /// Source currency.
    pub from: Currency,
    /// Target currency.
    pub to: Currency,
    /// Units of `to` per unit of `from`.
    pub rate: Decimal,
    /// Column that contains it.
    pub column: &'static str,
}

/// Rates of one source, by currency pair and day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateTable {
    source: String,
    /// Units of the second currency per unit of the first. A bill with several accounts can have
    /// several rates for a day.
    pairs: BTreeMap<(Currency, Currency), BTreeMap<NaiveDate, BTreeSet<Decimal>>>,
}

/// Mean rate with its days.
struct Mean {
    rate: Decimal,
    days: BTreeSet<NaiveDate>,
}

impl RateTable {
    /// Returns the rates in a bill's own columns; `None` if it has none.
    #[must_use]
    pub fn of_bill(rates: &[BillRate]) -> Option<Self> {
        let columns: BTreeSet<&str> = rates.iter().map(|r| r.column).collect();
        let columns = columns.into_iter().collect::<Vec<_>>().join(", ");
        let mut table = Self { source: format!("the bill's {columns}"), pairs: BTreeMap::new() };
        for r in rates.iter().filter(|r| r.from != r.to && r.rate > Decimal::ZERO) {
            table
                .pairs
                .entry((r.from, r.to))
                .or_default()
                .entry(r.billing_period)
                .or_default()
                .insert(r.rate);
        }
        (!table.pairs.is_empty()).then_some(table)
    }

    /// Returns the name of the source in reports.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the rate of a month: the mean of its days, direct, inverse, or through a third
    /// currency. If the month has none, the last rate of the seven days before it. `None` if there
    /// is none.
    #[must_use]
    pub fn month(&self, currency: Currency, into: Currency, month: Month) -> Option<MonthRate> {
        let pivots = PIVOTS
            .iter()
            .filter_map(|p| p.parse().ok())
            .chain(self.pairs.keys().flat_map(|(a, b)| [*a, *b]));
        let through = |pivot: Currency| {
            let (there, back) =
                (self.pair(currency, pivot, month)?, self.pair(pivot, into, month)?);
            Some(Mean { rate: there.rate.checked_mul(back.rate)?, days: &there.days | &back.days })
        };
        let mean = self.pair(currency, into, month).or_else(|| pivots.clone().find_map(through))?;
        let rate = mean
            .rate
            .round_sf_with_strategy(DIGITS, RoundingStrategy::MidpointNearestEven)?
            .normalize();
        Some(MonthRate {
            currency,
            into,
            month,
            rate: Some(rate).filter(|r| *r > Decimal::ZERO)?,
            source: self.source.clone(),
            first_day: *mean.days.first()?,
            last_day: *mean.days.last()?,
            days: mean.days.len(),
        })
    }

    /// Returns the mean rate of a pair in a month.
    fn pair(&self, from: Currency, to: Currency, month: Month) -> Option<Mean> {
        if let Some(days) = self.pairs.get(&(from, to)) {
            return mean(days, month);
        }
        let other = mean(self.pairs.get(&(to, from))?, month)?;
        Some(Mean { rate: Decimal::ONE.checked_div(other.rate)?, days: other.days })
    }
}

fn mean(days: &BTreeMap<NaiveDate, BTreeSet<Decimal>>, month: Month) -> Option<Mean> {
    let first = month.first_day();
    let of_month: Vec<_> = days.range(first..month.end()).collect();
    let before = || days.range(first.checked_sub_days(Days::new(LATE))?..first).next_back();
    let used = if of_month.is_empty() { vec![before()?] } else { of_month };
    let rates: Vec<Decimal> = used.iter().flat_map(|(_, rates)| rates.iter().copied()).collect();
    let sum = rates.iter().try_fold(Decimal::ZERO, |sum, r| sum.checked_add(*r))?;
    let rate = sum.checked_div(Decimal::from(rates.len()))?;
    Some(Mean { rate, days: used.into_iter().map(|(day, _)| *day).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Currency {
        text.parse().expect("a currency")
    }

    fn month(text: &str) -> Month {
        text.parse().expect("a month")
    }

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a decimal")
    }

    const ECB: &str = "Date,USD,GBP,ISK,\n2026-10-05,1.25,0.80,N/A,\n2026-09-30,1.30,0.90,N/A,\n2026-09-01,1.20,0.90,N/A,\n";

    #[test]
    fn a_month_has_the_mean_of_its_days() {
        let table = RateTable::parse("ecb.csv", ECB).expect("rates");
        // (1.30 + 1.20) ÷ 2 = 1.25 USD for a EUR: 0.8 EUR for a USD.
        let rate = table.month(code("USD"), code("EUR"), month("2026-09")).expect("a rate");
        assert_eq!((rate.rate, rate.days), (decimal("0.8"), 2));
        assert_eq!(
            (rate.first_day.to_string(), rate.last_day.to_string()),
            ("2026-09-01".into(), "2026-09-30".into())
        );
        // Through EUR: 0.90 ÷ 1.25 = 0.72 GBP for a USD, and 1.25 ÷ 0.90 = 1.3888… USD for a GBP,
        // to 12 digits.
        assert_eq!(
            table.month(code("USD"), code("GBP"), month("2026-09")).expect("a rate").rate,
            decimal("0.72")
        );
        let back = table.month(code("GBP"), code("USD"), month("2026-09")).expect("a rate").rate;
        assert_eq!(back, decimal("1.38888888889"));
    }

    #[test]
    fn a_month_without_rates_has_the_last_of_the_week_before_or_none() {
        let table = RateTable::parse("rates.csv", "date,from,to,rate\n2026-09-25,USD,EUR,0.9\n")
            .expect("rates");
        let of = |m: &str| table.month(code("USD"), code("EUR"), month(m)).map(|r| r.rate);
        assert_eq!(of("2026-10"), Some(decimal("0.9")));
        assert_eq!(of("2026-11"), None);
        assert_eq!(of("2026-08"), None);
        assert_eq!(table.month(code("JPY"), code("EUR"), month("2026-09")), None);
    }

    #[test]
    fn a_bill_contains_rates_by_billing_period() {
        let rate = |rate: &str| BillRate {
            billing_period: "2026-09-01".parse().expect("a day"),
            from: code("USD"),
            to: code("EUR"),
            rate: decimal(rate),
            column: "x_BillingExchangeRate",
        };
        let table = RateTable::of_bill(&[rate("0.9"), rate("0.92"), rate("0")]).expect("rates");
        assert_eq!(table.source(), "the bill's x_BillingExchangeRate");
        assert_eq!(
            table.month(code("USD"), code("EUR"), month("2026-09")).expect("a rate").rate,
            decimal("0.91")
        );
        assert_eq!(RateTable::of_bill(&[rate("0")]), None);
    }
}
