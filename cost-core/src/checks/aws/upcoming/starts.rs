//! Resources whose standard support ends within the horizon: from the next day on, extended support
//! is billed, or AWS upgrades them.
//!
//! In:  monthly resource rows of database, node, and cluster hours; versions in the inventory; the
//!      calendar of support dates, and the prices of extended support.
//! Out: one cost to come, or one automatic upgrade, per resource or cluster.
//! Not here: what is billed already (checks `extended_support_*`).

use chrono::NaiveDate;

use super::calendar::{Calendar, Horizon};
use super::policy::is_upgraded;
use super::rate::Rates;
use super::together::{Amounts, Part, together};
use super::units::{Item, item_of, per_month};
use super::version::Version;
use crate::check::{CheckError, CheckOutput, Context, ResourceUse};
use crate::checks::aws::meter::kind;
use crate::checks::aws::rds::aurora::known_cluster;
use crate::money::{Money, MoneyError};
use crate::upcoming::{UpcomingCost, UpcomingKind};

/// Returns the costs that start, and the upgrades that AWS makes instead.
pub(super) fn costs(
    cx: &Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<UpcomingCost>, CheckError> {
    let (calendar, rates) = match (Calendar::bundled(), Rates::bundled()) {
        (Ok(calendar), Ok(rates)) => (calendar, rates),
        (Err(e), _) | (_, Err(e)) => {
            out.skip("", e);
            return Ok(Vec::new());
        }
    };
    let horizon = Horizon::of(cx);
    let (mut parts, mut upgrades) = (Vec::new(), Vec::new());
    let all = cx.named(|u| item_of(u).is_some(), out)?;
    if cx.inventory.is_none() && !all.is_empty() {
        out.skip("", "needs the versions in the inventory, which the estate does not have");
        return Ok(Vec::new());
    }
    for used in all {
        let Some(item) = item_of(used) else { continue };
        if cx.ended(&used.resource_id).is_some() {
            continue;
        }
        let known = known_cluster(cx, &used.resource_id);
        let (version, dates) = match calendar.dated(Version::of(known)) {
            Ok(Some(found)) => found,
            Ok(None) => continue,
            Err(reason) => {
                out.skip(&used.resource_id, reason);
                continue;
            }
        };
        if is_billed(cx, used) {
            continue;
        }
        if is_upgraded(cx, used, item) {
            let from =
                dates.standard_ends.filter(|day| horizon.is_past(*day) || horizon.holds(*day));
            upgrades.extend(from.map(|from| Part {
                used,
                item,
                version,
                dates,
                from,
                later_from: None,
                amounts: None,
            }));
            continue;
        }
        let Some(from) = dates.paid_from else { continue };
        if horizon.is_past(from) {
            out.skip(&used.resource_id, not_billed(&version, dates.standard_ends));
        } else if horizon.holds(from) {
            let amounts = Some(amounts(cx, &rates, used, item)?);
            let later_from = dates.year_3_from;
            parts.push(Part { used, item, version, dates, from, later_from, amounts });
        }
    }
    let mut costs = together(cx, UpcomingKind::ExtendedSupportStarts, parts)?;
    costs.extend(together(cx, UpcomingKind::AutomaticUpgrade, upgrades)?);
    Ok(costs)
}

/// Returns whether extended support is billed for the resource.
fn is_billed(cx: &Context<'_>, used: &ResourceUse) -> bool {
    let is_extended = |u: &ResourceUse| kind(u).to_lowercase().contains("extendedsupport");
    cx.of_resource(&used.resource_id).iter().any(is_extended)
}

fn not_billed(version: &Version, ended: Option<NaiveDate>) -> String {
    let ended = ended.map_or_else(String::new, |day| format!(" on {day}"));
    format!(
        "standard support of {} ended{ended}, but the bill has no extended support for it: check its version, and whether its extended support is billed elsewhere",
        version.title()
    )
}

/// Returns the cost per month of 730 h, or why it is unknown.
fn amounts(
    cx: &Context<'_>,
    rates: &Rates,
    used: &ResourceUse,
    item: Item,
) -> Result<Result<Amounts, String>, MoneyError> {
    let units = match per_month(cx, used, item) {
        Ok(units) => units,
        Err(reason) => return Ok(Err(reason)),
    };
    let rate = match rates.of(cx, used, item) {
        Ok(rate) => rate,
        Err(reason) => return Ok(Err(reason)),
    };
    let of = |price| Money::new(price, cx.currency()).try_mul(units);
    Ok(Ok(Amounts {
        first: of(rate.year_1)?,
        later: rate.year_3.map(of).transpose()?,
        basis: format!(
            "hours of the month under review, scaled to 730 h, × price per {}",
            rate.unit
        ),
    }))
}
