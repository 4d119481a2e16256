//! Shared code of checks for extended support: the surcharge of services for versions past their
//! standard support.

use rust_decimal::Decimal;

use super::meter::kind;
use crate::check::{Context, ResourceUse};
use crate::checks::shared::plain::Found;
use crate::inventory::detail;
use crate::opportunity::Evidence;
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// Returns whether a usage is extended support of the service with this word in its usage type or
/// in its name in bills, such as `OpenSearch`.
pub(in crate::checks) fn is_of(used: &ResourceUse, service: &str) -> bool {
    let name = used.service_name.as_deref().unwrap_or("");
    kind(used).contains("ExtendedSupport")
        && (kind(used).contains(service) || name.contains(service))
}

/// Returns the finding: an upgrade saves the complete surcharge. `what` names the resource.
pub(in crate::checks) fn upgrade(cx: &Context<'_>, used: &ResourceUse, what: &str) -> Found {
    let known = cx.resource(&used.resource_id);
    let version = known.and_then(|r| {
        Some(format!("{} {}", r.get(detail::ENGINE)?, r.get(detail::ENGINE_VERSION)?))
    });
    Found {
        share: Decimal::ONE,
        uncertain: false,
        title: format!("Upgrade {what} out of extended support"),
        facts: vec![
            Evidence::new("billed as", &used.usage_type, "bill"),
            Evidence::new(
                "version",
                version.unwrap_or_else(|| "not in the inventory".to_owned()),
                "inventory",
            ),
        ],
        change: None,
    }
}

/// Returns the trade-off of a major version upgrade in place, which cannot be undone in place.
pub(in crate::checks) fn upgrade_trade_off(cx: &Context<'_>, interrupts: &str) -> TradeOff {
    let reason = "a major version changes behavior: test clients and queries";
    TradeOff::new(Level::High, Level::Medium, reason, cx.currency())
        .reliability("better after the upgrade: a version in standard support gets all fixes")
        .interrupts(interrupts)
        .undo(Reversibility::WithEffort)
        .test_first(&["restore a snapshot to a copy, upgrade the copy, and run the application's tests against it"])
        .rollback(&["restore the snapshot made before the upgrade to a new resource, and point clients to it: it does not contain later writes"])
}
