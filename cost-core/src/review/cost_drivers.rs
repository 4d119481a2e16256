//! Cost drivers: the largest changes from the previous month, split into price, usage, new, and
//! removed.

use std::collections::BTreeMap;

use super::span::{Period, Span};
use super::types::CostDriver;
use crate::money::{Currency, Money, MoneyError};
use crate::rollup::{Amounts, Costs, QueryError, Rollup, is_usage};

/// Grain at which a unit price is meaningful.
const LEAF: [&str; 6] =
    ["SubAccountId", "ServiceName", "RegionId", "SkuMeter", "PricingUnit", "PricingCategory"];

/// Returns all cost drivers, largest change first, with account names.
pub(super) fn cost_drivers(
    rollup: &Rollup,
    span: &Span,
    last_month: Period,
    names: &BTreeMap<String, String>,
) -> Result<Vec<CostDriver>, QueryError> {
    let sums = |period: Period| rollup.cube.sum_map(&LEAF, is_usage().and(period.is_charge_day()));
    let (now, then) = (sums(span.this)?, sums(last_month)?);
    let of_then = is_usage().and(last_month.is_charge_day());
    let of_rates = rollup
        .exchange
        .as_ref()
        .map(|e| e.part_of_rates((last_month.month, span.this.month), &LEAF, &of_then))
        .transpose()?;
    let currency = rollup.cube.currency();
    let mut keys: Vec<&Vec<Option<String>>> = now.keys().chain(then.keys()).collect();
    keys.sort();
    keys.dedup();
    let mut parts: BTreeMap<(Option<String>, Option<String>), Parts> = BTreeMap::new();
    for key in keys {
        let scope = (key[0].clone(), key[1].clone());
        parts.entry(scope).or_insert_with(|| Parts::zero(currency)).add(
            now.get(key),
            then.get(key),
            of_rates.as_ref().and_then(|all| all.get(key)),
        )?;
    }
    let mut cost_drivers = Vec::new();
    for ((account, service), p) in parts {
        let change = p.now.try_sub(p.then)?;
        if change.amount().is_zero() {
            continue;
        }
        cost_drivers.push(CostDriver {
            sub_account_name: account.as_ref().and_then(|a| names.get(a).cloned()),
            sub_account_id: account,
            service_name: service,
            effective: span.comparison(p.now, Some(p.then), None)?,
            change,
            price: p.price,
            usage: p.usage,
            new: p.new,
            gone: p.gone,
            unsplit: p.unsplit,
            change_per_day: span.change_per_day(p.now, Some(p.then))?,
            events: Vec::new(),
            anomalies: Vec::new(),
            exchange_rate: of_rates.as_ref().map(|_| p.exchange_rate),
        });
    }
    cost_drivers.sort_by(|a, b| {
        let size = b.change.amount().abs().cmp(&a.change.amount().abs());
        size.then_with(|| {
            (&a.sub_account_id, &a.service_name).cmp(&(&b.sub_account_id, &b.service_name))
        })
    });
    Ok(cost_drivers)
}

struct Parts {
    now: Money,
    then: Money,
    price: Money,
    usage: Money,
    new: Money,
    gone: Money,
    unsplit: Money,
    exchange_rate: Money,
}

impl Parts {
    fn zero(currency: Currency) -> Self {
        let z = Money::zero(currency);
        Self { now: z, then: z, price: z, usage: z, new: z, gone: z, unsplit: z, exchange_rate: z }
    }

    /// Adds a leaf. `of_rates` is the increase of the previous month's cost at this month's
    /// exchange rates, if amounts are converted.
    fn add(
        &mut self,
        now: Option<&Amounts>,
        then: Option<&Amounts>,
        of_rates: Option<&Costs>,
    ) -> Result<(), MoneyError> {
        let mut before = then.map(|t| t.effective);
        if let (Some(t), Some((_, of_rates))) = (then, of_rates) {
            before = Some(t.effective.try_add(*of_rates)?);
            self.exchange_rate = self.exchange_rate.try_add(*of_rates)?;
        }
        if let Some(t) = then {
            self.then = self.then.try_add(t.effective)?;
        }
        if let Some(n) = now {
            self.now = self.now.try_add(n.effective)?;
        }
        match (now, then.zip(before)) {
            (None, None) => {}
            (Some(n), None) => self.new = self.new.try_add(n.effective)?,
            (None, Some((_, before))) => self.gone = self.gone.try_sub(before)?,
            (Some(n), Some((t, before))) => {
                let change = n.effective.try_sub(before)?;
                match usage_effect(n, t, before) {
                    Some(usage) => {
                        self.usage = self.usage.try_add(usage)?;
                        self.price = self.price.try_add(change.try_sub(usage)?)?;
                    }
                    None => self.unsplit = self.unsplit.try_add(change)?,
                }
            }
        }
        Ok(())
    }
}

/// Returns (q₁ − q₀) × p₀, with p₀ = `before` ÷ q₀; `None` if a quantity is unknown or zero.
fn usage_effect(now: &Amounts, then: &Amounts, before: Money) -> Option<Money> {
    let (q1, q0) = (now.quantity?, then.quantity?);
    if q1.is_zero() {
        return None;
    }
    let unit_price = before.amount().checked_div(q0)?;
    Some(Money::new((q1 - q0).checked_mul(unit_price)?, before.currency()))
}
