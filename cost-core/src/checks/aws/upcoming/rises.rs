//! Resources in extended support whose price rises within the horizon: from year 3 on.
//!
//! In:  monthly resource rows of extended support of years 1 and 2; versions in the inventory or in
//!      usage types; the calendar of support dates.
//! Out: one cost to come per resource or cluster.

use super::calendar::{Calendar, Horizon};
use super::together::{Amounts, Part, together};
use super::units::Item;
use super::version::Version;
use crate::check::{CheckError, CheckOutput, Context, ResourceUse};
use crate::checks::aws::meter::kind;
use crate::upcoming::{UpcomingCost, UpcomingKind};

/// Returns whether a usage is extended support of years 1 and 2.
fn is_of_year_1(used: &ResourceUse) -> bool {
    let kind = kind(used);
    kind.contains("ExtendedSupport") && (kind.contains("Yr1-Yr2") || kind.contains("Yr1_Yr2"))
}

/// Returns the costs that rise. The price of year 3 is twice that of years 1 and 2, so the additional
/// cost is what is paid now (`cost-core/data/lifecycle/SOURCES.md`).
pub(super) fn costs(
    cx: &Context<'_>,
    out: &mut CheckOutput,
) -> Result<Vec<UpcomingCost>, CheckError> {
    let calendar = match Calendar::bundled() {
        Ok(calendar) => calendar,
        Err(e) => {
            out.skip("", e);
            return Ok(Vec::new());
        }
    };
    let horizon = Horizon::of(cx);
    let mut parts = Vec::new();
    for used in cx.named(is_of_year_1, out)? {
        if cx.ended(&used.resource_id).is_some() {
            continue;
        }
        let version = Version::in_usage_type(used)
            .map_or_else(|| Version::of(cx.resource(&used.resource_id)), |v| Ok(Some(v)));
        let (version, dates) = match calendar.dated(version) {
            Ok(Some(found)) => found,
            Ok(None) => continue,
            Err(reason) => {
                out.skip(&used.resource_id, reason);
                continue;
            }
        };
        let Some(from) = dates.year_3_from.filter(|day| horizon.holds(*day)) else { continue };
        let amounts = Some(Ok(Amounts {
            first: used.now().spend()?,
            later: None,
            basis: "the price of year 3 is twice that of years 1 and 2, so it is the cost of extended support in the month under review, scaled to 730 h".to_owned(),
        }));
        let item = item(used);
        parts.push(Part { used, item, version, dates, from, later_from: None, amounts });
    }
    Ok(together(cx, UpcomingKind::ExtendedSupportRises, parts)?)
}

fn item(used: &ResourceUse) -> Item {
    let is_document = used.service_name.as_deref().is_some_and(|s| s.contains("DocumentDB"));
    match kind(used) {
        k if k.contains("NodeUsage") => Item::CacheNode,
        k if k.contains("ASv2") => Item::ServerlessAcu,
        _ if is_document => Item::DocumentVcpu,
        _ => Item::RdsVcpu,
    }
}
