//! Spend agreements (AWS EDP or PPA, Azure MACC): the drawdown so far, and the expected one at the
//! end of the period.
//!
//! In:  the daily cost table; agreements from the configuration.
//! Out: one [`Drawdown`] per agreement.

use chrono::{Days, NaiveDate};
use polars::prelude::{Expr, col, lit};
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::percent;
use crate::assumptions::LATE_DAYS;
use crate::money::{Currency, Money, MoneyError};
use crate::rollup::{QueryError, Rollup, days_in};

/// Days over which the pace is averaged: complete weeks. Chosen (ADR 0019).
const PACE_DAYS: u64 = 28;

/// A spend agreement, from the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpendTarget {
    /// Its name in reports.
    pub name: String,
    /// The agreed amount.
    pub amount: Decimal,
    /// Currency of the amount. `None` means the currency of the bill.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// First day of the period.
    pub first_day: NaiveDate,
    /// Last day of the period.
    pub last_day: NaiveDate,
    /// `ProviderName` of the charges that count. `None` means all providers.
    #[serde(default)]
    pub provider: Option<String>,
    /// `ServiceName`s that do not count.
    #[serde(default)]
    pub leave_out: Vec<String>,
    /// The amount drawn down before the bill begins.
    #[serde(default)]
    pub drawn_before: Option<Decimal>,
}

/// Drawdown of a spend agreement. Usage and purchases count at billed cost. Taxes, credits, and
/// adjustments do not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Drawdown {
    /// Name of the agreement.
    pub name: String,
    /// First day of the period.
    pub first_day: NaiveDate,
    /// Last day of the period.
    pub last_day: NaiveDate,
    /// The agreed amount.
    pub amount: Money,
    /// Σ `BilledCost` of usage and purchases so far, plus the amount that the configuration has for
    /// the time before the bill.
    pub drawn: Money,
    /// The last day included in `drawn`.
    pub drawn_until: NaiveDate,
    /// Drawn ÷ amount × 100.
    pub drawn_pct: Option<Decimal>,
    /// Days elapsed ÷ days of the period × 100.
    pub elapsed_pct: Option<Decimal>,
    /// Drawdown per day: the mean of 28 days, without the newest three. `None` if the bill has
    /// fewer days.
    pub pace_per_day: Option<Money>,
    /// Drawn + pace × days left. `None` if the pace or a part of `drawn` is unknown.
    pub expected_at_end: Option<Money>,
    /// Amount − expected at the end, if positive. It must be paid although no usage draws it down.
    pub shortfall: Option<Money>,
    /// Drawdown per day needed from now on. `None` if the agreement is fulfilled or its period is
    /// over.
    pub needed_per_day: Option<Money>,
    /// Reason if a part is unknown.
    pub unknown: Option<String>,
}

/// Returns the drawdown of each agreement, from the bill.
///
/// # Errors
/// [`QueryError`].
pub(crate) fn drawdown(
    rollup: &Rollup,
    targets: &[SpendTarget],
) -> Result<Vec<Drawdown>, QueryError> {
    let Some((first, last)) = rollup.cube.days() else { return Ok(Vec::new()) };
    let currency = rollup.cube.currency();
    let of_bill = targets.iter().filter(|target| target.currency.is_none_or(|c| c == currency));
    of_bill.map(|target| one(rollup, target, (first, last))).collect()
}

fn one(
    rollup: &Rollup,
    target: &SpendTarget,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Drawdown, QueryError> {
    let currency = rollup.cube.currency();
    let money = |amount: Decimal| Money::new(amount, currency);
    let sum = |from: NaiveDate, until: NaiveDate| -> Result<Money, QueryError> {
        let filter = counts(target).and(days_in("ChargeDay", from, until));
        Ok(rollup.cube.total(filter)?.billed)
    };
    let end = after(target.last_day, 1);
    let drawn_until = last.min(target.last_day);
    let before = target.drawn_before.unwrap_or_default();
    let drawn = sum(target.first_day, end)?.try_add(money(before))?;
    let unknown = (first > target.first_day && target.drawn_before.is_none()).then(|| {
        format!(
            "the bill begins on {first}: the drawdown from {} on is unknown; set `drawn_before` in the configuration",
            target.first_day
        )
    });
    let days = |from: NaiveDate, until: NaiveDate| {
        Decimal::from(until.signed_duration_since(from).num_days().max(0))
    };
    let newest = before_day(after(last, 1), LATE_DAYS);
    let oldest = before_day(newest, PACE_DAYS);
    let pace_per_day = (oldest >= first)
        .then(|| {
            sum(oldest, newest)?
                .try_mul(Decimal::ONE / Decimal::from(PACE_DAYS))
                .map_err(QueryError::from)
        })
        .transpose()?;
    let left = days(after(drawn_until, 1).max(target.first_day), end);
    let expected_at_end = match (pace_per_day, &unknown) {
        (Some(pace), None) => Some(drawn.try_add(pace.try_mul(left)?)?),
        _ => None,
    };
    let amount = money(target.amount);
    let more_than_nothing = |m: Money| Some(m).filter(|m| !m.is_zero_or_less());
    let short = |of: Money| -> Result<Option<Money>, MoneyError> {
        Ok(more_than_nothing(amount.try_sub(of)?))
    };
    let open = short(drawn)?.filter(|_| unknown.is_none() && !left.is_zero());
    Ok(Drawdown {
        name: target.name.clone(),
        first_day: target.first_day,
        last_day: target.last_day,
        amount,
        drawn,
        drawn_until,
        drawn_pct: percent(Some(drawn.amount()), Some(target.amount)),
        elapsed_pct: percent(
            Some(days(target.first_day, after(drawn_until, 1))),
            Some(days(target.first_day, end)),
        ),
        pace_per_day,
        expected_at_end,
        shortfall: expected_at_end.map(short).transpose()?.flatten(),
        needed_per_day: open.map(|m| m.try_mul(Decimal::ONE / left)).transpose()?,
        unknown,
    })
}

/// Returns the filter for charges that count toward the agreement.
fn counts(target: &SpendTarget) -> Expr {
    let category =
        col("ChargeCategory").eq(lit("Usage")).or(col("ChargeCategory").eq(lit("Purchase")));
    let of_provider =
        target.provider.iter().map(|p| col("ProviderName").eq_missing(lit(p.clone())));
    let not_excluded =
        target.leave_out.iter().map(|s| col("ServiceName").neq_missing(lit(s.clone())));
    of_provider.chain(not_excluded).fold(category, Expr::and)
}

fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

fn before_day(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}
