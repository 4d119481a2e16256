//! Savings opportunities and the plan.

use std::collections::BTreeMap;

use super::notes::{self, QualitySection};
use super::options::ReviewError;
use super::subject::Subject;
use super::types::SavingsReport;
use crate::check::{self, Check, Context, Facts, Skip};
use crate::checks::{find_risks, find_upcoming};
use crate::commitment::advise;
use crate::lifecycle::Decision;
use crate::money::{Money, MoneyError};
use crate::month::Month;
use crate::opportunity::{Action, Opportunity};
use crate::plan::{self, BOUGHT_LATER, FrontPoint, JointPlan, Pool, Pools, Refusal};
use crate::recommendation::{self, Ours, ProviderRecommendation};
use crate::risk::ReliabilityRisk;
use crate::rollup::{Exchange, QueryError, Rollup, days_in};
use crate::upcoming::UpcomingCost;

/// Savings of the month.
#[derive(Clone)]
pub(crate) struct SavingsSection {
    /// Opportunities, largest expected savings first.
    pub(crate) opportunities: Vec<Opportunity>,
    /// The plan.
    pub(crate) plan: JointPlan,
    /// Resources that are too small for their load.
    pub(crate) risks: Vec<ReliabilityRisk>,
    /// Charges that start or rise within twelve months.
    pub(super) upcoming: Vec<UpcomingCost>,
    /// Resources that were not evaluated.
    pub(super) skipped: Vec<Skip>,
    /// Usage that released commitments can cover.
    pools: Pools,
}

/// Result of all checks for one currency.
struct Found {
    opportunities: Vec<Opportunity>,
    risks: Vec<ReliabilityRisk>,
    upcoming: Vec<UpcomingCost>,
    skipped: Vec<Skip>,
    pools: Pools,
}

/// Returns the opportunities, the plan, and what was not evaluated.
///
/// # Errors
/// [`ReviewError`].
pub(crate) fn savings(subject: &Subject<'_>) -> Result<SavingsSection, ReviewError> {
    let Subject { rollup, options, .. } = *subject;
    let month = subject.savings_month();
    let Found { opportunities, risks, upcoming, skipped, pools } = match &rollup.exchange {
        None => find(subject, rollup)?,
        Some(exchange) => {
            let found = exchange
                .as_billed
                .iter()
                .map(|r| find(subject, r))
                .collect::<Result<Vec<_>, _>>()?;
            converted(found, exchange, month)?
        }
    };
    let aside = set_aside(subject, &opportunities, &risks);
    let open = opportunities.iter().filter(|o| !aside.contains_key(&o.id));
    let limits = options.savings.limits.for_spend(spend(rollup, month)?);
    let mut plan = plan::plan(open, &pools, &limits, rollup.cube.currency())?;
    plan.not_allowed
        .extend(aside.into_iter().map(|(opportunity, why)| Refusal { opportunity, why }));
    Ok(SavingsSection { opportunities, plan, risks, upcoming, skipped, pools })
}

/// Returns the opportunities that the plan does not consider, by ID, with the reason: those on
/// resources that are too small, those with a decision, and purchases if they are advised.
fn set_aside(
    subject: &Subject<'_>,
    opportunities: &[Opportunity],
    risks: &[ReliabilityRisk],
) -> BTreeMap<String, String> {
    let Subject { options, header, .. } = *subject;
    let mut aside = super::risks::refused(opportunities, risks);
    let decided = options.decisions.set_aside(opportunities, header.month, header.estate.as_of);
    aside.extend(decided);
    if purchases_are_advised(subject) {
        for o in opportunities.iter().filter(|o| o.action == Action::Commit) {
            aside.entry(o.id.clone()).or_insert_with(|| {
                format!("{BOUGHT_LATER}: `cost commitments` recommends the purchases")
            });
        }
    }
    aside
}

/// Returns the `EffectiveCost` of the month, by charge period.
fn spend(rollup: &Rollup, month: Month) -> Result<Money, QueryError> {
    let of_month = days_in("ChargeDay", month.first_day(), month.end());
    Ok(rollup.cube.total(of_month)?.effective)
}

/// Returns whether the purchase advisor has what it needs: offers, enough days, and a currency in
/// which commitments are sold. Then the plan contains no purchases.
fn purchases_are_advised(subject: &Subject<'_>) -> bool {
    let Subject { estate, header, .. } = *subject;
    !estate.offers.is_empty()
        && advise::window(header.estate.first_day, header.estate.last_day).is_some()
        && advise::sold_in(header.currency).is_ok()
}

/// Returns the efficient front of the opportunities that are open, or in the plan, or excluded by
/// its limits on effort and risk.
pub(crate) fn front(
    subject: &Subject<'_>,
    section: &SavingsSection,
) -> Result<Vec<FrontPoint>, MoneyError> {
    let SavingsSection { opportunities, plan, pools, risks, .. } = section;
    let aside = set_aside(subject, opportunities, risks);
    let open: Vec<&Opportunity> =
        opportunities.iter().filter(|o| !aside.contains_key(&o.id)).collect();
    plan::front(&open, pools, &plan.limits, subject.rollup.cube.currency())
}

/// Returns the savings report.
pub(crate) fn report(
    subject: &Subject<'_>,
    section: &SavingsSection,
    quality: &QualitySection,
    account_names: &BTreeMap<String, String>,
) -> SavingsReport {
    let provider_recommendations = provider_recommendations(subject, section);
    let SavingsSection { opportunities, plan, risks, skipped, .. } = section.clone();
    let mut notes = quality.notes.clone();
    notes.extend(notes::of_savings(subject, !opportunities.is_empty()));
    SavingsReport {
        header: subject.header.clone(),
        decisions: decisions(subject, &opportunities),
        provider_recommendations,
        opportunities,
        plan,
        front: Vec::new(),
        reliability_risks: risks,
        skipped,
        notes,
        account_names: account_names.clone(),
    }
}

/// Returns the decisions on the opportunities.
pub(super) fn decisions(
    subject: &Subject<'_>,
    found: &[Opportunity],
) -> BTreeMap<String, Decision> {
    let (ledger, day) = (&subject.options.decisions, subject.header.estate.as_of);
    found
        .iter()
        .filter_map(|o| Some((o.id.clone(), ledger.decision(&o.id, day)?.clone())))
        .collect()
}

/// Returns provider recommendations, compared with the opportunities.
pub(super) fn provider_recommendations(
    subject: &Subject<'_>,
    section: &SavingsSection,
) -> Vec<ProviderRecommendation> {
    let SavingsSection { opportunities, plan, skipped, .. } = section;
    let ours = Ours { opportunities, plan, skipped };
    recommendation::with_opportunities(&subject.estate.recommendations, ours)
}

/// Returns the findings in charges of one currency, as billed, because list prices and thresholds
/// are in that currency.
fn find(subject: &Subject<'_>, rollup: &Rollup) -> Result<Found, ReviewError> {
    let Subject { estate, checks, options, header, .. } = *subject;
    let facts = Facts {
        inventory: estate.inventory.as_ref(),
        utilization: estate.utilization.as_ref(),
        prices: &estate.prices,
        as_of: header.estate.as_of,
    };
    let context = Context::new(rollup, facts, subject.savings_month(), &options.savings)?;
    let checks: Vec<&dyn Check> = checks.iter().collect();
    let (opportunities, mut skipped) = check::run_all(&context, &checks);
    let (risks, unknown) = find_risks(&context);
    let (upcoming, undated) = find_upcoming(&context);
    skipped.extend(unknown.into_iter().chain(undated));
    Ok(Found { opportunities, risks, upcoming, skipped, pools: context.pools() })
}

/// Returns the findings in charges of several currencies, in the reporting currency at the rates of
/// the month.
fn converted(found: Vec<Found>, exchange: &Exchange, month: Month) -> Result<Found, MoneyError> {
    let mut opportunities: BTreeMap<String, Opportunity> = BTreeMap::new();
    let mut skipped: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    let mut pools: BTreeMap<String, Pool> = BTreeMap::new();
    let mut risks: BTreeMap<String, ReliabilityRisk> = BTreeMap::new();
    let convert = |amount| exchange.money(amount, month);
    let mut upcoming: Vec<UpcomingCost> = Vec::new();
    for part in found {
        for cost in part.upcoming {
            upcoming.push(cost.converted(exchange.into, &convert)?);
        }
        for risk in part.risks {
            risks.entry(risk.id.clone()).or_insert(risk.converted(exchange.into, &convert)?);
        }
        for skip in part.skipped {
            skipped.entry((skip.check, skip.reason)).or_default().extend(skip.subjects);
        }
        for (name, pool) in part.pools.0 {
            let (on_demand, covered) = (convert(pool.on_demand)?, convert(pool.covered)?);
            match pools.get_mut(&name) {
                Some(known) => {
                    known.on_demand = known.on_demand.try_add(on_demand)?;
                    known.covered = known.covered.try_add(covered)?;
                }
                None => _ = pools.insert(name, Pool { on_demand, covered, ..pool }),
            }
        }
        for opportunity in part.opportunities {
            if opportunities.contains_key(&opportunity.id) {
                let reason =
                    "billed in several currencies: only the first was evaluated".to_owned();
                skipped.entry((opportunity.check, reason)).or_default().push(opportunity.subject);
            } else {
                opportunities.insert(
                    opportunity.id.clone(),
                    opportunity.converted(exchange.into, &convert)?,
                );
            }
        }
    }
    let mut opportunities: Vec<Opportunity> = opportunities.into_values().collect();
    opportunities.sort_by(|a, b| {
        b.savings.expected.amount().cmp(&a.savings.expected.amount()).then_with(|| a.id.cmp(&b.id))
    });
    let skip = |((check, reason), mut subjects): ((String, String), Vec<String>)| {
        subjects.sort();
        subjects.dedup();
        Skip { check, reason, subjects }
    };
    let mut risks: Vec<ReliabilityRisk> = risks.into_values().collect();
    risks.sort_by(|a, b| (a.kind, &a.id).cmp(&(b.kind, &b.id)));
    upcoming.sort_by(|a, b| (a.from, &a.subject).cmp(&(b.from, &b.subject)));
    Ok(Found {
        opportunities,
        risks,
        upcoming,
        skipped: skipped.into_iter().map(skip).collect(),
        pools: Pools(pools),
    })
}
