//! What is committed to: how much of it is used, what it saves, and when it ends.
//!
//! In:  [`Charge`]s; ends of terms from the inventory.
//! Out: [`CommitmentsReport`]. Formulas: docs/commitments.md.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::advise::BuyReport;
use super::charges::Charge;
use super::drawdown::Drawdown;
use super::percent;
use crate::header::Header;
use crate::inventory::{Inventory, Kind, detail, resource_key};
use crate::money::{Currency, Money, MoneyError};

/// Commitments of one month, by the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CommitmentsReport {
    /// What was looked at, and when.
    #[serde(flatten)]
    pub header: Header,
    /// Every commitment that the bill of the month names, the one with most unused first.
    pub owned: Vec<Owned>,
    /// All usage that commitments pay for or could pay for, and what of them was not used.
    pub total: Coverage,
    /// The same by account, service, family and region, and by month over the whole bill.
    pub by: Vec<CoverageBy>,
    /// Agreements to spend so much, from the configuration.
    pub spend: Vec<Drawdown>,
    /// What to buy on top of it; absent if that cannot be said: a note tells why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buy: Option<BuyReport>,
    /// What to know, a line each.
    pub notes: Vec<String>,
}

/// One commitment: what it costs, what of it is used, and what it saves. Amounts are of the
/// calendar month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Owned {
    /// `CommitmentDiscountId`.
    pub commitment_discount_id: String,
    /// `CommitmentDiscountName`.
    pub commitment_discount_name: Option<String>,
    /// `CommitmentDiscountType`: `Compute Savings Plans`, `Reserved Instances`, ….
    pub commitment_discount_type: Option<String>,
    /// `CommitmentDiscountCategory`: `Spend` or `Usage`.
    pub commitment_discount_category: Option<String>,
    /// What it costs, amortized: Σ `EffectiveCost` of what it paid for and of what nobody used.
    pub cost: Money,
    /// Σ `EffectiveCost` of what it paid for.
    pub used: Money,
    /// Σ `EffectiveCost` of what nobody used: its waste.
    pub unused: Money,
    /// Used ÷ cost × 100; `None` if it costs nothing.
    pub utilization_pct: Option<Decimal>,
    /// What it paid for would have cost on demand at the contracted price: Σ `ContractedCost`;
    /// `None` if that is unknown.
    pub on_demand_equivalent: Option<Money>,
    /// On-demand equivalent − cost: less than nothing if too little of it is used.
    pub net_saving: Option<Money>,
    /// Σ `BilledCost` of its purchases in the month: recurring fees, and what was paid upfront in
    /// it.
    pub purchases: Money,
    /// The day its term ends, by the inventory; `None` if it does not say.
    pub ends_on: Option<NaiveDate>,
}

/// Usage that commitments pay for or could pay for. Amounts are of the calendar month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Coverage {
    /// The account, service, family, region or month; `None` for what has none, such as the region
    /// of unused Savings Plans, and for the total. What of commitments is not used is of no family:
    /// `(unused)`.
    pub key: Option<String>,
    /// Σ `ListCost` of the usage: at public on-demand prices; `None` if it is unknown for any of
    /// it.
    pub list: Option<Money>,
    /// Σ `ContractedCost` of the usage: at negotiated on-demand prices; `None` if it is unknown for
    /// any of it.
    pub contracted: Option<Money>,
    /// Σ `EffectiveCost` of the usage and of what of commitments was not used.
    pub effective: Money,
    /// Of the contracted cost, what commitments paid for.
    pub covered: Option<Money>,
    /// Of the effective cost, what of commitments nobody used.
    pub unused: Money,
    /// Covered ÷ contracted × 100.
    pub coverage_pct: Option<Decimal>,
    /// Effective savings rate: (1 − effective ÷ list) × 100.
    pub effective_savings_rate_pct: Option<Decimal>,
    /// Contracted − effective: what commitments save, less what of them is not used.
    pub commitment_saving: Option<Money>,
    /// List − contracted: what negotiated prices save.
    pub negotiated_saving: Option<Money>,
}

/// [`Coverage`] by one key, the largest effective cost first; months in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CoverageBy {
    /// `account`, `service`, `family`, `region` or `month`.
    pub dimension: String,
    /// A row each.
    pub rows: Vec<Coverage>,
}

/// What is committed to in the month of `header`.
///
/// # Errors
/// [`MoneyError`].
pub(crate) fn have(
    header: Header,
    charges: &[Charge],
    inventory: Option<&Inventory>,
    spend: Vec<Drawdown>,
) -> Result<CommitmentsReport, MoneyError> {
    let (month, currency) = (header.month, header.currency);
    let of_month: Vec<&Charge> = charges.iter().filter(|c| c.month == month).collect();
    let usage: Vec<&Charge> = charges.iter().filter(|c| !c.purchase).collect();
    let usage_of_month: Vec<&Charge> = usage.iter().copied().filter(|c| c.month == month).collect();
    let owned = owned(&of_month, currency, inventory)?;
    let by = |dimension: &str,
              all: &[&Charge],
              key: &dyn Fn(&Charge) -> Option<String>|
     -> Result<_, MoneyError> {
        Ok(CoverageBy { dimension: dimension.to_owned(), rows: coverage_by(all, key, currency)? })
    };
    let mut months = by("month", &usage, &|c| Some(c.month.to_string()))?;
    months.rows.sort_by(|a, b| a.key.cmp(&b.key));
    let by = vec![
        by("account", &usage_of_month, &|c| c.sub_account_id.clone())?,
        by("service", &usage_of_month, &|c| c.service_name.clone())?,
        by("family", &usage_of_month, &|c| {
            if c.unused { Some("(unused)".to_owned()) } else { c.family() }
        })?,
        by("region", &usage_of_month, &|c| c.region_id.clone())?,
        months,
    ];
    let total = coverage(None, &usage_of_month, currency)?;
    let notes = notes(&owned, &usage_of_month, inventory, &header);
    Ok(CommitmentsReport { header, owned, total, by, spend, buy: None, notes })
}

fn owned(
    all: &[&Charge],
    currency: Currency,
    inventory: Option<&Inventory>,
) -> Result<Vec<Owned>, MoneyError> {
    let mut by_id: BTreeMap<&str, Vec<&Charge>> = BTreeMap::new();
    for charge in all {
        if let Some(id) = &charge.commitment_discount_id {
            by_id.entry(id).or_default().push(charge);
        }
    }
    let mut out = Vec::with_capacity(by_id.len());
    for (id, charges) in by_id {
        let sum = |of: &dyn Fn(&Charge) -> Option<Money>| {
            Money::try_sum(charges.iter().filter_map(|c| of(c)), currency)
        };
        let used = sum(&|c| Some(c.effective).filter(|_| !c.unused && !c.purchase))?;
        let unused = sum(&|c| Some(c.effective).filter(|_| c.unused))?;
        let cost = used.try_add(unused)?;
        let on_demand_equivalent = sum_if_known(
            charges.iter().copied().filter(|c| is_used(c)),
            |c| c.contracted,
            currency,
        )?;
        let text = |of: fn(&Charge) -> &Option<String>| charges.iter().find_map(|c| of(c).clone());
        out.push(Owned {
            commitment_discount_id: id.to_owned(),
            commitment_discount_name: text(|c| &c.commitment_discount_name),
            commitment_discount_type: text(|c| &c.commitment_discount_type),
            commitment_discount_category: text(|c| &c.commitment_discount_category),
            cost,
            used,
            unused,
            utilization_pct: percent(Some(used.amount()), Some(cost.amount())),
            on_demand_equivalent,
            net_saving: on_demand_equivalent.map(|od| od.try_sub(cost)).transpose()?,
            purchases: sum(&|c| Some(c.billed).filter(|_| c.purchase))?,
            ends_on: inventory.and_then(|i| i.get(resource_key(id))?.get(detail::ENDS_ON)),
        });
    }
    out.sort_by(|a, b| {
        let order =
            |o: &Owned| (std::cmp::Reverse(o.unused.amount()), std::cmp::Reverse(o.cost.amount()));
        order(a)
            .cmp(&order(b))
            .then_with(|| a.commitment_discount_id.cmp(&b.commitment_discount_id))
    });
    Ok(out)
}

/// Whether somebody used it, and a commitment paid.
fn is_used(charge: &Charge) -> bool {
    charge.committed && !charge.unused && !charge.purchase
}

/// A sum of amounts; `None` if any is unknown.
fn sum_if_known<'a>(
    charges: impl Iterator<Item = &'a Charge>,
    of: impl Fn(&Charge) -> Option<Money>,
    currency: Currency,
) -> Result<Option<Money>, MoneyError> {
    let amounts: Option<Vec<Money>> = charges.map(of).collect();
    amounts.map(|all| Money::try_sum(all, currency)).transpose()
}

fn coverage(
    key: Option<String>,
    charges: &[&Charge],
    currency: Currency,
) -> Result<Coverage, MoneyError> {
    // What nobody used is no usage: it has a cost, and no price on demand.
    let usage = || charges.iter().copied().filter(|c| !c.unused);
    let list = sum_if_known(usage(), |c| c.list, currency)?;
    let contracted = sum_if_known(usage(), |c| c.contracted, currency)?;
    let covered = sum_if_known(usage().filter(|c| is_used(c)), |c| c.contracted, currency)?;
    let effective = Money::try_sum(charges.iter().map(|c| c.effective), currency)?;
    let unused =
        Money::try_sum(charges.iter().filter(|c| c.unused).map(|c| c.effective), currency)?;
    // Of other providers the usage on demand is not among the charges: a share of it cannot be
    // told.
    let is_known = charges.iter().all(|c| c.coverable_known());
    let saved = list.map(|l| l.try_sub(effective)).transpose()?;
    let amount = |money: Option<Money>| money.map(|m| m.amount());
    Ok(Coverage {
        key,
        list,
        contracted,
        effective,
        covered,
        unused,
        coverage_pct: percent(amount(covered), amount(contracted)).filter(|_| is_known),
        effective_savings_rate_pct: percent(amount(saved), amount(list)),
        commitment_saving: contracted.map(|c| c.try_sub(effective)).transpose()?,
        negotiated_saving: list.zip(contracted).map(|(l, c)| l.try_sub(c)).transpose()?,
    })
}

fn coverage_by(
    all: &[&Charge],
    key: &dyn Fn(&Charge) -> Option<String>,
    currency: Currency,
) -> Result<Vec<Coverage>, MoneyError> {
    let mut groups: BTreeMap<Option<String>, Vec<&Charge>> = BTreeMap::new();
    for charge in all {
        groups.entry(key(charge)).or_default().push(charge);
    }
    let mut rows = groups
        .into_iter()
        .map(|(key, some)| coverage(key, &some, currency))
        .collect::<Result<Vec<_>, _>>()?;
    rows.sort_by(|a, b| {
        b.effective.amount().cmp(&a.effective.amount()).then_with(|| a.key.cmp(&b.key))
    });
    Ok(rows)
}

fn notes(
    owned: &[Owned],
    usage: &[&Charge],
    inventory: Option<&Inventory>,
    header: &Header,
) -> Vec<String> {
    let mut notes = Vec::new();
    if usage.is_empty() {
        notes.push(
            "the bill has no usage that commitments of AWS can pay for, and names no commitments"
                .to_owned(),
        );
    }
    if usage.iter().any(|c| c.committed && c.commitment_discount_id.is_none()) {
        let what = "usage that a commitment paid for, without CommitmentDiscountId: it counts as covered, and is of no commitment";
        notes.push(what.to_owned());
    }
    if usage.iter().any(|c| !c.unused && (c.list.is_none() || c.contracted.is_none())) {
        notes.push(
            "ListCost or ContractedCost is unknown for some of the usage: rates that need it are unknown".to_owned(),
        );
    }
    if usage.iter().any(|c| !c.coverable_known()) {
        let what = "which usage on demand commitments could pay for is known of AWS alone: coverage of other providers is unknown";
        notes.push(what.to_owned());
    }
    let named: BTreeSet<&str> =
        owned.iter().map(|o| resource_key(&o.commitment_discount_id)).collect();
    let silent = [Kind::ReservedInstances, Kind::SavingsPlan]
        .into_iter()
        .flat_map(|kind| inventory.into_iter().flat_map(move |known| known.of_kind(kind.clone())));
    let silent = silent.filter(|r| {
        let active = r.state.as_deref().is_none_or(|s| s == "active");
        let runs = r.get(detail::ENDS_ON).is_none_or(|end| end > header.month.first_day());
        let began = r.created_on.is_none_or(|start| start < header.month.end());
        active && runs && began && !named.contains(resource_key(&r.resource_id))
    });
    let count = silent.count();
    if count > 0 {
        notes.push(format!(
            "{count} commitment{} of the inventory {} not named by the bill of {}: what it was used for is unknown",
            if count == 1 { "" } else { "s" },
            if count == 1 { "is" } else { "are" },
            header.month
        ));
    }
    if owned.iter().any(|o| o.ends_on.is_none()) {
        notes.push(
            "the end of a term is known from the inventory alone (`cost pull aws`)".to_owned(),
        );
    }
    notes
}
