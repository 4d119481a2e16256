//! Currency conversion in a review: amounts by billing currency, the rates, and the part of a
//! change that exchange rates explain.

use polars::prelude::{col, lit};

use super::span::{Period, Span};
use super::types::{AsBilled, ChangeByRate, ExchangeReport};
use crate::exchange::MonthRate;
use crate::money::Money;
use crate::month::Month;
use crate::rollup::{CostCube, Exchange, Measure, QueryError, Rollup};

/// Returns how the amounts of a review were converted; `None` if they are as billed.
pub(super) fn report(rollup: &Rollup, span: &Span) -> Result<Option<ExchangeReport>, QueryError> {
    let Some(exchange) = &rollup.exchange else { return Ok(None) };
    let months: Vec<Month> = [span.last_year, span.last_month, Some(span.this)]
        .into_iter()
        .flatten()
        .map(|p| p.month)
        .collect();
    let of_months = |rate: &&MonthRate| months.contains(&rate.month);
    Ok(Some(ExchangeReport {
        into: exchange.into,
        rates: exchange.rates.values().filter(of_months).cloned().collect(),
        as_billed: exchange
            .as_billed
            .iter()
            .map(|r| as_billed(rollup, &r.cube, span))
            .collect::<Result<_, _>>()?,
        unconverted: exchange.unconverted.clone(),
        billed: change(rollup, exchange, span, Measure::BilledCost)?,
        effective: change(rollup, exchange, span, Measure::EffectiveCost)?,
    }))
}

fn as_billed(rollup: &Rollup, cube: &CostCube, span: &Span) -> Result<AsBilled, QueryError> {
    let compare = |measure: Measure| {
        span.compare(|period| Ok(cube.total(period.charges(measure))?.cost(measure)))
    };
    let converted = |measure: Measure| {
        let of_currency = col("BillingCurrency").eq(lit(cube.currency().to_string()));
        Ok::<_, QueryError>(
            rollup.cube.total(span.this.charges(measure).and(of_currency))?.cost(measure),
        )
    };
    Ok(AsBilled {
        currency: cube.currency(),
        billed: compare(Measure::BilledCost)?,
        effective: compare(Measure::EffectiveCost)?,
        billed_converted: converted(Measure::BilledCost)?,
        effective_converted: converted(Measure::EffectiveCost)?,
    })
}

/// Returns the change of the total from the previous month, and the part due to exchange rates.
fn change(
    rollup: &Rollup,
    exchange: &Exchange,
    span: &Span,
    measure: Measure,
) -> Result<Option<ChangeByRate>, QueryError> {
    let Some(last_month) = span.last_month else { return Ok(None) };
    let total = |period: Period| {
        Ok::<Money, QueryError>(rollup.cube.total(period.charges(measure))?.cost(measure))
    };
    let (now, then) = (total(span.this)?, total(last_month)?);
    let of_rates = exchange.part_of_rates(
        (last_month.month, span.this.month),
        &[],
        &last_month.charges(measure),
    )?;
    let exchange_rate =
        of_rates.into_values().next().map_or(Money::zero(exchange.into), |(billed, effective)| {
            if measure == Measure::BilledCost { billed } else { effective }
        });
    let change = now.try_sub(then)?;
    Ok(Some(ChangeByRate { change, exchange_rate, rest: change.try_sub(exchange_rate)? }))
}
