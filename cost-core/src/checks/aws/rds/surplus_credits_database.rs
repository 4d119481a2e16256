//! Burstable databases that pay for surplus CPU credits, and would cost less as a class with full
//! CPU.
//!
//! In:  monthly resource rows of RDS instance hours and `CPUCredits`; list prices by engine and
//!      class.
//! Out: one `Modify` opportunity per instance.

use rust_decimal::Decimal;

use super::graviton_database::{DATABASE, class_trade_off, runbook};
use super::idle_database::is_there;
use crate::check::{Check, CheckError, CheckMeta, CheckOutput, Context, Group, Input, ResourceUse};
use crate::checks::aws::ec2::alternative::has_full_cpu;
use crate::checks::aws::managed_class::{class_of, list_price};
use crate::checks::aws::meter::kind;
use crate::checks::shared::plain::name_of;
use crate::checks::shared::{Replacement, cost_now, expected, less, spend_of};
use crate::cloud::Provider;
use crate::opportunity::{Action, Draft};
use crate::slice::Slice;
use crate::tradeoff::{Level, TradeOff};

/// Months with surplus credits before a database is reported. Chosen: one busy month passes.
const MONTHS: usize = 2;

/// The check that [`META`] describes.
pub(in crate::checks) struct SurplusCreditsDatabase;

static META: CheckMeta = CheckMeta {
    id: "surplus_credits_database",
    provider: Some(Provider::Aws),
    service: "rds",
    title: "Burstable databases that pay for surplus CPU credits",
    group: Group::OverProvisioned,
    since: "0.2.0",
    needs: &[Input::Inventory],
    permissions: &["rds:DescribeDBInstances", "pricing:GetProducts"],
    columns: &["ResourceId", "SkuMeter"],
    history_months: 2,
    thresholds: &[],
    docs: "\
## What it finds
RDS and Aurora instances (MySQL, MariaDB, PostgreSQL) of burstable classes that were billed for surplus CPU credits (usage type `CPUCredits:db.…`) in
at least two months, and for which a class with full CPU costs less than the instance and its credits together. The new class has the same
architecture and vCPUs, no less memory, network, and CoreMark, and at least 90 % of the EBS bandwidth. The check names the cheapest of these.
Instances that a reservation pays for are skipped.
## How the saving is computed
Per month of 730 h: EffectiveCost of the credits − EffectiveCost of the instance hours × (new price ÷ old price − 1), with list prices for the engine
(`cost pull aws`). Then no credits are billed any more. `low` is with the lowest credits of the last three months, and can be negative.
## Trade-offs
A restart, or a failover with Multi-AZ. If CPU use falls again, the burstable class is cheaper.
## Source
Amazon RDS User Guide, \"DB instance class types\" (burstable classes run in unlimited mode). Amazon RDS pricing, CPU credits by vCPU-hour.
Read 2026-11.",
};

fn is_credits(used: &ResourceUse) -> bool {
    kind(used).starts_with("CPUCredits:db.")
}

/// The current class and the new one, each with its list price per hour.
struct Move {
    old: (String, Decimal),
    new: (String, Decimal),
}

impl Check for SurplusCreditsDatabase {
    fn meta(&self) -> &'static CheckMeta {
        &META
    }

    fn run(&self, cx: &Context<'_>) -> Result<CheckOutput, CheckError> {
        let mut out = CheckOutput::default();
        for credits in cx.named_once(is_credits, &mut out)? {
            let id = &credits.resource_id;
            if credits.months.len() < MONTHS {
                continue;
            }
            let hours: Vec<&ResourceUse> =
                cx.of_resource(id).iter().filter(|u| is_there(u)).collect();
            match hours[..] {
                [] => out.skip(id, "its instance hours are missing from the bill"),
                [used] if used.is_on_demand() => match find(cx, used) {
                    Ok(Some(found)) => judge(cx, used, &found, &mut out)?,
                    Ok(None) => {}
                    Err(reason) => out.skip(id, reason),
                },
                _ => out.skip(id, "a reservation pays for its hours, or its class changed"),
            }
        }
        Ok(out)
    }
}

/// Returns the cheapest class with full CPU that is offered for the engine, or the reason why its
/// price is unknown.
fn find(cx: &Context<'_>, used: &ResourceUse) -> Result<Option<Move>, String> {
    let class = class_of(cx, used);
    let today = class.strip_prefix(DATABASE.prefix).and_then(|t| cx.prices.instance_type(t));
    let today = today.ok_or("the EC2 type in the name of its class is unknown")?;
    let known = cx
        .resource(&used.resource_id)
        .ok_or("billed, but not in the inventory: its engine is unknown")?;
    let engine = (DATABASE.engine)(known)?;
    let now = list_price(cx, used, &engine, &class)?;
    let classes = cx.prices.instance_types().filter(|new| has_full_cpu(new, today));
    let named = classes.map(|t| format!("{}{}", DATABASE.prefix, t.instance_type));
    // A class without a price is not offered for this engine and region.
    let priced = named.filter_map(|c| Some((list_price(cx, used, &engine, &c).ok()?, c)));
    Ok(priced.min().map(|(then, new)| Move { old: (class, now), new: (new, then) }))
}

fn judge(
    cx: &Context<'_>,
    used: &ResourceUse,
    found: &Move,
    out: &mut CheckOutput,
) -> Result<(), CheckError> {
    let id = &used.resource_id;
    let ((class, now), (new, then)) = (&found.old, &found.new);
    // The hours become more expensive. The claim on them, without savings, shows that they change.
    let mut claims = cx.claims(id, is_there, Decimal::ZERO)?;
    let more = spend_of(cx, &claims)?.try_ratio(then - now, *now)?;
    let credits = cx.claims(id, is_credits, Decimal::ONE)?;
    let surplus = spend_of(cx, &credits)?;
    let slice = credits.first().map_or(Slice::Fee, |c| c.slice);
    claims.extend(credits);
    less(&mut claims, slice, Replacement::exactly(more))?;
    if expected(cx, &claims)?.is_zero_or_less() {
        return Ok(());
    }
    let draft = Draft::new(META.id, Action::Modify, id, cx.scope_of(used), trade_off(cx))
        .title(format!("Move database {} from {class} to {new}", name_of(cx, used)))
        .from_to("class", class, new)
        .evidence("surplus credits, per month", surplus, "bill")
        .evidence("current price, USD per hour", now.normalize(), "price list")
        .evidence("new price, USD per hour", then.normalize(), "price list")
        .facts([cost_now(cx, &claims)?])
        .claims(claims);
    out.opportunities.push(runbook(draft, cx, used).finish(cx.currency())?);
    Ok(())
}

fn trade_off(cx: &Context<'_>) -> TradeOff {
    let reason = "the same engine, architecture, and size, with full CPU instead of credits";
    let tests = ["restore a snapshot to the new class and run the service's own checks against it"];
    class_trade_off(cx, (Level::Low, reason), &tests)
        .caveats(&["if its CPU use falls again, the burstable class is cheaper"])
}
