//! The bridge of all charges, and those by dimension.

use std::collections::BTreeMap;

use super::super::span::{Period, Span};
use super::super::types::{Bridge, BridgeReport, BridgeRow, BridgeTable};
use super::read::{Families, FamilyParts, Place, bridge};
use crate::money::MoneyError;
use crate::rollup::{Dimension, QueryError, Rollup};

/// Returns the bridge report. `families` are those of all charges without a tag. Tables have the
/// `top` rows of each of the dimensions that bridges exist for; `names` are account names.
pub(in super::super) fn report(
    (rollup, families): (&Rollup, &Families),
    (span, last_month): (&Span, Period),
    dimensions: &[Dimension],
    (top, names): (usize, &BTreeMap<String, String>),
) -> Result<BridgeReport, QueryError> {
    let currency = rollup.cube.currency();
    let total = bridge(&families.all, currency)?;
    let mut by = Vec::new();
    for dimension in dimensions {
        let of_tag;
        let all = match dimension {
            Dimension::Tag(_) => {
                let column = dimension.column();
                of_tag = families.by_tag(rollup, (span, last_month), &column)?;
                &of_tag
            }
            _ => &families.all,
        };
        let Some(value) = value(dimension) else { continue };
        let names = Some(names).filter(|_| *dimension == Dimension::Account);
        by.push(table(all, (dimension, value), (top, names), rollup)?);
    }
    Ok(BridgeReport {
        days_last_month: last_month.days(),
        days_this_month: span.this.days(),
        by_resource: families.by_resource,
        total,
        by,
    })
}

/// Returns the value of a dimension in a scope; `None` for a dimension without bridges: an effect
/// of price or mix needs all usage types and pricing categories of a service.
fn value(dimension: &Dimension) -> Option<fn(&Place) -> &Option<String>> {
    Some(match dimension {
        Dimension::Service => |place| &place.service,
        Dimension::Account => |place| &place.account,
        Dimension::Region => |place| &place.region,
        Dimension::Provider => |place| &place.provider,
        Dimension::Tag(_) => |place| &place.tag,
        Dimension::UsageType | Dimension::ChargeCategory | Dimension::PricingCategory => {
            return None;
        }
    })
}

fn table(
    all: &[FamilyParts],
    (dimension, value): (&Dimension, fn(&Place) -> &Option<String>),
    (top, names): (usize, Option<&BTreeMap<String, String>>),
    rollup: &Rollup,
) -> Result<BridgeTable, QueryError> {
    let currency = rollup.cube.currency();
    let mut groups: BTreeMap<&Option<String>, Vec<&FamilyParts>> = BTreeMap::new();
    for of in all {
        groups.entry(value(&of.place)).or_default().push(of);
    }
    let row = |(key, of): (&Option<String>, Vec<&FamilyParts>)| {
        let name = key.as_ref().and_then(|k| names?.get(k).cloned());
        Ok(BridgeRow { key: key.clone(), name, bridge: bridge(of, currency)? })
    };
    let mut rows: Vec<BridgeRow> =
        groups.into_iter().map(row).collect::<Result<_, MoneyError>>()?;
    rows.sort_by(|a, b| {
        let size = |row: &BridgeRow| row.bridge.change.amount().abs();
        size(b).cmp(&size(a)).then_with(|| a.key.cmp(&b.key))
    });
    let others = rows.split_off(top.min(rows.len()));
    Ok(BridgeTable {
        dimension: dimension.clone(),
        others: (!others.is_empty())
            .then(|| Bridge::sum(others.iter().map(|row| &row.bridge), currency))
            .transpose()?,
        others_count: others.len(),
        rows,
    })
}
