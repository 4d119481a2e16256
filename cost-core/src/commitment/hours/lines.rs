//! Builds usage lines and owned commitments from groups.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::group::{
    CATEGORY, Group, ID, OF_LINE, PER_QUANTITY, PROVIDER, SERVICE, STATUS, TYPE, Texts,
};
use super::{CoveredUsage, HourlyUsage, OwnedHours, UsageLine, Window};
use crate::cloud::{Provider, account_of_id};
use crate::money::{MoneyError, decimal_from_scaled};

/// Returns the usage of all groups. `spread` is the number of line items that cover more than an
/// hour.
pub(super) fn usage(
    groups: &BTreeMap<Texts, Group>,
    window: Window,
    spread: u64,
) -> Result<HourlyUsage, MoneyError> {
    let mut owned: BTreeMap<String, OwnedHours> = BTreeMap::new();
    for (key, group) in groups {
        let Some(id) = &key[ID] else { continue };
        let account = account_of_id(id)
            .map(str::to_owned)
            .or_else(|| key[0].clone().filter(|_| key[STATUS].as_deref() == Some("Unused")));
        let of = owned.entry(id.clone()).or_insert_with(|| OwnedHours {
            id: id.clone(),
            kind: String::new(),
            provider: Provider::of(key[PROVIDER].as_deref()),
            account: None,
            cost: vec![0; window.hours()],
        });
        if of.kind.is_empty() {
            of.kind = key[TYPE].clone().unwrap_or_default();
        }
        of.account = of.account.take().or(account);
        for (sum, cost) in of.cost.iter_mut().zip(&group.effective_by_hour) {
            *sum = sum.checked_add(*cost).ok_or(MoneyError::Overflow)?;
        }
    }
    let places: BTreeMap<&str, usize> =
        owned.keys().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
    let (lines, excluded) = lines(groups, &places)?;
    Ok(HourlyUsage { window, lines, owned: owned.into_values().collect(), spread, excluded })
}

/// Returns the lines, and what was excluded.
fn lines(
    groups: &BTreeMap<Texts, Group>,
    places: &BTreeMap<&str, usize>,
) -> Result<(Vec<UsageLine>, Vec<String>), MoneyError> {
    let mut by_line: BTreeMap<&[Option<String>], Vec<(&Texts, &Group)>> = BTreeMap::new();
    let (mut excluded, mut nameless) = (BTreeSet::new(), false);
    for (key, group) in groups {
        let is_committed = key[ID].is_some() || key[CATEGORY].as_deref() == Some("Committed");
        if key[STATUS].as_deref() == Some("Unused") {
            continue;
        }
        if is_committed && key[ID].is_none() {
            nameless = true;
            continue;
        }
        by_line.entry(&key[OF_LINE]).or_default().push((key, group));
    }
    if nameless {
        excluded
            .insert("usage that a commitment covered, but without CommitmentDiscountId".to_owned());
    }
    let mut lines = Vec::new();
    for (key, groups) in by_line {
        let usage_type = key[2].clone().unwrap_or_default();
        match line(key, &groups, places)? {
            Ok(line) => lines.extend(line),
            Err(why) => {
                excluded.insert(format!("{usage_type}: {why}"));
            }
        }
    }
    Ok((lines, excluded.into_iter().collect()))
}

/// A line, `None` if nothing was used, or the reason why there is no line.
type MaybeLine = Result<Option<UsageLine>, &'static str>;

fn line(
    key: &[Option<String>],
    groups: &[(&Texts, &Group)],
    places: &BTreeMap<&str, usize>,
) -> Result<MaybeLine, MoneyError> {
    let sum = |at: usize| -> Result<Option<Decimal>, MoneyError> {
        if groups.iter().any(|(_, g)| g.unknown[at]) {
            return Ok(None);
        }
        let sum = groups.iter().try_fold(0_i128, |sum, (_, g)| sum.checked_add(g.sums[at]));
        decimal_from_scaled(sum.ok_or(MoneyError::Overflow)?).map(Some)
    };
    let Some(quantity) = sum(0)? else { return Ok(Err("PricingQuantity is null")) };
    if quantity <= Decimal::ZERO {
        return Ok(Ok(None));
    }
    let each =
        |cost: Option<Decimal>| cost.and_then(|c| c.checked_div(quantity)).map(|p| p.round_dp(12));
    let (list, contracted) = (each(sum(1)?), each(sum(2)?));
    // If the bill has neither, the on-demand price is the paid price of usage that no commitment
    // covered.
    let open: Vec<&Group> =
        groups.iter().filter(|(key, _)| key[ID].is_none()).map(|(_, group)| *group).collect();
    let of_open = |at: usize| open.iter().try_fold(0_i128, |sum, g| sum.checked_add(g.sums[at]));
    let paid = match (of_open(3), of_open(0)) {
        (Some(cost), Some(quantity)) => {
            decimal_from_scaled(cost)?.checked_div(decimal_from_scaled(quantity)?)
        }
        _ => None,
    };
    let price = contracted.or(list).or_else(|| paid.map(|p| p.round_dp(12)));
    let Some(on_demand_unit_price) = price.filter(|p| *p >= Decimal::ZERO) else {
        return Ok(Err("its on-demand price is unknown: ContractedCost and ListCost are missing"));
    };
    let hours = groups.first().map_or(0, |(_, g)| g.quantities.len());
    let mut quantities = Vec::with_capacity(hours);
    for hour in 0..hours {
        let sum = groups.iter().try_fold(0_i128, |sum, (_, g)| sum.checked_add(g.quantities[hour]));
        let sum = sum.ok_or(MoneyError::Overflow)?;
        // Later reversals are not usage of that hour.
        quantities
            .push(i64::try_from(sum.max(0) / PER_QUANTITY).map_err(|_| MoneyError::Overflow)?);
    }
    let mut covered: BTreeMap<usize, CoveredUsage> = BTreeMap::new();
    for (key, group) in groups {
        let Some(at) = key[ID].as_deref().and_then(|id| places.get(id)) else { continue };
        let sum = covered.entry(*at).or_default();
        sum.quantity += decimal_from_scaled(group.sums[0])?;
        sum.effective += decimal_from_scaled(group.sums[3])?;
    }
    Ok(Ok(Some(UsageLine {
        account: key[0].clone().unwrap_or_default(),
        region: key[1].clone().unwrap_or_default(),
        usage_type: key[2].clone().unwrap_or_default(),
        provider: Provider::of(key[PROVIDER].as_deref()),
        service: key[SERVICE].clone(),
        operation: key[3].clone(),
        resource_id: key[4].clone(),
        list_unit_price: list,
        on_demand_unit_price,
        quantities,
        covered,
    })))
}
