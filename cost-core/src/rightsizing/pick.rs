//! Choice of a machine type from the catalog.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::credits;
use super::demand::Demand;
use super::{CPU_LIMIT_PCT, LEAST_EBS_MBPS, MEMORY_LIMIT_PCT};
use crate::cloud::{Cloud, Crossing, Provider, cloud};
use crate::opportunity::Variant;
use crate::price::{InstanceType, PriceBook, System};

/// Limits of the choice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reach {
    /// Upper limit of CPU at the 99th percentile of hourly maxima, percent.
    pub cpu_limit_pct: f64,
    /// Upper limit of memory, percent.
    pub memory_limit_pct: f64,
    /// Safe: only the same class (m, c, r, …), processor maker and burstability, on the same
    /// hypervisor. Balanced: any class and maker of the same architecture, also types on CPU
    /// credits and flex types, if the credits last. Bold: also the other architecture.
    pub variant: Variant,
    /// Whether a type as fast as the current one is accepted, regardless of the limit. It must have
    /// its full CPU at all times: CPU credits of a machine above the limit run out.
    pub keep_speed: bool,
    /// Smallest network bandwidth as a share of the current one, if it was not measured.
    pub unmeasured_network: f64,
    /// Smallest EBS bandwidth, Mbit/s, unless the current one is less, also if less was measured.
    pub least_ebs_mbps: f64,
}

impl Reach {
    /// Returns the limits of a variant.
    #[must_use]
    pub fn of(variant: Variant) -> Self {
        Self {
            cpu_limit_pct: CPU_LIMIT_PCT,
            memory_limit_pct: MEMORY_LIMIT_PCT,
            variant,
            keep_speed: true,
            unmeasured_network: 0.5,
            least_ebs_mbps: LEAST_EBS_MBPS,
        }
    }
}

/// Machine type that fits.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// Machine type.
    pub machine: &'a InstanceType,
    /// On-demand price, USD per hour.
    pub usd_per_hour: Decimal,
    /// 99th percentile of hourly CPU maxima on it, with the trend, percent.
    pub cpu_p99_pct: f64,
    /// Share of the observed hours whose maximum would have been above the limit, percent.
    pub hours_above_pct: f64,
    /// Memory in use on it at the 99th percentile, percent; `None` if memory was not measured.
    pub memory_p99_pct: Option<f64>,
}

/// Types of a cloud's region with their prices, cheapest first; if equal, the newest, then the
/// fastest.
#[derive(Clone, Debug)]
pub struct Catalogue<'a> {
    cloud: &'static dyn Cloud,
    types: Vec<(&'a InstanceType, Decimal)>,
    /// Low and high prices of estimated types, by name.
    ranges: BTreeMap<&'a str, (Decimal, Decimal)>,
}

impl<'a> Catalogue<'a> {
    /// Returns the types of a provider whose on-demand price for an operating system is known.
    #[must_use]
    pub fn new(provider: Provider, book: &'a PriceBook, region: &str, system: System) -> Self {
        let priced =
            |t: &'a InstanceType| Some((t, book.on_demand(region, &t.instance_type, system).ok()?));
        let all = book.instance_types().filter_map(priced).collect();
        Self::sorted(cloud(provider), all, BTreeMap::new())
    }

    /// Returns the types of a region whose price list is incomplete. Missing prices are estimated
    /// from a reference type whose price there is known: [`PriceBook::estimated_on_demand`].
    #[must_use]
    pub fn estimated(
        provider: Provider,
        book: &'a PriceBook,
        region: &str,
        reference: (&str, Decimal),
        system: System,
    ) -> Self {
        let mut ranges = BTreeMap::new();
        let mut all = Vec::new();
        for t in book.instance_types() {
            let name = t.instance_type.as_str();
            if let Ok(usd) = book.on_demand(region, name, system) {
                all.push((t, usd));
            } else if let Ok(of) = book.estimated_on_demand(region, reference, name, system) {
                all.push((t, of.usd));
                ranges.insert(name, (of.low, of.high));
            }
        }
        Self::sorted(cloud(provider), all, ranges)
    }

    fn sorted(
        cloud: &'static dyn Cloud,
        mut all: Vec<(&'a InstanceType, Decimal)>,
        ranges: BTreeMap<&'a str, (Decimal, Decimal)>,
    ) -> Self {
        all.sort_by(|(a, x), (b, y)| {
            let rank =
                |m: &InstanceType| (cloud.generation(m), m.coremark_iterations_per_s, m.memory_mib);
            x.cmp(y)
                .then_with(|| rank(b).cmp(&rank(a)))
                .then_with(|| a.instance_type.cmp(&b.instance_type))
        });
        Self { cloud, types: all, ranges }
    }

    /// Returns the low and high price of a type, USD per hour, if its price is estimated.
    #[must_use]
    pub fn range(&self, name: &str) -> Option<(Decimal, Decimal)> {
        self.ranges.get(name).copied()
    }

    /// Returns the types, cheapest first.
    pub fn types(&self) -> impl Iterator<Item = (&'a InstanceType, Decimal)> + '_ {
        self.types.iter().copied()
    }

    /// Returns the naming rules of its types.
    #[must_use]
    pub fn cloud(&self) -> &'static dyn Cloud {
        self.cloud
    }
}

/// Returns the cheapest type for a demand, if one costs less than `price`, the current one.
#[must_use]
pub fn pick<'a>(
    catalogue: &Catalogue<'a>,
    (today, price): (&InstanceType, Decimal),
    demand: &Demand,
    reach: &Reach,
) -> Option<Choice<'a>> {
    fitting(catalogue, (today, price), demand, reach).next()
}

/// Returns the types for a demand that cost less than `price`, the current one, cheapest first.
pub(super) fn fitting<'a>(
    catalogue: &Catalogue<'a>,
    (today, price): (&InstanceType, Decimal),
    demand: &Demand,
    reach: &Reach,
) -> impl Iterator<Item = Choice<'a>> {
    let cheaper = catalogue.types().take_while(move |(_, usd)| *usd < price);
    let cloud = catalogue.cloud();
    cheaper.filter_map(move |(machine, usd)| fits(cloud, machine, usd, today, demand, reach))
}

/// Returns the cheapest type for a demand among those that `wanted` accepts, whatever it costs. It
/// keeps the limits even if the current type exceeds them: `keep_speed` does not apply.
#[must_use]
pub fn enough<'a>(
    catalogue: &Catalogue<'a>,
    today: &InstanceType,
    demand: &Demand,
    reach: &Reach,
    wanted: impl Fn(&InstanceType) -> bool,
) -> Option<Choice<'a>> {
    let reach = Reach { keep_speed: false, ..*reach };
    let mut types = catalogue.types().filter(|(machine, _)| wanted(machine));
    types.find_map(|(machine, usd)| fits(catalogue.cloud(), machine, usd, today, demand, &reach))
}

/// Returns the types to offer, safest first. Each saves more than the one before.
#[must_use]
pub fn options<'a>(
    catalogue: &Catalogue<'a>,
    today: (&InstanceType, Decimal),
    demand: &Demand,
    reach: impl Fn(Variant) -> Reach,
) -> Vec<(Variant, Choice<'a>)> {
    let mut found: Vec<(Variant, Choice<'a>)> = Vec::new();
    for variant in [Variant::Safe, Variant::Balanced, Variant::Bold] {
        let Some(choice) = pick(catalogue, today, demand, &reach(variant)) else { continue };
        if found.last().is_none_or(|(_, last)| choice.usd_per_hour < last.usd_per_hour) {
            found.push((variant, choice));
        }
    }
    found
}

fn fits<'a>(
    cloud: &dyn Cloud,
    machine: &'a InstanceType,
    usd_per_hour: Decimal,
    today: &InstanceType,
    demand: &Demand,
    reach: &Reach,
) -> Option<Choice<'a>> {
    let coremark = machine.speed()?;
    let memory = f64::from(u32::try_from(machine.memory_mib?).ok()?);
    let same_kind = !machine.architectures.is_empty()
        && machine.bare_metal == today.bare_metal
        && machine.local_storage_gb >= today.local_storage_gb;
    if !same_kind || !is_within_reach(cloud, machine, today, reach.variant) {
        return None;
    }
    // Use the current limit or the project's limit, whichever requires less.
    let cpu = demand.on(coremark, demand.cpu_p99_pct * demand.trend.factor);
    let as_fast =
        reach.keep_speed && coremark >= demand.coremark && cloud.credits(machine).is_none();
    let memory_needed =
        (demand.memory_mib * 100.0 / reach.memory_limit_pct).max(demand.least_memory_mib);
    let network = machine.number(machine.network_baseline_gbps);
    // If it was not measured, or not on every member, a share of today's is needed as well.
    let unmeasured = today
        .number(today.network_baseline_gbps)
        .filter(|_| !demand.network_known)
        .map_or(0.0, |n| n * reach.unmeasured_network);
    let network_needed = demand.network_gbps.unwrap_or(0.0).max(unmeasured);
    let ebs = |m: &InstanceType| m.number(m.ebs_baseline_mbps);
    // Today's bandwidth is sufficient even if the measured peaks are above it.
    let ebs_wanted = demand.ebs_mbps.unwrap_or(0.0).max(reach.least_ebs_mbps);
    let ebs_needed = ebs(today).map_or(0.0, |mbps| mbps.min(ebs_wanted));
    let enough = (cpu <= reach.cpu_limit_pct || as_fast)
        && memory >= memory_needed
        && (network_needed <= 0.0 || network.is_some_and(|n| n >= network_needed))
        && (ebs_needed <= 0.0 || ebs(machine).is_some_and(|mbps| mbps >= ebs_needed));
    let on = |pct: &f64| demand.on(coremark, *pct * demand.trend.factor);
    if !enough || !credits::last(cloud.credits(machine), demand.hourly_mean_pct.iter().map(on)) {
        return None;
    }
    let above = demand
        .hourly_max_pct
        .iter()
        .filter(|pct| demand.on(coremark, **pct) > CPU_LIMIT_PCT)
        .count();
    let hours = demand.hourly_max_pct.len().max(1);
    Some(Choice {
        machine,
        usd_per_hour,
        cpu_p99_pct: cpu,
        hours_above_pct: 100.0 * crate::usage::as_f64(above) / crate::usage::as_f64(hours),
        memory_p99_pct: demand.memory_known.then(|| 100.0 * demand.memory_mib / memory),
    })
}

/// Returns whether a variant may move a machine from the current type to another.
fn is_within_reach(
    cloud: &dyn Cloud,
    machine: &InstanceType,
    today: &InstanceType,
    variant: Variant,
) -> bool {
    let furthest = match variant {
        Variant::Safe => Crossing::Nothing,
        Variant::Balanced => Crossing::Drivers,
        Variant::Bold => Crossing::Architecture,
    };
    let bursts = |of: &InstanceType| cloud.credits(of).is_some();
    let is_alike = || cloud.is_one_line(machine, today) && bursts(machine) == bursts(today);
    cloud.crossing(today, machine).is_some_and(|crossed| crossed <= furthest)
        && (variant != Variant::Safe || is_alike())
}
