//! Adds the resources behind a cause from costs by resource and day, if the bill has no resource
//! IDs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::types::{Cause, CauseResource, Findings};
use crate::money::{Money, MoneyError};
use crate::month::Month;
use crate::resource_cost::ResourceCost;

/// Adds resources from `costs` to causes that have none. A cause stays without resources if `costs`
/// does not cover its days or its usage type is unknown.
///
/// # Errors
/// [`MoneyError`] if a sum does not fit.
pub fn name_resources(found: &mut Findings, costs: &[ResourceCost]) -> Result<(), MoneyError> {
    let costs = Costs::of(costs);
    for anomaly in found.anomalies.iter_mut().chain(&mut found.drops) {
        let span = (anomaly.first_day, anomaly.last_day);
        for cause in anomaly.causes.iter_mut().filter(|c| c.resources.is_empty()) {
            cause.resources = of_cause(cause, span, &costs)?;
        }
    }
    Ok(())
}

/// Usage type, account, and service.
type Usage<'a> = (&'a str, &'a str, &'a str);

/// Costs of resources by usage, and the days that they cover.
struct Costs<'a> {
    by_usage: BTreeMap<Usage<'a>, Vec<&'a ResourceCost>>,
    days: BTreeSet<NaiveDate>,
}

impl<'a> Costs<'a> {
    fn of(costs: &'a [ResourceCost]) -> Self {
        let mut by_usage: BTreeMap<Usage<'a>, Vec<&'a ResourceCost>> = BTreeMap::new();
        for cost in costs {
            let usage = (&*cost.usage_type, &*cost.sub_account_id, &*cost.service_name);
            by_usage.entry(usage).or_default().push(cost);
        }
        Self { by_usage, days: costs.iter().map(|c| c.day).collect() }
    }

    fn of_cause<'s>(&'s self, cause: &'s Cause) -> &'s [&'a ResourceCost] {
        let account = cause.sub_account_id.as_deref();
        let usage = cause.usage_type.as_deref().zip(account).zip(cause.service_name.as_deref());
        let costs = usage
            .and_then(|((usage, account), service)| self.by_usage.get(&(usage, account, service)));
        costs.map(Vec::as_slice).unwrap_or_default()
    }
}

fn of_cause(
    cause: &Cause,
    (first, last): (NaiveDate, NaiveDate),
    costs: &Costs<'_>,
) -> Result<Vec<CauseResource>, MoneyError> {
    let month = Month::of(last);
    let known_from = costs.days.range(month.first_day()..).next().copied();
    let Some(known_from) = known_from.filter(|d| *d <= last) else { return Ok(Vec::new()) };
    // A resource without cost before the anomaly is new, if earlier days are covered.
    let covers_days_before = costs.days.first().is_some_and(|day| *day < first);
    let mut by_resource: BTreeMap<&str, CauseResource> = BTreeMap::new();
    for cost in costs.of_cause(cause).iter().filter(|c| c.day < month.end()) {
        let entry = by_resource.entry(&cost.resource_id).or_insert_with(|| CauseResource {
            resource_id: cost.resource_id.clone(),
            month_cost: Money::zero(cost.billing_currency),
            new_this_month: covers_days_before,
            known_from: Some(known_from),
        });
        if cost.day >= known_from {
            entry.month_cost = entry.month_cost.try_add(cost.effective())?;
        }
        entry.new_this_month &= cost.day >= first;
    }
    Ok(CauseResource::most(by_resource.into_values()))
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::money::Currency;

    fn cost(day: &str, resource: &str, dollars: i64) -> ResourceCost {
        ResourceCost {
            day: day.parse().unwrap(),
            sub_account_id: "1".to_owned(),
            service_name: "Compute".to_owned(),
            usage_type: "BoxUsage:m5.large".to_owned(),
            resource_id: resource.to_owned(),
            effective_cost: Decimal::from(dollars),
            billing_currency: Currency::USD,
        }
    }

    fn cause() -> Cause {
        Cause {
            sub_account_id: Some("1".to_owned()),
            service_name: Some("Compute".to_owned()),
            region_id: None,
            usage_type: Some("BoxUsage:m5.large".to_owned()),
            pricing_category: None,
            excess: Money::zero(Currency::USD),
            share_pct: None,
            price_effect: None,
            usage_effect: None,
            new_effect: None,
            resources: Vec::new(),
        }
    }

    fn named(costs: &[ResourceCost], cause: &Cause) -> Vec<(String, i64, bool, String)> {
        let span = ("2026-10-22".parse().unwrap(), "2026-10-24".parse().unwrap());
        let resources = of_cause(cause, span, &Costs::of(costs)).unwrap();
        let row = |r: CauseResource| {
            let dollars = i64::try_from(r.month_cost.amount()).unwrap();
            (r.resource_id, dollars, r.new_this_month, r.known_from.unwrap().to_string())
        };
        resources.into_iter().map(row).collect()
    }

    #[test]
    fn new_resources_come_first_and_costs_are_of_the_days_shown() {
        let old = [
            cost("2026-09-30", "i-old", 100),
            cost("2026-10-20", "i-old", 7),
            cost("2026-10-22", "i-old", 7),
        ];
        let new = [cost("2026-10-22", "i-new", 3), cost("2026-10-23", "i-new", 3)];
        let costs = [&old[..], &new[..]].concat();
        let day = || "2026-10-20".to_owned();
        let wanted =
            vec![("i-new".to_owned(), 6, true, day()), ("i-old".to_owned(), 14, false, day())];
        assert_eq!(named(&costs, &cause()), wanted);
        let other = Cause { usage_type: Some("BoxUsage:m5.xlarge".to_owned()), ..cause() };
        assert_eq!(named(&costs, &other), []);
    }

    #[test]
    fn nothing_is_called_new_or_named_that_cannot_be_known() {
        assert!(
            !named(&[cost("2026-10-22", "i-new", 3)], &cause())[0].2,
            "no earlier day is known"
        );
        assert_eq!(
            named(&[cost("2026-10-25", "i-late", 3)], &cause()),
            [],
            "none of its days is known"
        );
    }
}
