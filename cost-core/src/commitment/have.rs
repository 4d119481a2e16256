//! Owned commitments: utilization, net savings, coverage, and ends of terms.
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

/// Report on the commitments of one month, from the bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CommitmentsReport {
    /// Scope and date of the report.
    #[serde(flatten)]
    pub header: Header,
    /// Every commitment in the bill of the month. The one with the highest unused cost is first.
    pub owned: Vec<Owned>,
    /// Total of all eligible usage, and of unused commitments.
    pub total: Coverage,
    /// The same by account, service, family, and region, and by month for the complete bill.
    pub by: Vec<CoverageBy>,
    /// Spend agreements, from the configuration.
    pub spend: Vec<Drawdown>,
    /// Recommended additional purchases. Absent if they cannot be determined; a note has the
    /// reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buy: Option<BuyReport>,
    /// Notes, one line each.
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
    /// Amortized cost: Σ `EffectiveCost` of the usage it covered and of its unused part.
    pub cost: Money,
    /// Σ `EffectiveCost` of the usage it covered.
    pub used: Money,
    /// Σ `EffectiveCost` of its unused part.
    pub unused: Money,
    /// Commitment utilization: used ÷ cost × 100. `None` if the cost is zero.
    pub utilization_pct: Option<Decimal>,
    /// What the covered usage would have cost on demand at contracted prices: Σ `ContractedCost`.
    /// `None` if it is unknown.
    pub on_demand_equivalent: Option<Money>,
    /// Net savings: on-demand equivalent − cost. Negative if too little is used.
    pub net_saving: Option<Money>,
    /// Σ `BilledCost` of its purchases in the month: recurring fees and upfront payments.
    pub purchases: Money,
    /// End of its term, from the inventory. `None` if the inventory does not contain it.
    pub ends_on: Option<NaiveDate>,
}

/// Commitment coverage and savings of eligible usage. Amounts are of the calendar month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Coverage {
    /// The account, service, family, region, or month. `None` for the total, and where the bill has
    /// no value, such as the region of unused Savings Plans. Unused commitments have the family
    /// `(unused)`.
    pub key: Option<String>,
    /// Σ `ListCost` of the usage, at public on-demand prices. `None` if any part is unknown.
    pub list: Option<Money>,
    /// Σ `ContractedCost` of the usage, at negotiated on-demand prices. `None` if any part is
    /// unknown.
    pub contracted: Option<Money>,
    /// Σ `EffectiveCost` of the usage and of unused commitments.
    pub effective: Money,
    /// The part of the contracted cost that commitments covered.
    pub covered: Option<Money>,
    /// The part of the effective cost that is unused commitments.
    pub unused: Money,
    /// Commitment coverage: covered ÷ contracted × 100.
    pub coverage_pct: Option<Decimal>,
    /// Effective savings rate: (1 − effective ÷ list) × 100.
    pub effective_savings_rate_pct: Option<Decimal>,
    /// Savings from commitments: contracted − effective. The unused part reduces it.
    pub commitment_saving: Option<Money>,
    /// Savings from negotiated prices: list − contracted.
    pub negotiated_saving: Option<Money>,
}

/// [`Coverage`] by one dimension. The highest effective cost is first; months are in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CoverageBy {
    /// `account`, `service`, `family`, `region` or `month`.
    pub dimension: String,
    /// One row per value of the dimension.
    pub rows: Vec<Coverage>,
}

/// Returns the report on commitments for the month of `header`.
///
/// # Errors
/// [`MoneyError`] if a sum does not fit.
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

/// Returns whether a charge is usage that a commitment covered.
fn is_used(charge: &Charge) -> bool {
    charge.committed && !charge.unused && !charge.purchase
}

/// Returns a sum of amounts, or `None` if any is unknown.
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
    // An unused commitment is not usage: it has a cost, but no on-demand price.
    let usage = || charges.iter().copied().filter(|c| !c.unused);
    let list = sum_if_known(usage(), |c| c.list, currency)?;
    let contracted = sum_if_known(usage(), |c| c.contracted, currency)?;
    let covered = sum_if_known(usage().filter(|c| is_used(c)), |c| c.contracted, currency)?;
    let effective = Money::try_sum(charges.iter().map(|c| c.effective), currency)?;
    let unused =
        Money::try_sum(charges.iter().filter(|c| c.unused).map(|c| c.effective), currency)?;
    // For other providers, the charges do not include on-demand usage, so the share cannot be
    // determined.
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
            "the bill has no usage that AWS commitments can cover, and contains no commitments"
                .to_owned(),
        );
    }
    if usage.iter().any(|c| c.committed && c.commitment_discount_id.is_none()) {
        let what = "some usage was paid for by a commitment but has no CommitmentDiscountId: it counts as covered, but belongs to no commitment in this report";
        notes.push(what.to_owned());
    }
    if usage.iter().any(|c| !c.unused && (c.list.is_none() || c.contracted.is_none())) {
        notes.push(
            "ListCost or ContractedCost is unknown for some usage: rates that need it are unknown"
                .to_owned(),
        );
    }
    if usage.iter().any(|c| !c.coverable_known()) {
        let what = "eligible on-demand usage is known only for AWS: coverage of other providers is unknown";
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
            "{count} commitment{} of the inventory {} missing from the bill of {}: the utilization is unknown",
            if count == 1 { "" } else { "s" },
            if count == 1 { "is" } else { "are" },
            header.month
        ));
    }
    if owned.iter().any(|o| o.ends_on.is_none()) {
        notes.push(
            "some ends of terms are unknown: only the inventory contains them (run `cost pull aws`)"
                .to_owned(),
        );
    }
    notes
}
