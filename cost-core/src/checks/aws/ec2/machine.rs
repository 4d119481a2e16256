//! Shared code of checks on EC2 instances: their operating system, their price, and the trade-offs
//! of changing their type.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::check::{Context, Pricing, ResourceUse};
use crate::checks::aws::meter::box_usage;
use crate::checks::aws::scaling_group::group_of;
use crate::cloud::aws::{Ec2Type, crossed};
use crate::cloud::{Crossing, Provider};
use crate::money::Money;
use crate::opportunity::{Change, Draft};
use crate::price::{InstanceType, System, UnknownPrice};
use crate::rightsizing::{Catalogue, Choice};
use crate::tradeoff::{Level, Reversibility, TradeOff};

/// Returns whether a usage is instance hours on demand or covered by a commitment. Spot capacity
/// does not count.
pub(in crate::checks) fn is_instance_hours(used: &ResourceUse) -> bool {
    used.pricing != Pricing::Dynamic && box_usage(used).is_some()
}

/// Account, region, and the name or ID of a group or an instance in them.
pub(in crate::checks) type Key = (Option<String>, String, String);

/// Returns the key of an instance or of its group, in the instance's account and region.
pub(in crate::checks) fn key(used: &ResourceUse, name: &str) -> Key {
    (used.sub_account_id.clone(), used.region_id.clone(), name.to_owned())
}

/// Returns the instances that are members of Auto Scaling groups, by group.
pub(in crate::checks) fn by_group<'a>(
    cx: &Context<'_>,
    instances: impl Iterator<Item = &'a ResourceUse>,
) -> BTreeMap<Key, Vec<&'a ResourceUse>> {
    let mut groups: BTreeMap<Key, Vec<&ResourceUse>> = BTreeMap::new();
    for used in instances {
        if let Some(group) = group_of(cx, &used.resource_id) {
            groups.entry(key(used, group)).or_default().push(used);
        }
    }
    groups
}

/// A cache of the catalogs by region and operating system.
#[derive(Default)]
pub(in crate::checks) struct Catalogues<'a>(BTreeMap<(String, &'static str), Catalogue<'a>>);

impl<'a> Catalogues<'a> {
    pub(in crate::checks) fn of(
        &mut self,
        cx: &Context<'a>,
        region: &str,
        system: System,
    ) -> &Catalogue<'a> {
        self.0
            .entry((region.to_owned(), system.name()))
            .or_insert_with(|| Catalogue::new(Provider::Aws, cx.prices, region, system))
    }
}

/// An instance as billed: its type, its operating system, and its on-demand price per hour in USD.
#[derive(Clone, Copy)]
pub(in crate::checks) struct Machine<'a> {
    pub(in crate::checks) today: &'a InstanceType,
    pub(in crate::checks) system: System,
    pub(in crate::checks) price: Decimal,
}

/// Returns the type, operating system, and on-demand price of an instance from its usage.
///
/// # Errors
/// [`UnknownPrice`] if the type is unknown, or if no known price matches its list price.
pub(in crate::checks) fn machine<'a>(
    cx: &Context<'a>,
    used: &ResourceUse,
) -> Result<Machine<'a>, UnknownPrice> {
    let unknown = |why: &str| UnknownPrice { what: used.usage_type.clone(), why: why.to_owned() };
    let today = box_usage(used).and_then(|t| cx.prices.instance_type(t));
    let today = today.ok_or_else(|| unknown("the instance type is unknown"))?;
    let (system, price) = system_of(cx, used, &today.instance_type)?;
    Ok(Machine { today, system, price })
}

/// Returns the operating system of an instance and its on-demand price per hour in USD. It is the
/// first system whose price equals the bill's list price within half a percent. Any other list
/// price means a license that these prices do not contain.
///
/// # Errors
/// [`UnknownPrice`] if the price or the usage's own list price is unknown, or if no known price
/// matches the bill.
pub(in crate::checks) fn system_of(
    cx: &Context<'_>,
    used: &ResourceUse,
    instance_type: &str,
) -> Result<(System, Decimal), UnknownPrice> {
    cx.usd_bill(instance_type)?;
    cx.prices.on_demand_linux(&used.region_id, instance_type)?;
    let billed = used.now().list_unit_price().ok_or_else(|| UnknownPrice {
        what: format!("{instance_type} in {}", used.region_id),
        why: "the bill has no ListCost or PricingQuantity for it".to_owned(),
    })?;
    cx.prices.system_at(&used.region_id, instance_type, billed)
}

/// Returns the trade-off of changing the type.
pub(in crate::checks) fn trade_off(
    cx: &Context<'_>,
    old: &InstanceType,
    new: &InstanceType,
    reason: &str,
) -> TradeOff {
    let maker =
        (new.maker() != old.maker() && crossing(old, new) != Crossing::Architecture).then(|| {
            format!(
                "{} processors instead of {}: check software that is licensed or tuned by processor",
                new.maker(),
                old.maker()
            )
        });
    match crossing(old, new) {
        Crossing::Architecture => rebuild(cx, reason),
        Crossing::Drivers => resize(cx, (Level::Medium, Level::Medium), reason).caveat(maker).caveats(&[
            "Xen to Nitro: the image needs the ENA and NVMe drivers before the change, and device names change",
        ]),
        Crossing::Nothing => resize(cx, (Level::Low, Level::Low), reason).caveat(maker),
    }
}

fn resize(cx: &Context<'_>, (effort, risk): (Level, Level), reason: &str) -> TradeOff {
    TradeOff::new(effort, risk, reason, cx.currency())
        .reliability("none after the move; newer generations have more capacity in most zones")
        .interrupts("for some minutes, during a stop and start")
        .test_first(&[
            "start the same image on the new type in staging and run the service's own checks",
            "if it serves with others, move one instance first and compare latency and CPU over a day",
        ])
        .rollback(&["stop the instance, change the type back, start it"])
}

/// Returns the trade-off of another architecture: a new instance is built, not resized.
fn rebuild(cx: &Context<'_>, reason: &str) -> TradeOff {
    TradeOff::new(Level::High, Level::Medium, reason, cx.currency())
        .reliability("two instances serve during the move; no change after it")
        .no_downtime("none if traffic is shifted step by step; data on its disks must be moved first")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "build the image for the new architecture and run the service's own checks and a load test in staging",
            "let the new instance serve a small part of the traffic and compare latency, errors and CPU over a week",
        ])
        .rollback(&["start the old instance, which stays stopped until the new one has proved reliable, and shift traffic back to it"])
        .caveats(&[
            "another processor architecture: images, packages, and agents must be built for it; AWS cannot change the type in place",
        ])
}

/// Returns what a move between two types requires. Targets are chosen so that the move is possible.
fn crossing(old: &InstanceType, new: &InstanceType) -> Crossing {
    crossed(old, new).unwrap_or(Crossing::Drivers)
}

/// Returns a change of type in machine-readable form, with predictions if a choice is given.
pub(in crate::checks) fn type_change(
    old: &InstanceType,
    new: &InstanceType,
    choice: Option<&Choice<'_>>,
) -> Change {
    let tenths = |value: f64| Decimal::from_f64_retain(value).map(|d| d.round_dp(1).normalize());
    Change {
        what: "instance type".to_owned(),
        from: old.instance_type.clone(),
        to: new.instance_type.clone(),
        predicted_cpu_p99_pct: choice.and_then(|c| tenths(c.cpu_p99_pct)),
        hours_above_70_pct: choice.and_then(|c| tenths(c.hours_above_pct)),
        restart: true,
        architecture_change: crossing(old, new) == Crossing::Architecture,
    }
}

/// Adds the evidence of a change of type: current cost, current price, and new price.
pub(in crate::checks) fn prices(draft: Draft, now: Decimal, then: Decimal, spend: Money) -> Draft {
    draft
        .evidence("current cost, per month", spend, "bill")
        .evidence("current price, USD per hour", now.normalize(), "price list")
        .evidence("new price, USD per hour", then.normalize(), "price list")
}
