//! Top rows by dimension, and untagged usage cost.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::span::{Period, Span};
use super::types::{GroupRow, GroupTable, Untagged, UntaggedKey};
use crate::focus::{TAG_PREFIX, TAGGED_COLUMN};
use crate::money::Money;
use crate::rollup::{Dimension, QueryError, Rollup, is_usage};

type ByKey = BTreeMap<Option<String>, Money>;

/// Returns the top rows by a dimension. Account rows include account names.
pub(super) fn by(
    rollup: &Rollup,
    span: &Span,
    dimension: &Dimension,
    (top, names): (usize, &BTreeMap<String, String>),
) -> Result<GroupTable, QueryError> {
    let column = dimension.column();
    let sums = |period: Period| -> Result<ByKey, QueryError> {
        let groups = rollup.cube.sum_by(&[&column], period.is_charge_day())?;
        Ok(groups
            .into_iter()
            .map(|g| (g.keys.into_iter().next().flatten(), g.amounts.effective))
            .collect())
    };
    let this = sums(span.this)?;
    let last = span.last_month.map(sums).transpose()?;
    let year = span.last_year.map(sums).transpose()?;
    let zero = Money::zero(rollup.cube.currency());
    let names = Some(names).filter(|_| *dimension == Dimension::Account);

    // Rows without cost this month count too: they had cost in the previous month.
    let mut keys: Vec<&Option<String>> =
        this.keys().chain(last.iter().flat_map(BTreeMap::keys)).collect();
    keys.sort();
    keys.dedup();
    let cost = |sums: &ByKey, key: &Option<String>| sums.get(key).copied().unwrap_or(zero);
    // By absolute amount, so that a credit is not sorted among rows without cost.
    let size = |sums: Option<&ByKey>, key: &Option<String>| {
        std::cmp::Reverse(sums.map(|sums| cost(sums, key).amount().abs()))
    };
    keys.sort_by_cached_key(|k| (size(Some(&this), k), size(last.as_ref(), k), (*k).clone()));

    let total = Money::try_sum(this.values().copied(), zero.currency())?;
    let row = |keys: &[&Option<String>], key: Option<String>| -> Result<GroupRow, QueryError> {
        let sum =
            |sums: &ByKey| Money::try_sum(keys.iter().map(|k| cost(sums, k)), zero.currency());
        let effective = span.comparison(
            sum(&this)?,
            last.as_ref().map(sum).transpose()?,
            year.as_ref().map(sum).transpose()?,
        )?;
        let name = key.as_ref().and_then(|k| names?.get(k).cloned());
        Ok(GroupRow { key, name, share_pct: effective.this_month.percent_of(total), effective })
    };
    let (shown, others) = keys.split_at(top.min(keys.len()));
    Ok(GroupTable {
        dimension: dimension.clone(),
        rows: shown.iter().map(|k| row(&[*k], (*k).clone())).collect::<Result<_, _>>()?,
        others: (!others.is_empty()).then(|| row(others, None)).transpose()?,
        others_count: others.len(),
    })
}

/// Returns account names by account ID. An account with several names has that of its last day.
pub(crate) fn account_names(rollup: &Rollup) -> Result<BTreeMap<String, String>, QueryError> {
    let mut groups =
        rollup.cube.sum_by(&["SubAccountId", "SubAccountName", "ChargeDay"], lit(true))?;
    groups.retain(|g| g.amounts.line_items > 0);
    groups.sort_by(|a, b| a.key(2).cmp(b.key(2)).then_with(|| a.key(1).cmp(b.key(1))));
    Ok(groups.into_iter().filter_map(|g| Some((g.keys[0].clone()?, g.keys[1].clone()?))).collect())
}

pub(super) fn untagged(rollup: &Rollup, span: &Span) -> Result<Untagged, QueryError> {
    let usage = is_usage().and(span.this.is_charge_day());
    let cost = |filter: Expr| Ok::<_, QueryError>(rollup.cube.total(filter)?.effective);
    let all = cost(usage.clone())?;
    let no_tags = cost(usage.clone().and(col(TAGGED_COLUMN).not()))?;
    let by_key = rollup.cube.tag_keys().iter().map(|key| {
        let without = cost(usage.clone().and(col(format!("{TAG_PREFIX}{key}")).is_null()))?;
        Ok(UntaggedKey { key: key.clone(), cost: without, pct: without.percent_of(all) })
    });
    Ok(Untagged {
        usage: all,
        no_tags,
        no_tags_pct: no_tags.percent_of(all),
        by_key: by_key.collect::<Result<_, QueryError>>()?,
    })
}
