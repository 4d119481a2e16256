//! Shared code of checks that move a database or a cache to another class of the same size.

use rust_decimal::Decimal;

use super::meter::instance_type;
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, ResourceUse};
use crate::checks::aws::ec2::alternative::{at_least, same_size};
use crate::checks::aws::ec2::machine::widened;
use crate::checks::shared::cheaper;
use crate::checks::shared::plain::{Found, Look, PlainCheck};
use crate::cloud::aws::long;
use crate::inventory::{Kind, Resource, detail};
use crate::opportunity::{Evidence, Opportunity};
use crate::price::{EstimatedPrice, InstanceType};
use crate::rightsizing::MEMORY_LIMIT_PCT;
use crate::usage::Metric;

/// The lowest EBS bandwidth of a new class, as a percentage of the current bandwidth. Chosen (ADR
/// 0018): Graviton 2 and 3 have 630 Mbit/s where Intel has 650.
const LEAST_EBS_PCT: Decimal = Decimal::from_parts(95, 0, 0, false, 0);

/// Returns the memory of a node class, GiB.
///
/// # Errors
/// If it is unknown.
pub(in crate::checks) fn memory_gib(cx: &Context<'_>, class: &str) -> Result<Decimal, String> {
    let mib = cx.prices.class_memory_mib(class).and_then(Decimal::from_f64_retain);
    Ok(mib.ok_or("the memory of its node type is unknown")? / Decimal::from(1024))
}

/// A managed service whose classes are named after EC2 types, and whose prices are listed by engine
/// and class.
pub(in crate::checks) struct Managed {
    /// The prefix of class names before the name of the EC2 type, such as `db.`.
    pub(in crate::checks) prefix: &'static str,
    /// What the texts call such a resource.
    pub(in crate::checks) noun: &'static str,
    /// Returns the engine by its name in the price list, or the reason why no price applies.
    pub(in crate::checks) engine: fn(&Resource) -> Result<String, String>,
    /// Whether its data is stored on EBS.
    pub(in crate::checks) on_ebs: bool,
    /// Returns the group whose members change together; `None` if it has none.
    pub(in crate::checks) group: for<'a> fn(&'a Context<'_>, &'a ResourceUse) -> Option<&'a str>,
    /// Returns the name of what changes.
    pub(in crate::checks) label: for<'a> fn(&'a Context<'_>, &'a ResourceUse) -> &'a str,
}

/// Returns whether the first type is a replacement that the check looks for, for the second type.
pub(in crate::checks) type IsSought = fn(&InstanceType, &InstanceType) -> bool;

/// Returns the class of a database or cache, such as `db.r5.2xlarge`: from the inventory, or from
/// its usage type, which may shorten `xlarge`.
pub(in crate::checks) fn class_of(cx: &Context<'_>, used: &ResourceUse) -> String {
    let known = cx.resource(&used.resource_id).and_then(|d| d.instance_type.clone());
    known.unwrap_or_else(|| long(instance_type(used).unwrap_or("")))
}

/// Returns the cheapest class of the same size that the check looks for and that is no worse in
/// any known property.
pub(in crate::checks) fn another(
    cx: &Context<'_>,
    used: &ResourceUse,
    of: &Managed,
    is_sought: IsSought,
) -> Look {
    let class = class_of(cx, used);
    let today = class.strip_prefix(of.prefix).and_then(|t| cx.prices.instance_type(t));
    let today = today.ok_or("the EC2 type in the name of its class is unknown")?;
    let new: Vec<&InstanceType> = cx
        .prices
        .instance_types()
        .filter(|new| is_sought(new, today) && is_no_worse(new, today, of))
        .collect();
    if new.is_empty() {
        return Ok(None);
    }
    let known = cx
        .resource(&used.resource_id)
        .ok_or("billed, but not in the inventory: its engine is unknown")?;
    let engine = (of.engine)(known)?;
    let prices = Prices::of(cx, used, &engine, &class)?;
    let named = |t: &InstanceType| format!("{}{}", of.prefix, t.instance_type);
    let full = memory_use(cx, used, of);
    let fitting = new.into_iter().map(named).filter(|c| holds_memory(cx, full, &class, c));
    // A class without a price is not offered for this engine and region.
    let offered: Vec<(EstimatedPrice, String)> =
        fitting.filter_map(|c| Some((prices.then(cx, &c)?, c))).collect();
    if offered.is_empty() {
        prices.listed()?;
    }
    let cheaper_ones = offered.into_iter().filter(|(then, _)| then.usd < prices.now);
    let cheapest = cheaper_ones.min_by(|(a, x), (b, y)| (a.usd, x).cmp(&(b.usd, y)));
    Ok(cheapest.map(|(then, new)| Found {
        share: cheaper(prices.now, then.usd),
        uncertain: false,
        title: format!("Move {} {} from {class} to {new}", of.noun, (of.label)(cx, used)),
        facts: prices.evidence(engine.clone(), &then),
        change: Some(("class", class.clone(), new)),
    }))
}

/// Label of the evidence of an estimated price.
const ESTIMATED: &str = "new price is estimated";

/// Prices of the classes of one engine in one region, per hour in USD.
struct Prices<'a> {
    region: &'a str,
    engine: &'a str,
    class: &'a str,
    /// Price of the current class: from the list, else the list price in the bill.
    now: Decimal,
    /// Why the list has no price of the current class; the prices of others are then estimated.
    missing: Option<String>,
}

impl<'a> Prices<'a> {
    fn of(
        cx: &Context<'_>,
        used: &'a ResourceUse,
        engine: &'a str,
        class: &'a str,
    ) -> Result<Self, String> {
        let region = used.region_id.as_str();
        let missing = match list_price(cx, used, engine, class) {
            Ok(now) => return Ok(Self { region, engine, class, now, missing: None }),
            Err(reason) => reason,
        };
        let billed = used.now().list_unit_price().filter(|usd| *usd > Decimal::ZERO);
        match billed.filter(|_| cx.usd_bill(class).is_ok()) {
            Some(now) => {
                Ok(Self { region, engine, class, now: now.round_dp(9), missing: Some(missing) })
            }
            None => Err(missing),
        }
    }

    /// Returns the price of another class; `None` if it is unknown.
    fn then(&self, cx: &Context<'_>, class: &str) -> Option<EstimatedPrice> {
        let item = |class: &str| format!("{} {class}", self.engine);
        if self.missing.is_none() {
            let usd = cx.list(self.region, &item(class)).ok()?;
            return Some(EstimatedPrice { usd, low: usd, high: usd, regions: 0 });
        }
        let reference = (item(self.class), self.now);
        let reference = (reference.0.as_str(), reference.1);
        cx.prices.estimated_storage(self.region, reference, &item(class)).ok()
    }

    /// Returns an error with the reason if the list has no price of the current class.
    fn listed(&self) -> Result<(), String> {
        self.missing.clone().map_or(Ok(()), Err)
    }

    fn evidence(&self, engine: String, then: &EstimatedPrice) -> Vec<Evidence> {
        let source = if self.missing.is_some() { "bill" } else { "price list" };
        let mut facts = vec![
            Evidence::new("engine", engine, "inventory"),
            Evidence::new("current price, USD per hour", self.now.normalize(), source),
            Evidence::new("new price, USD per hour", then.usd.normalize(), "price list"),
        ];
        if self.missing.is_some() {
            let text = format!(
                "{} to {} USD per hour: the price list lacks this region, so relations of {} other regions × the list price in the bill",
                then.low.normalize(),
                then.high.normalize(),
                then.regions
            );
            facts.push(Evidence::new(ESTIMATED, text, "price list, bill"));
        }
        facts
    }
}

/// A check that finds another class with [`another`]. If the prices are estimated, the savings have
/// the interval of the estimate.
pub(in crate::checks) struct ClassCheck {
    pub(in crate::checks) check: PlainCheck,
    pub(in crate::checks) of: &'static Managed,
}

impl Check for ClassCheck {
    fn meta(&self) -> &'static CheckMeta {
        self.check.meta
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let group = |used: &ResourceUse| (self.of.group)(cx, used).map(str::to_owned);
        let mut out = self.check.run_by(cx, group)?;
        for o in std::mem::take(&mut out.opportunities) {
            out.opportunities.push(self.with_interval(cx, o)?);
        }
        Ok(out)
    }
}

impl ClassCheck {
    /// Returns the opportunity with the interval of its estimated price, if it has one.
    fn with_interval(
        &self,
        cx: &Context<'_>,
        mut o: Opportunity,
    ) -> Result<Opportunity, CheckError> {
        let change = o.change.clone().filter(|_| o.evidence.iter().any(|e| e.label == ESTIMATED));
        let used = cx.of_resource(&o.subject).iter().find(|u| (self.check.wanted)(u));
        let engine = cx.resource(&o.subject).and_then(|known| (self.of.engine)(known).ok());
        let (Some(change), Some(used), Some(engine)) = (change, used, engine) else {
            return Ok(o);
        };
        let prices = Prices::of(cx, used, &engine, &change.from).ok();
        if let Some((prices, then)) = prices.and_then(|p| p.then(cx, &change.to).map(|t| (p, t))) {
            let share = |usd: Decimal| cheaper(prices.now, usd);
            let limits = Some((share(then.high), share(then.low)));
            o.claims = widened(o.claims, share(then.usd), limits)?;
        }
        Ok(o.summed(cx.currency())?)
    }
}

/// Returns the list price of a class of an engine. If it is unknown, the reason is the same for all
/// classes of the engine, so that reports can group it.
pub(in crate::checks) fn list_price(
    cx: &Context<'_>,
    used: &ResourceUse,
    engine: &str,
    class: &str,
) -> Result<Decimal, String> {
    let region = &used.region_id;
    cx.list(region, &format!("{engine} {class}")).map_err(|unknown| {
        format!(
            "prices of {engine} classes in {region} are missing or incomplete: {} (run `cost pull aws` to collect them)",
            unknown.why
        )
    })
}

/// Returns whether a type has the same size as another and is no worse for the service.
fn is_no_worse(new: &InstanceType, old: &InstanceType, of: &Managed) -> bool {
    // For types on CPU credits, CoreMark only measures the burst speed.
    let as_fast = old.burstable == Some(true)
        || at_least(
            new.coremark_iterations_per_s,
            old.coremark_iterations_per_s,
            Decimal::ONE_HUNDRED,
        );
    same_size(new, old)
        && as_fast
        && (!of.on_ebs || at_least(new.ebs_baseline_mbps, old.ebs_baseline_mbps, LEAST_EBS_PCT))
}

/// Returns the memory use in percent, 99th percentile of the hourly maxima: that of the fullest
/// member of its group. `None` if a member was not measured.
fn memory_use(cx: &Context<'_>, used: &ResourceUse, of: &Managed) -> Option<f64> {
    let pct = |id: &str| cx.busy(id).and_then(|busy| busy.percentile(Metric::MemoryMax, 99));
    let Some(group) = (of.group)(cx, used) else { return pct(&used.resource_id) };
    let members =
        cx.inventory.into_iter().flat_map(|i| i.of_kind(Kind::CacheCluster)).filter(|m| {
            m.get(detail::REPLICATION_GROUP) == Some(group)
                && m.sub_account_id == used.sub_account_id
        });
    members.map(|m| pct(&m.resource_id)).try_fold(0.0_f64, |most, pct| Some(most.max(pct?)))
}

/// Returns whether a class has enough memory: no less than now, or the measured use stays under the
/// limit.
fn holds_memory(cx: &Context<'_>, full: Option<f64>, old: &str, new: &str) -> bool {
    let (Some(old), Some(new)) = (cx.prices.class_memory_mib(old), cx.prices.class_memory_mib(new))
    else {
        return false;
    };
    new >= old || full.is_some_and(|pct| pct * old / new <= MEMORY_LIMIT_PCT)
}
