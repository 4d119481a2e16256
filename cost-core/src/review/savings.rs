//! What can be saved, and what of it together.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::options::{ReviewError, ReviewOptions};
use crate::check::{self, Context, Facts, Skip};
use crate::checks::registry;
use crate::estate::Estate;
use crate::money::MoneyError;
use crate::month::Month;
use crate::opportunity::Opportunity;
use crate::plan::{self, JointPlan, Pool, Pools, Refusal};
use crate::rollup::{Exchange, Rollup};

/// What checks find in a bill.
struct Found {
    opportunities: Vec<Opportunity>,
    skipped: Vec<Skip>,
    pools: Pools,
}

/// What can be saved, what of it together, and what could not be judged.
pub(super) fn savings(
    estate: &Estate,
    rollup: &Rollup,
    (month, as_of): (Month, NaiveDate),
    options: &ReviewOptions,
) -> Result<(Vec<Opportunity>, JointPlan, Vec<Skip>), ReviewError> {
    let find = |rollup: &Rollup| find(estate, rollup, (month, as_of), options);
    let Found { opportunities, skipped, pools } = match &rollup.exchange {
        None => find(rollup)?,
        Some(exchange) => {
            let found = exchange.as_billed.iter().map(find).collect::<Result<Vec<_>, _>>()?;
            converted(found, exchange, month)?
        }
    };
    let aside = options.decisions.set_aside(&opportunities, month, as_of);
    let open = opportunities.iter().filter(|o| !aside.contains_key(&o.id));
    let mut plan = plan::plan(open, &pools, &options.savings.limits, rollup.cube.currency())?;
    plan.not_allowed.extend(aside.into_iter().map(|(opportunity, why)| Refusal { opportunity, why }));
    Ok((opportunities, plan, skipped))
}

/// What there is in charges of one currency, as billed: list prices and thresholds hold for that.
fn find(
    estate: &Estate,
    rollup: &Rollup,
    (month, as_of): (Month, NaiveDate),
    options: &ReviewOptions,
) -> Result<Found, ReviewError> {
    let facts = Facts {
        inventory: estate.inventory.as_ref(),
        utilization: estate.utilization.as_ref(),
        prices: &estate.prices,
        as_of,
    };
    let context = Context::new(rollup, facts, month, &options.savings)?;
    let (opportunities, skipped) = check::run_all(&context, registry());
    Ok(Found { opportunities, skipped, pools: context.pools() })
}

/// What was found in charges of several currencies, in the reporting currency at the rates of the month.
fn converted(found: Vec<Found>, exchange: &Exchange, month: Month) -> Result<Found, MoneyError> {
    let mut opportunities: BTreeMap<String, Opportunity> = BTreeMap::new();
    let mut skipped: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut pools: BTreeMap<String, Pool> = BTreeMap::new();
    let convert = |amount| exchange.money(amount, month);
    for part in found {
        for skip in part.skipped {
            skipped.entry((skip.check, skip.reason)).or_default().extend(skip.subjects);
        }
        for (name, pool) in part.pools.0 {
            let on_demand = convert(pool.on_demand)?;
            match pools.get_mut(&name) {
                Some(known) => known.on_demand = known.on_demand.try_add(on_demand)?,
                None => _ = pools.insert(name, Pool { on_demand, ..pool }),
            }
        }
        for opportunity in part.opportunities {
            if opportunities.contains_key(&opportunity.id) {
                let reason = "billed in several currencies: judged in the first".to_owned();
                skipped.entry((opportunity.check, reason)).or_default().push(opportunity.subject);
            } else {
                opportunities.insert(opportunity.id.clone(), opportunity.converted(exchange.into, &convert)?);
            }
        }
    }
    let mut opportunities: Vec<Opportunity> = opportunities.into_values().collect();
    opportunities
        .sort_by(|a, b| b.savings.expected.amount().cmp(&a.savings.expected.amount()).then_with(|| a.id.cmp(&b.id)));
    let skip = |((check, reason), mut subjects): ((String, String), Vec<String>)| {
        subjects.sort();
        subjects.dedup();
        Skip { check, reason, subjects }
    };
    Ok(Found { opportunities, skipped: skipped.into_iter().map(skip).collect(), pools: Pools(pools) })
}
