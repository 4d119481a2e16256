//! Shared code of checks on EC2 instances: their operating system, their price, and the trade-offs
//! of changing their type.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::check::{Context, Pricing, ResourceUse};
use crate::checks::aws::meter::box_usage;
use crate::checks::aws::scaling_group::group_of;
use crate::cloud::aws::{Ec2Type, crossed};
use crate::cloud::{Crossing, Provider};
use crate::inventory::detail;
use crate::money::{Money, MoneyError, Savings};
use crate::opportunity::{Change, Claim, Draft};
use crate::price::{Edition, InstanceType, System, UnknownPrice};
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

/// A cache of the catalogs by region and operating system.
#[derive(Default)]
pub(in crate::checks) struct Catalogues<'a> {
    listed: BTreeMap<(String, &'static str), Catalogue<'a>>,
    /// Also by the type in use and its price, which the estimates start from.
    estimated: BTreeMap<(String, &'static str, String, Decimal), Catalogue<'a>>,
}

impl<'a> Catalogues<'a> {
    pub(in crate::checks) fn of(
        &mut self,
        cx: &Context<'a>,
        region: &str,
        system: System,
    ) -> &Catalogue<'a> {
        self.listed
            .entry((region.to_owned(), system.name()))
            .or_insert_with(|| Catalogue::new(Provider::Aws, cx.prices, region, system))
    }

    /// Returns the catalog for replacing a machine: with list prices, or if its own price is not in
    /// the list, with estimated ones.
    pub(in crate::checks) fn for_machine(
        &mut self,
        cx: &Context<'a>,
        region: &str,
        of: Machine<'_>,
    ) -> &Catalogue<'a> {
        if !of.estimated {
            return self.of(cx, region, of.system);
        }
        let reference = (of.today.instance_type.as_str(), of.price);
        let key = (region.to_owned(), of.system.name(), reference.0.to_owned(), of.price);
        self.estimated.entry(key).or_insert_with(|| {
            Catalogue::estimated(Provider::Aws, cx.prices, region, reference, of.system)
        })
    }
}

/// An instance as billed: its type, its operating system, and its on-demand price per hour in USD.
#[derive(Clone, Copy)]
pub(in crate::checks) struct Machine<'a> {
    pub(in crate::checks) today: &'a InstanceType,
    pub(in crate::checks) system: System,
    pub(in crate::checks) price: Decimal,
    /// Whether the price list lacks the type in its region: `price` is the bill's list price, and
    /// prices of other types are estimated from it.
    pub(in crate::checks) estimated: bool,
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
    Ok(Machine { today, system, price, estimated: false })
}

/// Returns as [`machine`], also in regions and of types that the price list lacks: then with the
/// bill's list price, and with the operating system of the inventory.
///
/// # Errors
/// [`UnknownPrice`] if the type, its list price in the bill, or its operating system is unknown.
pub(in crate::checks) fn machine_or_estimate<'a>(
    cx: &Context<'a>,
    used: &ResourceUse,
) -> Result<Machine<'a>, UnknownPrice> {
    let unknown = match machine(cx, used) {
        Ok(machine) => return Ok(machine),
        Err(unknown) => unknown,
    };
    let today = box_usage(used).and_then(|t| cx.prices.instance_type(t));
    let billed = used.now().list_unit_price().filter(|usd| *usd > Decimal::ZERO);
    let platform = cx.resource(&used.resource_id).and_then(|r| r.get(detail::PLATFORM));
    let (Some(today), Some(price), Some(system)) = (today, billed, platform.and_then(system_named))
    else {
        return Err(unknown);
    };
    let name = &today.instance_type;
    // A listed price that differs from the bill means another license, not another region.
    if cx.usd_bill(name).is_err() || cx.prices.on_demand_linux(&used.region_id, name).is_ok() {
        return Err(unknown);
    }
    Ok(Machine { today, system, price: price.round_dp(9), estimated: true })
}

/// Returns the operating system that EC2 calls by this name, if its surcharge is known. AWS, Amazon
/// EC2 User Guide, "AMI billing information fields". Read 2026-11.
fn system_named(platform: &str) -> Option<System> {
    match platform {
        "Linux/UNIX" => Some(System::Linux),
        "Windows" => Some(System::Windows),
        "Red Hat Enterprise Linux" => Some(System::Rhel),
        "SUSE Linux" => Some(System::Suse),
        "SQL Server Web" => Some(System::LinuxSql(Edition::Web)),
        "SQL Server Standard" => Some(System::LinuxSql(Edition::Standard)),
        "SQL Server Enterprise" => Some(System::LinuxSql(Edition::Enterprise)),
        "Windows with SQL Server Web" => Some(System::WindowsSql(Edition::Web)),
        "Windows with SQL Server Standard" => Some(System::WindowsSql(Edition::Standard)),
        "Windows with SQL Server Enterprise" => Some(System::WindowsSql(Edition::Enterprise)),
        _ => None,
    }
}

/// Widens the savings of claims by the interval of an estimated price: the shares of the cost that
/// the highest and the lowest price save, relative to the expected share. `None` for a list price.
///
/// # Errors
/// [`MoneyError`].
pub(in crate::checks) fn widened(
    claims: Vec<Claim>,
    expected: Decimal,
    shares: Option<(Decimal, Decimal)>,
) -> Result<Vec<Claim>, MoneyError> {
    let Some((low, high)) = shares else { return Ok(claims) };
    let wide = |mut claim: Claim| -> Result<Claim, MoneyError> {
        let Savings { low: least, expected: mean, high: most } = claim.savings;
        let factor = |share: Decimal| share.max(Decimal::ZERO).checked_div(expected);
        let least = least.try_mul(factor(low).unwrap_or_default())?;
        let most = most.try_mul(factor(high).unwrap_or(Decimal::ONE))?.try_min(claim.spend)?;
        claim.savings = Savings::try_new(least, mean, most)?;
        Ok(claim)
    };
    claims.into_iter().map(wide).collect()
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

/// Adds that the new price is estimated, with its interval.
pub(in crate::checks) fn estimated(draft: Draft, range: Option<(Decimal, Decimal)>) -> Draft {
    let Some((low, high)) = range else { return draft };
    let text = format!(
        "{} to {} USD per hour: the price list lacks this region, so relations of other regions × the list price in the bill",
        low.normalize(),
        high.normalize()
    );
    draft.evidence("new price is estimated", text, "price list, bill")
}

/// Adds the evidence of a change of type: current cost, current price, and new price.
pub(in crate::checks) fn prices(draft: Draft, now: Decimal, then: Decimal, spend: Money) -> Draft {
    draft
        .evidence("current cost, per month", spend, "bill")
        .evidence("current price, USD per hour", now.normalize(), "price list")
        .evidence("new price, USD per hour", then.normalize(), "price list")
}
