//! Cost drivers: the largest changes from the previous month, by account and service, with the
//! usage types and resources that changed most.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::bridge::{Families, FamilyParts, bridge};
use super::span::{Period, Span};
use super::types::{Bridge, BridgePart, CostDriver, DriverResource, DriverUsageType};
use crate::money::{Currency, Money, MoneyError};
use crate::rollup::{QueryError, Rollup, days_in, is_usage};

/// Usage types and resources that a cost driver names. Chosen: more do not fit in a line.
const NAMED: usize = 3;

/// Returns all cost drivers, largest change first, with account names.
pub(super) fn cost_drivers(
    rollup: &Rollup,
    families: &Families,
    span: &Span,
    names: &BTreeMap<String, String>,
) -> Result<Vec<CostDriver>, QueryError> {
    let currency = rollup.cube.currency();
    let mut groups: BTreeMap<(Option<&str>, Option<&str>), Vec<&FamilyParts>> = BTreeMap::new();
    for of in families.all.iter().filter(|of| of.is_usage) {
        let scope = (of.place.account.as_deref(), of.place.service.as_deref());
        groups.entry(scope).or_default().push(of);
    }
    let mut cost_drivers = Vec::new();
    for ((account, service), of) in groups {
        let parts = bridge(of.iter().copied(), currency)?;
        if parts.parts.is_empty() {
            continue;
        }
        let name = account.and_then(|a| names.get(a).cloned());
        cost_drivers.push(CostDriver {
            sub_account_name: name,
            sub_account_id: account.map(str::to_owned),
            service_name: service.map(str::to_owned),
            usage_types: usage_types(&of, currency)?,
            ..driver(&parts, span, rollup.exchange.is_some())?
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

/// Returns a cost driver with the amounts of a bridge.
fn driver(parts: &Bridge, span: &Span, converted: bool) -> Result<CostDriver, MoneyError> {
    let of = |part| parts.amount(part);
    Ok(CostDriver {
        sub_account_id: None,
        sub_account_name: None,
        service_name: None,
        effective: span.comparison(parts.this_month, Some(parts.last_month), None)?,
        change: parts.change,
        price: of(BridgePart::Price),
        usage: of(BridgePart::Usage),
        new: of(BridgePart::New),
        gone: of(BridgePart::Gone),
        unsplit: of(BridgePart::NotSeparable),
        days: of(BridgePart::Days),
        mix: of(BridgePart::Mix),
        coverage: of(BridgePart::Coverage),
        unused_commitments: of(BridgePart::UnusedCommitments),
        change_per_day: span.change_per_day(parts.this_month, Some(parts.last_month))?,
        usage_types: Vec::new(),
        resources: Vec::new(),
        events: Vec::new(),
        anomalies: Vec::new(),
        exchange_rate: converted.then(|| of(BridgePart::ExchangeRate)),
    })
}

/// Returns the usage types with the largest changes.
fn usage_types(
    of: &[&FamilyParts],
    currency: Currency,
) -> Result<Vec<DriverUsageType>, MoneyError> {
    let mut sums: BTreeMap<&str, [Money; 2]> = BTreeMap::new();
    for (usage_type, amounts) in of.iter().flat_map(|of| &of.skus) {
        let sum = sums.entry(usage_type).or_insert([Money::zero(currency); 2]);
        for (sum, amount) in sum.iter_mut().zip(amounts) {
            *sum = sum.try_add(Money::new(*amount, currency))?;
        }
    }
    let mut all = Vec::new();
    for (usage_type, [last_month, this_month]) in sums {
        let change = this_month.try_sub(last_month)?;
        if !change.amount().is_zero() && !usage_type.is_empty() {
            let usage_type = usage_type.to_owned();
            all.push(DriverUsageType { usage_type, last_month, this_month, change });
        }
    }
    Ok(first(all, |of| (of.change, &of.usage_type)))
}

/// Adds the resources with the largest changes to cost drivers, if both months are complete.
pub(super) fn add_resources(
    rollup: &Rollup,
    (span, last_month): (&Span, Period),
    cost_drivers: &mut [CostDriver],
) -> Result<(), QueryError> {
    let months = [last_month, span.this];
    if months.iter().any(|p| p.until != p.month.end()) {
        return Ok(());
    }
    let this_month = span.this.month.first_day().to_string();
    let of_months = days_in("ChargeMonth", last_month.month.first_day(), span.this.month.end());
    for driver in cost_drivers {
        let same = |column: &str, value: Option<&str>| match value {
            Some(value) => col(column).eq(lit(value.to_owned())),
            None => col(column).is_null(),
        };
        let of = is_usage()
            .and(of_months.clone())
            .and(col("ResourceId").is_not_null())
            .and(same("SubAccountId", driver.sub_account_id.as_deref()))
            .and(same("ServiceName", driver.service_name.as_deref()));
        let mut sums: BTreeMap<String, [Option<Money>; 2]> = BTreeMap::new();
        for group in rollup.resources.sum_by(&["ChargeMonth", "ResourceId"], of)? {
            let month = usize::from(group.key(0) == this_month);
            let of = sums.entry(group.key(1).to_owned()).or_default();
            of[month] = Some(group.amounts.effective);
        }
        driver.resources = largest(sums, rollup.cube.currency())?;
    }
    Ok(())
}

/// Returns the resources with the largest changes.
fn largest(
    sums: BTreeMap<String, [Option<Money>; 2]>,
    currency: Currency,
) -> Result<Vec<DriverResource>, MoneyError> {
    let mut all = Vec::new();
    for (resource_id, [last_month, this_month]) in sums {
        let amount = |of: Option<Money>| of.unwrap_or(Money::zero(currency));
        let change = amount(this_month).try_sub(amount(last_month))?;
        if !change.amount().is_zero() {
            all.push(DriverResource { resource_id, last_month, this_month, change });
        }
    }
    Ok(first(all, |of| (of.change, &of.resource_id)))
}

/// Returns the items with the largest changes; `of` returns the change and the name of one.
fn first<T>(mut all: Vec<T>, of: impl Fn(&T) -> (Money, &String)) -> Vec<T> {
    all.sort_by(|a, b| {
        let ((change_a, name_a), (change_b, name_b)) = (of(a), of(b));
        let size = change_b.amount().abs().cmp(&change_a.amount().abs());
        size.then_with(|| name_a.cmp(name_b))
    });
    all.truncate(NAMED);
    all
}
