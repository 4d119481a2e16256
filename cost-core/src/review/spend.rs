//! Spend: totals, groups, cost drivers, and invoice totals.

use std::collections::BTreeMap;

use super::bridge::Families;
use super::options::ReviewError;
use super::span::Span;
use super::subject::Subject;
use super::types::{
    BridgeReport, Compared, CostDriver, DayCompleteness, DriverSum, ExchangeReport, GroupTable,
    InvoiceTotal, Projection, Totals, Untagged,
};
use super::{bridge, cost_drivers, drivers, events, exchange, groups, projection, totals};
use crate::rollup::Dimension;

/// Spend of the month.
#[derive(Clone)]
pub(crate) struct SpendSection {
    /// See [`Review::compared`](super::Review::compared).
    pub(super) compared: Compared,
    /// See [`Review::projection`](super::Review::projection).
    pub(super) projection: Option<Projection>,
    /// See [`Review::totals`](super::Review::totals).
    pub(super) totals: Totals,
    /// See [`Review::exchange`](super::Review::exchange).
    pub(super) exchange: Option<ExchangeReport>,
    /// See [`Review::invoices`](super::Review::invoices).
    pub(super) invoices: Vec<InvoiceTotal>,
    /// See [`Review::groups`](super::Review::groups).
    pub(super) groups: Vec<GroupTable>,
    /// See [`Review::cost_drivers`](super::Review::cost_drivers).
    pub(super) cost_drivers: Vec<CostDriver>,
    /// See [`Review::driver_sum`](super::Review::driver_sum).
    pub(super) driver_sum: Option<DriverSum>,
    /// See [`Review::bridge`](super::Review::bridge).
    pub(super) bridge: Option<BridgeReport>,
    /// See [`Review::untagged`](super::Review::untagged).
    pub(super) untagged: Untagged,
}

/// Returns the spend of the month by the requested dimensions. `names` are account names, and
/// `completeness` is that of the last days.
///
/// # Errors
/// [`ReviewError`], for example for a tag key that is not in the roll-up.
pub(crate) fn spend(
    subject: &Subject<'_>,
    names: &BTreeMap<String, String>,
    completeness: &[DayCompleteness],
) -> Result<SpendSection, ReviewError> {
    let Subject { rollup, options, header, .. } = *subject;
    let group_by = dimensions(subject)?;
    let span = Span::new(header, completeness);
    let totals = totals::totals(rollup, &span)?;
    let (mut cost_drivers, driver_sum, bridge) = match span.last_month {
        Some(last) => {
            let families = Families::read(rollup, (&span, last))?;
            let mut cost_drivers = cost_drivers::cost_drivers(rollup, &families, &span, names)?;
            let sum = drivers::sum(&cost_drivers, options.top, &totals)?;
            let shown = options.top.min(cost_drivers.len());
            cost_drivers::add_resources(rollup, (&span, last), &mut cost_drivers[..shown])?;
            let months = (&span, last);
            let look = (options.top, names);
            let bridge = bridge::report((rollup, &families), months, &group_by, look)?;
            (cost_drivers, sum, Some(bridge))
        }
        None => (Vec::new(), None, None),
    };
    let shown = options.top.min(cost_drivers.len());
    events::add(rollup, &span, &mut cost_drivers[..shown])?;
    Ok(SpendSection {
        compared: span.compared_with(totals::left_out_billed(rollup, &span)?),
        projection: projection::projection(rollup, (&span, &totals))?,
        exchange: exchange::report(rollup, &span)?,
        invoices: totals::invoices(rollup)?,
        groups: group_by
            .iter()
            .map(|d| groups::by(rollup, &span, d, (options.top, names)))
            .collect::<Result<_, _>>()?,
        cost_drivers,
        driver_sum,
        bridge,
        totals,
        untagged: groups::untagged(rollup, &span)?,
    })
}

/// Returns the requested dimensions; by default service, account, region, and those of the estate's
/// tag keys that are in the roll-up.
fn dimensions(subject: &Subject<'_>) -> Result<Vec<Dimension>, ReviewError> {
    let has = |key: &String| subject.rollup.cube.tag_keys().contains(key);
    let Some(wanted) = &subject.options.group_by else {
        let own = subject.estate.manifest.iter().flat_map(|m| &m.tag_keys).filter(|key| has(key));
        let mut all = vec![Dimension::Service, Dimension::Account, Dimension::Region];
        all.extend(own.map(|key| Dimension::Tag(key.clone())));
        return Ok(all);
    };
    let missing = wanted.iter().find_map(|d| match d {
        Dimension::Tag(key) if !has(key) => Some(key.clone()),
        _ => None,
    });
    missing.map_or_else(|| Ok(wanted.clone()), |key| Err(ReviewError::UnknownTag(key)))
}
