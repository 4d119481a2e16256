//! What checks on EC2 instances share: what runs on them, what they could be, and how the type is
//! changed.

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

/// Hours of instances that stay on when somebody changes their type: on demand or covered, not
/// spot.
pub(in crate::checks) fn is_instance_hours(used: &ResourceUse) -> bool {
    used.pricing != Pricing::Dynamic && box_usage(used).is_some()
}

/// Account, region, and the name or id of something in them.
pub(in crate::checks) type Key = (Option<String>, String, String);

/// Something that an instance is, or is a member of, in the instance's account and region.
pub(in crate::checks) fn key(used: &ResourceUse, name: &str) -> Key {
    (used.sub_account_id.clone(), used.region_id.clone(), name.to_owned())
}

/// The instances that are members of Auto Scaling groups, by group.
pub(in crate::checks) fn by_group<'a>(
    cx: &Context<'_>,
    instances: impl IntoIterator<Item = &'a ResourceUse>,
) -> BTreeMap<Key, Vec<&'a ResourceUse>> {
    let mut groups: BTreeMap<Key, Vec<&ResourceUse>> = BTreeMap::new();
    for used in instances {
        if let Some(group) = group_of(cx, &used.resource_id) {
            groups.entry(key(used, group)).or_default().push(used);
        }
    }
    groups
}

/// Prices of a region and system, made once.
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

/// An instance as the bill has it: its type, what runs on it, and what an hour of it costs on
/// demand.
#[derive(Clone, Copy)]
pub(in crate::checks) struct Machine<'a> {
    pub(in crate::checks) today: &'a InstanceType,
    pub(in crate::checks) system: System,
    pub(in crate::checks) price: Decimal,
}

/// What an instance's usage is of.
///
/// # Errors
/// [`UnknownPrice`] if nothing is known of the type, or its list price is that of nothing known.
pub(in crate::checks) fn machine<'a>(
    cx: &Context<'a>,
    used: &ResourceUse,
) -> Result<Machine<'a>, UnknownPrice> {
    let unknown = |why: &str| UnknownPrice { what: used.usage_type.clone(), why: why.to_owned() };
    let today = box_usage(used).and_then(|t| cx.prices.instance_type(t));
    let today = today.ok_or_else(|| unknown("nothing is known of the instance type"))?;
    let (system, price) = system_of(cx, used, &today.instance_type)?;
    Ok(Machine { today, system, price })
}

/// What runs on an instance, by its list price, and what an hour of it costs on demand: the first
/// system whose price is that of the bill within half a percent. Another list price means a license
/// for which these prices say nothing.
///
/// # Errors
/// [`UnknownPrice`] if the price or the usage's own list price is unknown, or no known price is the
/// bill's.
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

/// What changing the type asks.
pub(in crate::checks) fn trade_off(
    cx: &Context<'_>,
    old: &InstanceType,
    new: &InstanceType,
    reason: &str,
) -> TradeOff {
    let maker =
        (new.maker() != old.maker() && crossing(old, new) != Crossing::Architecture).then(|| {
            format!(
                "{} instead of {} processors: check software licensed or tuned for them",
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
        .reliability("none once moved; newer generations have more capacity in most zones")
        .interrupts("a stop and start, some minutes")
        .test_first(&[
            "start the same image on the new type in staging and run the service's own checks",
            "move one instance of a group first and compare latency and CPU over a day",
        ])
        .rollback(&["stop the instance, change the type back, start it"])
}

/// Another architecture is another machine: it is built, not resized.
fn rebuild(cx: &Context<'_>, reason: &str) -> TradeOff {
    TradeOff::new(Level::High, Level::Medium, reason, cx.currency())
        .reliability("two machines serve during the move; once moved as before")
        .no_downtime("none if traffic is shifted step by step; data on its disks must be moved first")
        .undo(Reversibility::WithEffort)
        .test_first(&[
            "build the image for the new architecture and run the service's own checks and a load test in staging",
            "let the new instance serve a small part of the traffic and compare latency, errors and CPU over a week",
        ])
        .rollback(&["shift traffic back to the old instance, which stays, stopped, until the new one has proved itself"])
        .caveats(&[
            "another processor architecture: images, packages and agents must be built for it; AWS does not change the type in place",
        ])
}

/// What a move between two types crosses. Targets are chosen so that it is never nothing that
/// nobody should make.
fn crossing(old: &InstanceType, new: &InstanceType) -> Crossing {
    crossed(old, new).unwrap_or(Crossing::Drivers)
}

/// A change of type for programs; with a choice, what is predicted of it.
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

/// Facts of a change of type.
pub(in crate::checks) fn prices(draft: Draft, now: Decimal, then: Decimal, spend: Money) -> Draft {
    draft
        .evidence("cost now, per month", spend, "bill")
        .evidence("price now, USD per hour", now.normalize(), "price list")
        .evidence("price then, USD per hour", then.normalize(), "price list")
}
